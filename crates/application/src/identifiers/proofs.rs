//! Mailed proofs: how one is made, and how one is checked (R12, R15).

use std::time::Duration;

use selfsame_domain::{
    AttemptId, Challenge, ChallengeId, Code, IdentifierId, Instant, OpaqueToken, Purpose, UserId, id::Id as _,
};
use selfsame_ports::{StorageError, UnitOfWork};
use subtle::ConstantTimeEq as _;

use crate::{Core, Fault, core::Retry};

/// What a new proof is to be good for.
pub(crate) struct NewProof<'a> {
    pub(crate) purpose: Purpose,
    pub(crate) user_id: UserId,
    pub(crate) identifier_id: Option<IdentifierId>,
    /// Where it is sent.
    pub(crate) address: &'a str,
    pub(crate) attempt_id: Option<AttemptId>,
    /// None for a proof by link alone.
    pub(crate) code_ttl: Option<chrono::Duration>,
    pub(crate) link_ttl: chrono::Duration,
}

/// The secrets of a new proof, for the mail.
pub(crate) struct IssuedProof {
    /// None if no code was asked for, or the tries are used up.
    pub(crate) code: Option<Code>,
    pub(crate) link: OpaqueToken,
    pub(crate) link_expires_at: Instant,
    /// After how long there can be a code again.
    code_again_in: Duration,
}

impl IssuedProof {
    /// The code, for a proof that is of no use without one.
    pub(crate) fn code(&self) -> Result<&Code, Fault> {
        self.code.as_ref().ok_or(Fault::Limited(self.code_again_in))
    }
}

/// Why a code proves nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum CodeRefusal {
    /// None was asked for.
    NotAsked,
    /// Wrong or used up.
    Invalid,
    /// Right, but too old. A wrong one is only wrong, so that age tells nothing to who guesses.
    Expired,
    /// It was tried too often.
    TooManyTries,
}

impl Core {
    /// Makes a proof and voids the earlier ones of its user and purpose. Tries go on counting while the earlier code would
    /// still have been good, so that asking again buys no new guesses (R15); when they are used up there is only a link.
    pub(crate) fn issue_proof(
        &self,
        unit: &mut dyn UnitOfWork,
        new: &NewProof<'_>,
    ) -> Result<IssuedProof, StorageError> {
        let now = self.clock.now();
        let id: ChallengeId = self.id();
        let earlier = unit.challenges().live(new.user_id, new.purpose)?.filter(|earlier| now < earlier.code_expires_at);
        let (tries, code_expires_at) = match &earlier {
            Some(earlier) if earlier.tries >= self.policy.code_tries => (earlier.tries, earlier.code_expires_at),
            _ => (earlier.as_ref().map_or(0, |earlier| earlier.tries), now + new.code_ttl.unwrap_or_default()),
        };
        let has_code = new.code_ttl.is_some() && tries < self.policy.code_tries;
        let code = || Code::from_random(u64::from_le_bytes(self.random()), self.policy.code_digits);
        let issued = IssuedProof {
            code: has_code.then(code),
            link: self.token(),
            link_expires_at: now + new.link_ttl,
            code_again_in: (code_expires_at - now).to_std().unwrap_or_default(),
        };
        unit.challenges().insert(&Challenge {
            id,
            purpose: new.purpose,
            user_id: new.user_id,
            identifier_id: new.identifier_id,
            address: new.address.to_owned(),
            attempt_id: new.attempt_id,
            code_mac: issued.code.as_ref().map(|code| self.code_mac(id, new.purpose, code)),
            code_expires_at,
            link_hash: Some(issued.link.hash()),
            link_expires_at: issued.link_expires_at,
            tries,
            created_at: now,
        })?;
        Ok(issued)
    }

    /// Checks a code against a live challenge. The try is counted and committed before the code is looked at, so that
    /// neither a race nor a rolled-back request buys a guess (R35). The challenge is not used up: the unit that acts on
    /// the proof does that.
    pub(crate) fn check_code<E: Retry + From<Fault>>(
        &self,
        find: impl Fn(&mut dyn UnitOfWork) -> Result<Option<Challenge>, StorageError>,
        code: Option<&Code>,
    ) -> Result<Result<Challenge, CodeRefusal>, E> {
        let tried = self.unit::<_, E>(|unit| {
            let Some(challenge) = find(unit)? else { return Ok(None) };
            let counted = unit.challenges().count_try(challenge.id, self.policy.code_tries)?;
            Ok(Some((challenge, counted)))
        })?;
        let Some((challenge, counted)) = tried else {
            return Ok(Err(CodeRefusal::NotAsked));
        };
        if !counted {
            return Ok(Err(CodeRefusal::TooManyTries));
        }
        let right = code.zip(challenge.code_mac).is_some_and(|(code, expected)| {
            let mac = self.code_mac(challenge.id, challenge.purpose, code);
            bool::from(mac.ct_eq(&expected))
        });
        Ok(match right {
            false => Err(CodeRefusal::Invalid),
            true if self.clock.now() >= challenge.code_expires_at => Err(CodeRefusal::Expired),
            true => Ok(challenge),
        })
    }

    /// A code has too few digits for a plain hash: its MAC takes a key that is not in the database.
    fn code_mac(&self, id: ChallengeId, purpose: Purpose, code: &Code) -> [u8; 32] {
        self.vault.mac(&format!("code:{}:{}", purpose.as_str(), id.number()), code.expose().as_bytes())
    }
}

/// An address of which only enough is shown to be recognised by its owner: `a***@e***.com`.
pub fn mask_email(address: &str) -> String {
    let mask = |text: &str| format!("{}***", text.chars().next().unwrap_or('*'));
    match address.rsplit_once('@') {
        Some((local, domain)) => {
            let top = domain.rsplit_once('.').map_or("", |(_, top)| top);
            format!("{}@{}.{top}", mask(local), mask(domain))
        }
        None => mask(address),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_masked_address_keeps_no_more_than_its_owner_needs() {
        assert_eq!(mask_email("ada@example.com"), "a***@e***.com");
        assert_eq!(mask_email(""), "****");
    }
}
