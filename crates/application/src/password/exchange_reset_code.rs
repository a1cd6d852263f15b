//! A reset code becomes a reset token, for contracts that ask for the code and the new password on two screens.

use selfsame_domain::{Challenge, Code, EmailAddress, OpaqueToken, Purpose, RequestContext};
use selfsame_ports::StorageError;

use crate::{
    Core, Fault,
    fault::faults,
    identifiers::proofs::{CodeRefusal, NewProof},
    identifiers::prove::lock_usable,
    sign_up::start::owner_of,
};

/// Brings the code.
#[derive(Clone)]
pub struct ExchangeResetCode {
    /// The address it was mailed to, as typed.
    pub email: String,
    /// As typed.
    pub code: String,
    /// Who asks.
    pub context: RequestContext,
}

/// Why there is no token.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ExchangeResetCodeError {
    /// Wrong, used up, or never sent: an unknown address says the same.
    #[error("wrong code")]
    InvalidCode,
    /// Too old.
    #[error("the code has expired")]
    ExpiredCode,
    /// No answer just now.
    #[error(transparent)]
    Fault(Fault),
}

faults!(ExchangeResetCodeError: StorageError);

impl ExchangeResetCode {
    /// Uses the code up; the token lives as long as a code and is good for one reset.
    pub fn execute(&self, core: &Core) -> Result<OpaqueToken, ExchangeResetCodeError> {
        core.spend(&[core.limits.proof_per_ip.of_ip(&self.context)])?;
        let email = EmailAddress::parse(&self.email).map_err(|_| ExchangeResetCodeError::InvalidCode)?;
        let owner = owner_of(core, &email)?.ok_or(ExchangeResetCodeError::InvalidCode)?;
        let code = Code::parse(&self.code);
        let checked = core.check_code::<ExchangeResetCodeError>(
            |unit| {
                Ok(unit
                    .challenges()
                    .live(owner.id, Purpose::ResetPassword)?
                    .filter(|challenge| email.is_same(&challenge.address)))
            },
            code.as_ref(),
        )?;
        let spent: Challenge = checked.map_err(|refusal| match refusal {
            CodeRefusal::Expired => ExchangeResetCodeError::ExpiredCode,
            CodeRefusal::Invalid | CodeRefusal::NotAsked | CodeRefusal::TooManyTries => {
                ExchangeResetCodeError::InvalidCode
            }
        })?;
        core.unit(|unit| {
            if lock_usable(unit, owner.id)?.is_none() || !unit.challenges().consume(spent.id, core.clock.now())? {
                return Err(ExchangeResetCodeError::InvalidCode);
            }
            let proof = core.issue_proof(
                unit,
                &NewProof {
                    purpose: Purpose::ResetPassword,
                    user_id: owner.id,
                    identifier_id: spent.identifier_id,
                    address: &spent.address,
                    attempt_id: None,
                    code_ttl: None,
                    link_ttl: core.policy.code_ttl,
                },
            )?;
            Ok(proof.link)
        })
    }
}
