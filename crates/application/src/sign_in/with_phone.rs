//! Begins a sign-in with a phone number, which is proven by a code in a text message.

use selfsame_domain::{
    Attempt, AttemptKind, Claim, Factor, Factors, PhoneNumber, RequestContext, SignInMethod, SignUpForm, Violation,
    Violations,
};
use selfsame_ports::StorageError;

use crate::{
    Core, Fault,
    attempts::{Handle, Holder},
    fault::faults,
};

/// Requests a sign-in.
#[derive(Clone, Debug)]
pub struct BeginPhoneSignIn {
    /// The number, as typed.
    pub number: String,
    /// A dialling code or region, for a national number.
    pub country: Option<String>,
    /// The client that will hold the sign-in.
    pub holder: Holder,
    /// The request: for audit and limits.
    pub context: RequestContext,
}

/// A sign-in was begun.
#[derive(Clone, Debug)]
pub struct BegunPhoneSignIn {
    /// The attempt. The code is sent by [`SendProof`](crate::attempts::send_proof::SendProof).
    pub attempt: Attempt,
    /// With what the client continues it.
    pub handle: Handle,
}

/// Why no sign-in was begun.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BeginPhoneSignInError {
    /// The operator allows no sign-in with a phone number.
    #[error("sign-in with a phone number is off")]
    Off,
    /// Not a phone number.
    #[error(transparent)]
    Invalid(Violations),
    /// A number of a country to which no text messages are sent (R16).
    #[error("no text messages are sent to this country")]
    CountryNotAllowed,
    /// Rate-limited, unavailable, or an internal fault.
    #[error(transparent)]
    Fault(Fault),
}

faults!(BeginPhoneSignInError: StorageError);

impl BeginPhoneSignIn {
    /// Stores the attempt. No account is looked for, so a number without one is answered like any other, at the same cost
    /// (R1).
    pub fn execute(&self, core: &Core) -> Result<BegunPhoneSignIn, BeginPhoneSignInError> {
        if !core.policy.signs_in_by_phone() {
            return Err(BeginPhoneSignInError::Off);
        }
        let number = PhoneNumber::parse_in(&self.number, self.country.as_deref());
        let number =
            number.map_err(|rule| BeginPhoneSignInError::Invalid(Violation::new(Claim::PhoneNumber, rule).into()))?;
        if !core.policy.allows_sms_to(&number) {
            return Err(BeginPhoneSignInError::CountryNotAllowed);
        }
        core.spend(&[core.limits.proof_per_ip.of_ip(&self.context)])?;
        let session = core.session_of(&self.holder)?;
        core.unit(&self.context, |work| {
            let held = core.hold(work, &self.holder, session.as_ref())?;
            let now = core.clock.now();
            let attempt = Attempt {
                id: core.id(),
                kind: AttemptKind::SignIn,
                session_id: held.session_id,
                token_hash: held.token_hash,
                user_id: None,
                // Of the account, once a code is sent to it.
                credential_epoch: 0,
                email: None,
                phone_number: Some(number.as_str().to_owned()),
                method: Some(SignInMethod::PhoneCode),
                form: SignUpForm::default(),
                required: Factors::of([Factor::Phone]),
                satisfied: Factors::default(),
                sealed: None,
                sign_in_id: None,
                completed_at: None,
                created_at: now,
                expires_at: now + core.policy.attempt_ttl,
            };
            work.proofs().insert_attempt(&attempt)?;
            Ok(BegunPhoneSignIn { attempt, handle: held.handle })
        })
    }
}
