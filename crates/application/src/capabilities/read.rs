//! Reads the capabilities of the caller: for each claim and action whether it would be done now, and why not.
//!
//! Every answer comes from the functions that the use cases themselves call (`may_…` for the state of the account,
//! `require_step_up` and `authorize_…` for the proof). Budgets are left out: they say when, not whether.

use std::convert::Infallible;

use selfsame_domain::{
    Claim, Export, FieldRight, FieldRights, Identifier, IdentifierKind, Means, Passkey, Readiness, RequestContext,
    Rule, Totp,
};

use crate::{
    Caller, Core, Fault,
    deletion::schedule::ScheduleDeletionError,
    devices::remember::{RememberDeviceError, may_remember},
    exports::{
        download::{DownloadExportError, may_download},
        list::LISTED,
        request::{RequestExportError, may_request},
    },
    identifiers::{
        add::{AddIdentifierError, may_add},
        make_primary::{MakePrimary, MakePrimaryError},
        remove::{RemoveIdentifierError, may_remove},
        send_code::{SendCodeError, may_send},
    },
    passkeys::{PasskeyError, remove::may_lose_last},
    password::remove::{self as password, RemovePasswordError},
    second_factors::{
        backup_codes::{MakeBackupCodesError, may_make},
        begin_sms::{BeginSmsError, may_begin_any},
        begin_totp::{BeginTotpError, may_begin},
        remove_sms::{self as sms, RemoveSmsError},
        remove_totp::{self as totp, RemoveTotpError},
    },
    sessions::principal::StepUpRequired,
    undo::hold::Removed,
};

/// Asks for them.
#[derive(Clone, Copy, Debug)]
pub struct ReadCapabilities;

/// Whether something would be done now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Capability<E> {
    /// Why the account as it is does not allow it.
    pub refusal: Option<E>,
    /// The proof that the caller must make before.
    pub step_up: Option<StepUpRequired>,
}

/// What a user may do with a claim.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldCapability {
    /// The claim's name of OpenID Connect.
    pub claim: &'static str,
    /// The operator's right.
    pub right: FieldRight,
    /// Whether it may be changed now, by the rule that forbids it.
    pub change: Capability<Rule>,
}

/// What may be done with an address or number.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IdentifierCapabilities {
    /// The address or number.
    pub identifier: Identifier,
    /// To send a code to it.
    pub verify: Capability<SendCodeError>,
    /// To make it the primary one.
    pub make_primary: Capability<MakePrimaryError>,
    /// To remove it.
    pub remove: Capability<RemoveIdentifierError>,
}

/// What may be done with a passkey.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PasskeyCapabilities {
    /// The passkey.
    pub passkey: Passkey,
    /// To give it another name.
    pub rename: Capability<PasskeyError>,
    /// To remove it.
    pub remove: Capability<PasskeyError>,
}

/// What may be done with an export.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExportCapabilities {
    /// The export.
    pub export: Export,
    /// To download its archive.
    pub download: Capability<DownloadExportError>,
}

/// All of them.
#[derive(Clone, Debug)]
pub struct Capabilities {
    /// The claims.
    pub fields: Vec<FieldCapability>,
    /// To add an e-mail address.
    pub add_email: Capability<AddIdentifierError>,
    /// To add a phone number.
    pub add_phone: Capability<AddIdentifierError>,
    /// The addresses and numbers that the user sees, oldest first.
    pub identifiers: Vec<IdentifierCapabilities>,
    /// To set a password, with the current one if there is one.
    pub set_password: Capability<Infallible>,
    /// To remove the password.
    pub remove_password: Capability<RemovePasswordError>,
    /// To enrol an authenticator app, perhaps in place of another one.
    pub enrol_totp: Capability<BeginTotpError>,
    /// To remove the authenticator app.
    pub remove_totp: Capability<RemoveTotpError>,
    /// To enrol a phone number as second factor, perhaps in place of another one.
    pub enrol_sms: Capability<BeginSmsError>,
    /// To remove the phone number from the second factors.
    pub remove_sms: Capability<RemoveSmsError>,
    /// To make backup codes.
    pub make_backup_codes: Capability<MakeBackupCodesError>,
    /// To change the second-factor policy.
    pub change_policy: Capability<Infallible>,
    /// To register a passkey.
    pub add_passkey: Capability<PasskeyError>,
    /// The passkeys, oldest first.
    pub passkeys: Vec<PasskeyCapabilities>,
    /// To remember the device.
    pub remember_device: Capability<RememberDeviceError>,
    /// To request an export.
    pub request_export: Capability<RequestExportError>,
    /// The exports, the newest first.
    pub exports: Vec<ExportCapabilities>,
    /// To request the deletion of the account.
    pub schedule_deletion: Capability<ScheduleDeletionError>,
    /// The ways into the account, and those that remain after a loss.
    pub readiness: Readiness,
}

impl<E> Capability<E> {
    fn new(state: Result<(), E>, proof: Result<(), StepUpRequired>) -> Self {
        Self { refusal: state.err(), step_up: proof.err() }
    }

    /// Whether it would be done now.
    pub fn is_allowed(&self) -> bool {
        self.refusal.is_none() && self.step_up.is_none()
    }
}

impl Capabilities {
    /// The proof that something needs, if anything does.
    pub fn required_proof(&self) -> Option<StepUpRequired> {
        let proofs = [
            &self.add_email.step_up,
            &self.change_policy.step_up,
            &self.request_export.step_up,
            &self.schedule_deletion.step_up,
        ];
        proofs.into_iter().flatten().next().cloned()
    }
}

