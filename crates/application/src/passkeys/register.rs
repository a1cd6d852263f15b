//! Registers a passkey.

use selfsame_domain::{
    Action, Claim, Difference, Factor, OpaqueToken, Passkey, RequestContext, User, Violation, passkey,
};
use selfsame_ports::{Mail, NewCredential, StorageError, Unique};
use serde_json::Value;

use super::{PasskeyError, PasskeySignals, begin_registration::registration_bond, ceremony::CHALLENGE_TTL};
use crate::{
    Caller, Core,
    account::{Account, Event},
    core::Work,
};

/// Submits what the browser answered to the options of [`super::BeginPasskeyRegistration`].
#[derive(Clone, Debug)]
pub struct RegisterPasskey {
    /// The name for the passkey, as typed; a default one if it is empty.
    pub name: String,
    /// The answer: `RegistrationResponseJSON`.
    pub response: Value,
    /// The request: for audit and limits.
    pub context: RequestContext,
}

/// A passkey was registered.
#[derive(Clone, Debug)]
pub struct RegisteredPasskey {
    /// The passkey.
    pub passkey: Passkey,
    /// Arguments of the signals.
    pub signals: PasskeySignals,
    /// The account with it.
    pub user: User,
    /// The new cookie of a browser.
    pub new_cookie: Option<OpaqueToken>,
}

impl RegisterPasskey {
    /// Consumes the challenge, verifies the answer, stores the passkey under a credential id that no account has (R36, R37),
    /// and tells every verified address (R25). The ceremony verified the user, so it is a proof by the passkey for the
    /// caller's sign-in too; a browser gets a new cookie (R40).
    pub fn execute(&self, core: &Core, caller: &Caller) -> Result<RegisteredPasskey, PasskeyError> {
        let webauthn = core.webauthn().ok_or(PasskeyError::Off)?;
        let name = passkey::name(&self.name)
            .map_err(|rule| PasskeyError::Invalid(Violation::new(Claim::PasskeyName, rule).into()))?;
        core.spend(&core.passkey_budget(caller.user.id))?;
        let challenge = webauthn.read_registration(&self.response)?;
        let state = core.take_ceremony::<PasskeyError>(&self.context, &registration_bond(caller), &challenge)?;
        let state = state.ok_or(PasskeyError::UnknownChallenge)?;
        let credential = webauthn.finish_registration(&state, &self.response)?;
        let passkey = new_passkey(core, caller, name, credential);
        let (user, new_cookie) = core.unit(&self.context, |work| {
            let mut account = lock_to_change(core, work, caller)?;
            let existing = usize::try_from(work.passkeys().count(account.id)?).unwrap_or(usize::MAX);
            core.may_register_passkey(&account, existing)?;
            let before = core.before_change(work, &account)?;
            work.passkeys().insert(&passkey).map_err(|error| match error {
                StorageError::Taken(Unique::Passkey) => PasskeyError::AlreadyRegistered,
                other => other.into(),
            })?;
            account.enrol(Factor::Passkey, core.clock.now());
            core.notify(work, &account, &Mail::PasskeyAdded, &before)?;
            let event = Event::of_user(Action::PasskeyAdded, account.id, caller.principal.sign_in_id);
            let change = Difference { pointer: pointer(&passkey), old: Value::Null, new: passkey.name.clone().into() };
            core.record(work, &mut account, event.with(vec![change]));
            let new_cookie = core.raise_assurance(work, caller, Factor::Passkey)?;
            account.save(work)?;
            Ok::<_, PasskeyError>((account.into_user(), new_cookie))
        })?;
        let passkeys = core.storage.read()?.passkeys(user.id)?;
        let signals = core.passkey_signals(webauthn.rp_id(), &user, &passkeys);
        Ok(RegisteredPasskey { passkey, signals, user, new_cookie })
    }
}

fn new_passkey(core: &Core, caller: &Caller, name: String, credential: NewCredential) -> Passkey {
    Passkey {
        id: core.id(),
        user_id: caller.user.id,
        credential_id: credential.credential_id,
        public_key: credential.public_key,
        name,
        transports: credential.transports,
        sign_count: credential.sign_count,
        is_backup_eligible: credential.is_backup_eligible,
        is_backed_up: credential.is_backed_up,
        created_at: core.clock.now(),
        last_used_at: None,
        use_count: 0,
    }
}

/// The caller's account, locked, as long as the proof with which the ceremony was begun is good for it. A factor that was
/// enrolled meanwhile is demanded (R33).
fn lock_to_change(core: &Core, work: &mut Work<'_>, caller: &Caller) -> Result<Account, PasskeyError> {
    let account = Account::lock_caller(work, caller)?.ok_or(PasskeyError::Unauthenticated)?;
    let max_age = core.policy.step_up + CHALLENGE_TTL;
    caller.principal.require_step_up(&account.enrolled, core.clock.now(), max_age)?;
    Ok(account)
}

/// Where the audit trail has the name of a passkey.
pub(super) fn pointer(passkey: &Passkey) -> String {
    format!("/passkeys/{}/name", passkey.id)
}
