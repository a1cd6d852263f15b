//! Ceremonies in progress: a ticket for each, found by the hash of its challenge (R36).
//!
//! A ticket is of one purpose and bound to one session or sign-in. It is consumed, in a unit of its own, before the response
//! is verified, so that one challenge is answered once, whether or not the answer is right.

use chrono::Duration;
use selfsame_domain::{RequestContext, SignInId, Ticket, TicketKind, TokenHash, UserId};
use selfsame_ports::{Ceremony, StorageError, VaultError};

use crate::{
    Core,
    core::{Retry, Work},
};

/// Life of a challenge. Also how long a browser waits for the user.
pub(crate) const CHALLENGE_TTL: Duration = Duration::minutes(5);

/// What the ticket of a ceremony is bound to.
#[derive(Clone, Debug)]
pub(crate) struct Bond {
    pub(crate) kind: TicketKind,
    pub(crate) user: Option<UserId>,
    pub(crate) bound_to: String,
}

impl Bond {
    /// Bound to a sign-in of an account.
    pub(crate) fn to_sign_in(kind: TicketKind, user: UserId, sign_in: SignInId) -> Self {
        Self { kind, user: Some(user), bound_to: format!("sign_in:{sign_in}") }
    }
}

impl Core {
    /// Stores a ceremony.
    pub(crate) fn keep_ceremony<E>(&self, work: &mut Work<'_>, bond: &Bond, ceremony: &Ceremony) -> Result<(), E>
    where
        E: From<StorageError> + From<VaultError>,
    {
        let now = self.clock.now();
        let hash = TokenHash::of(&ceremony.challenge);
        work.proofs().insert_ticket(&Ticket {
            hash,
            kind: bond.kind,
            user_id: bond.user,
            bound_to: Some(bond.bound_to.clone()),
            sealed: Some(self.vault.seal(&sealing_context(bond.kind), &ceremony.state)?),
            created_at: now,
            expires_at: now + CHALLENGE_TTL,
        })?;
        Ok(())
    }

    /// Consumes the ceremony of a challenge, and returns its state; `None` if there is no such one, or it is bound to
    /// something else.
    pub(crate) fn take_ceremony<E>(
        &self,
        context: &RequestContext,
        bond: &Bond,
        challenge: &[u8],
    ) -> Result<Option<Vec<u8>>, E>
    where
        E: Retry + From<VaultError>,
    {
        let hash = TokenHash::of(challenge);
        let ticket =
            self.unit::<_, E>(context, |work| Ok(work.proofs().consume_ticket(&hash, bond.kind, self.clock.now())?))?;
        let is_own =
            |ticket: &Ticket| ticket.user_id == bond.user && ticket.bound_to.as_deref() == Some(bond.bound_to.as_str());
        let Some(sealed) = ticket.filter(is_own).and_then(|ticket| ticket.sealed) else {
            return Ok(None);
        };
        Ok(Some(self.vault.open(&sealing_context(bond.kind), &sealed)?))
    }
}

fn sealing_context(kind: TicketKind) -> String {
    format!("passkey ceremony:{}", kind.as_str())
}