impl ReadCapabilities {
    /// Reads them; one statement, another one if the account has a passkey, and one if it has an authenticator app and new
    /// credentials are held back.
    pub fn execute(self, core: &Core, caller: &Caller) -> Result<Capabilities, Fault> {
        let (user, now) = (&caller.user, core.clock.now());
        let mut queries = core.storage.read()?;
        let exports = queries.exports(user.id, LISTED)?;
        let passkeys = if user.has_passkey() { queries.passkeys(user.id)? } else { Vec::new() };
        let is_held = user.has_totp() && !core.policy.new_credential_hold.is_zero();
        let totp = if is_held { queries.totp(user.id)? } else { None };
        drop(queries);
        let held = |removed| core.check_hold(user, totp.as_ref(), &passkeys, removed);
        let usable = if core.has_passkeys() { passkeys.len() } else { 0 };
        let means = Means {
            requires_verified_email: core.policy.require_verified_email,
            signs_in_by_phone: core.policy.signs_in_by_phone(),
        };
        let recent = || core.require_step_up(caller);
        let first_password =
            if user.has_password() { Ok(()) } else { core.authorize_first_password(&caller.principal, user) };
        Ok(Capabilities {
            fields: FieldRights::CLAIMS.into_iter().map(|claim| field(core, caller, claim)).collect(),
            add_email: Capability::new(may_add(core, user, IdentifierKind::Email), recent()),
            add_phone: Capability::new(may_add(core, user, IdentifierKind::Phone), recent()),
            identifiers: core
                .policy
                .fields
                .shown(user)
                .identifiers
                .iter()
                .map(|own| identifier(core, caller, own, &held))
                .collect(),
            set_password: Capability::new(Ok(()), first_password),
            remove_password: Capability::new(
                password::may_remove(user).and_then(|()| Ok(held(Removed::Whole)?)),
                recent(),
            ),
            enrol_totp: Capability::new(may_begin(user, true), recent()),
            remove_totp: Capability::new(
                totp::may_remove(user, false).and_then(|()| Ok(held(Removed::Totp)?)),
                recent(),
            ),
            enrol_sms: Capability::new(may_begin_any(core, user), recent()),
            remove_sms: Capability::new(sms::may_remove(user).and_then(|()| Ok(held(sms::removed(user))?)), recent()),
            make_backup_codes: Capability::new(may_make(user), recent()),
            change_policy: Capability::new(Ok(()), core.authorize_policy(caller, user)),
            add_passkey: Capability::new(core.may_register_passkey(user, passkeys.len()), recent()),
            remember_device: Capability::new(may_remember(user), recent()),
            request_export: Capability::new(may_request(&exports, now), core.authorize_export(caller)),
            exports: exports
                .into_iter()
                .map(|export| ExportCapabilities {
                    download: Capability::new(may_download(&export, now), core.authorize_export(caller)),
                    export,
                })
                .collect(),
            schedule_deletion: Capability::new(
                held(Removed::Whole).map_err(Into::into),
                core.authorize_deletion(caller),
            ),
            readiness: Readiness::of(user, usable, means),
            passkeys: of_passkeys(core, caller, &passkeys, totp.as_ref()),
        })
    }
}

/// Whether a claim may be changed, to whatever value is valid.
fn field(core: &Core, caller: &Caller, (claim, kind): (&'static str, Claim)) -> FieldCapability {
    let right = core.policy.fields.of(kind);
    let is_contact = [IdentifierKind::Email, IdentifierKind::Phone].map(IdentifierKind::claim).contains(&kind);
    let proof = if is_contact || right == FieldRight::StepUp { core.require_step_up(caller) } else { Ok(()) };
    FieldCapability { claim, right, change: Capability::new(right.forbids().map_or(Ok(()), Err), proof) }
}

fn identifier(
    core: &Core,
    caller: &Caller,
    identifier: &Identifier,
    held: &impl Fn(Removed) -> Result<(), Fault>,
) -> IdentifierCapabilities {
    let (id, kind) = (identifier.id, identifier.kind);
    let primary = MakePrimary { id, kind, context: RequestContext::default() }.check(core, caller);
    let make_primary = match primary {
        Ok(()) => Capability { refusal: None, step_up: None },
        Err(MakePrimaryError::StepUp(required)) => Capability { refusal: None, step_up: Some(required) },
        // What is refused anyway needs the proof too, once it is not refused.
        Err(refusal) => Capability::new(Err(refusal), core.require_step_up(caller)),
    };
    let remove = may_remove(core, &caller.user, id, kind).and_then(|()| {
        let is_held = identifier.is_verified();
        if is_held { Ok(held(Removed::Added(identifier.verified_at))?) } else { Ok(()) }
    });
    IdentifierCapabilities {
        verify: Capability::new(may_send(core, identifier), Ok(())),
        make_primary,
        remove: Capability::new(remove, core.require_step_up(caller)),
        identifier: identifier.clone(),
    }
}

fn of_passkeys(core: &Core, caller: &Caller, passkeys: &[Passkey], totp: Option<&Totp>) -> Vec<PasskeyCapabilities> {
    let is_last = passkeys.len() == 1;
    let may_remove = |passkey: &Passkey| {
        core.check_hold(&caller.user, totp, passkeys, Removed::Added(Some(passkey.created_at)))?;
        if is_last { may_lose_last(&caller.user) } else { Ok(()) }
    };
    let of = |passkey: &Passkey| PasskeyCapabilities {
        passkey: passkey.clone(),
        rename: Capability::new(Ok(()), core.require_step_up(caller)),
        remove: Capability::new(may_remove(passkey), core.require_step_up(caller)),
    };
    passkeys.iter().map(of).collect()
}
