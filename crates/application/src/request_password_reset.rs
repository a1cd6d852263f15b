//! Somebody forgot a password, or says so.

use selfsame_domain::{Action, Client, EmailAddress, Purpose};
use selfsame_ports::{Mail, StorageError};

use crate::{
    Core, Fault, account::lock_usable, core::Event, fault::faults, limits::Budget, proofs::NewProof, sign_up::owner_of,
};

/// Asks for a mail that lets its reader set a new password.
#[derive(Clone, Debug)]
pub struct RequestPasswordReset {
    /// As typed.
    pub email: String,
    /// Who asks.
    pub client: Client,
}

/// Why nothing was even considered.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RequestPasswordResetError {
    /// Not an e-mail address.
    #[error("not an e-mail address")]
    MalformedEmail,
    /// No answer just now.
    #[error(transparent)]
    Fault(Fault),
}

faults!(RequestPasswordResetError: StorageError);

impl RequestPasswordReset {
    /// Mails code and link if the address is proven; the answer is the same if it is not, or is unknown (R23). Nothing about
    /// the account changes.
    pub fn execute(&self, core: &Core) -> Result<(), RequestPasswordResetError> {
        let email = EmailAddress::parse(&self.email).map_err(|_| RequestPasswordResetError::MalformedEmail)?;
        core.spend(&[
            Budget::of_ip("mail", &self.client, core.limits.mail_per_ip),
            Budget::new("reset", email.canonical(), core.limits.reset_per_address),
        ])?;
        let Some(owner) = owner_of(core, &email)? else {
            return Ok(());
        };
        core.unit(|unit| {
            let Some(user) = lock_usable(unit, owner.id)? else {
                return Ok(());
            };
            let Some(known) =
                user.identifiers.iter().find(|known| known.canonical == email.canonical() && known.is_verified())
            else {
                return Ok(());
            };
            let proof = core.issue_proof(
                unit,
                &NewProof {
                    purpose: Purpose::ResetPassword,
                    user_id: user.id,
                    identifier_id: Some(known.id),
                    address: &known.canonical,
                    attempt_id: None,
                    code_ttl: core.policy.code_ttl,
                    link_ttl: core.policy.reset_ttl,
                },
            )?;
            let mail = Mail::ResetPassword {
                code: proof.code.expose().to_owned(),
                link: core.policy.link("reset-password", proof.link.expose()),
                minutes: core.policy.reset_ttl.num_minutes(),
            };
            core.post(unit, &user, known, mail, proof.link_expires_at)?;
            core.record(unit, user.id, Event::anonymous(Action::PasswordResetRequested, &self.client))?;
            Ok(())
        })
    }
}
