//! Making and checking proofs by mail and text message (R12, R15).

use std::time::Duration;

use selfsame_domain::{
    AttemptId, Challenge, ChallengeId, Code, Identifier, IdentifierId, IdentifierKind, Instant, OpaqueToken,
    PhoneNumber, Purpose, SignInId, TokenHash, User, UserId, id::Id as _,
};
use selfsame_ports::{Mail, StorageError};
use subtle::ConstantTimeEq as _;

use crate::{Core, Fault, core::Work};

/// Parameters of a new proof.
pub(crate) struct NewProof<'a> {
    pub(crate) purpose: Purpose,
    pub(crate) user_id: UserId,
    pub(crate) identifier_id: Option<IdentifierId>,
    /// The canonical form of the address.
    pub(crate) target: &'a str,
    /// Where it is sent.
    pub(crate) address: &'a str,
    pub(crate) attempt_id: Option<AttemptId>,
    /// The sign-in with which the proof ends; none if it does not.
    pub(crate) sign_in_id: Option<SignInId>,
    pub(crate) code_ttl: chrono::Duration,
    /// None for a proof by code only.
    pub(crate) link_ttl: Option<chrono::Duration>,
    /// Whether it is mailed. A proof that is not mailed cannot be used.
    pub(crate) is_sent: bool,
}

/// A new proof, with the secrets for the mail.
pub(crate) struct IssuedProof {
    pub(crate) id: ChallengeId,
    pub(crate) code: Code,
    pub(crate) link: OpaqueToken,
    /// When both of them have expired.
    pub(crate) expires_at: Instant,
}

/// Why a code was refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum CodeRefusal {
    /// No proof was requested.
    NotAsked,
    /// Wrong or already used.
    Invalid,
    /// A link that was used already. The address that it was mailed to is a proven one of its account.
    Used,
    /// Right, but expired. A wrong code is reported as wrong even if the proof has expired, so that guesses learn
    /// nothing.
    Expired,
    /// Too many wrong codes were tried; the time until one more may be tried.
    TooManyTries(Duration),
}

impl Core {
    /// Makes a proof and voids the earlier one of its user, purpose and target (R12).
    pub(crate) fn issue_proof(&self, work: &mut Work<'_>, new: &NewProof<'_>) -> Result<IssuedProof, StorageError> {
        let now = self.clock.now();
        let id: ChallengeId = self.id();
        let code = Code::from_random(u64::from_le_bytes(self.random()), self.policy.code_digits);
        let (code_expires_at, link_expires_at) = (now + new.code_ttl, now + new.link_ttl.unwrap_or_default());
        let link = self.token_of(new.user_id);
        work.proofs().insert_challenge(&Challenge {
            id,
            purpose: new.purpose,
            user_id: new.user_id,
            identifier_id: new.identifier_id,
            target: new.target.to_owned(),
            address: new.address.to_owned(),
            attempt_id: new.attempt_id,
            sign_in_id: new.sign_in_id,
            code_mac: Some(self.code_mac(id, new.purpose, &code)).filter(|_| new.is_sent),
            code_expires_at,
            link_hash: new.link_ttl.map(|_| link.hash()).filter(|_| new.is_sent),
            link_expires_at,
            created_at: now,
        })?;
        Ok(IssuedProof { id, code, link, expires_at: code_expires_at.max(link_expires_at) })
    }

    /// Makes a proof of the account's primary address and, if `is_mailed`, mails it. One that is not mailed makes an
    /// address that has an account behave like any other when codes are tried (R1). The account was locked or made in
    /// this unit. Its name is not in the mail, because the address is not proven to be the user's.
    pub(crate) fn prove_by_mail(
        &self,
        work: &mut Work<'_>,
        user: &User,
        attempt_id: Option<AttemptId>,
        is_mailed: bool,
    ) -> Result<(), Fault> {
        self.prove_by_mail_to(work, user, attempt_id, is_mailed, None)
    }

    /// The same with a link that leads to an address of the application.
    pub(crate) fn prove_by_mail_to(
        &self,
        work: &mut Work<'_>,
        user: &User,
        attempt_id: Option<AttemptId>,
        is_mailed: bool,
        redirect_to: Option<&str>,
    ) -> Result<(), Fault> {
        match user.primary_email() {
            Some(email) => self.prove_address(work, user, email, attempt_id, is_mailed, redirect_to),
            None => Ok(()),
        }
    }

    /// The same for any address of the account.
    pub(crate) fn prove_address(
        &self,
        work: &mut Work<'_>,
        user: &User,
        email: &Identifier,
        attempt_id: Option<AttemptId>,
        is_mailed: bool,
        redirect_to: Option<&str>,
    ) -> Result<(), Fault> {
        let new = NewProof {
            purpose: Purpose::VerifyEmail,
            user_id: user.id,
            identifier_id: Some(email.id),
            target: &email.canonical,
            address: &email.value,
            attempt_id,
            sign_in_id: None,
            code_ttl: self.policy.code_ttl,
            link_ttl: Some(self.policy.link_ttl),
            is_sent: is_mailed,
        };
        let proof = self.issue_proof(work, &new)?;
        if !is_mailed {
            return Ok(());
        }
        let mail = Mail::VerifyEmail {
            code: proof.code.expose().to_owned(),
            link: Some(self.policy.link_of_app(redirect_to, "verify-email", proof.link.expose())),
            code_minutes: self.policy.code_ttl.num_minutes(),
        };
        self.post_to(work, user, &email.value, mail, proof.expires_at)
    }

    /// Checks a code against the live challenge, if there is one. The try is charged to the budget of the mailbox, given
    /// by the canonical form of its address, and of the purpose, over all accounts that claim it and all contracts. It is
    /// committed before the code is compared, so that neither a race, a rolled-back request, a new code nor another
    /// sign-up allows another guess (R35). A right code refunds its own try only, because the next challenge may be of
    /// another address. What cannot be a code guesses nothing and costs no try. The challenge is not consumed here; the
    /// unit that acts on the proof does that.
    pub(crate) fn check_code(
        &self,
        challenge: Option<Challenge>,
        mailbox: &str,
        purpose: Purpose,
        code: Option<&Code>,
    ) -> Result<Result<Challenge, CodeRefusal>, Fault> {
        let Some(code) = code else {
            return Ok(Err(if challenge.is_some() { CodeRefusal::Invalid } else { CodeRefusal::NotAsked }));
        };
        let budget = [self.limits.code_per_account.of(format_args!("{}:{mailbox}", purpose.as_str()))];
        match self.spend(&budget) {
            Err(Fault::Limited(wait)) => return Ok(Err(CodeRefusal::TooManyTries(wait))),
            spent => spent?,
        }
        let Some(challenge) = challenge else {
            return Ok(Err(CodeRefusal::NotAsked));
        };
        if !self.is_code_of(&challenge, purpose, code) {
            return Ok(Err(CodeRefusal::Invalid));
        }
        self.refund(&budget);
        let is_in_time = self.clock.now() < challenge.code_expires_at;
        Ok(if is_in_time { Ok(challenge) } else { Err(CodeRefusal::Expired) })
    }

    /// Whether a code is the one of a challenge for this purpose. It does not count tries, and the challenge may have expired.
    pub(crate) fn is_code_of(&self, challenge: &Challenge, purpose: Purpose, code: &Code) -> bool {
        challenge.code_mac.is_some_and(|expected| {
            let mac = self.code_mac(challenge.id, purpose, code);
            bool::from(mac.ct_eq(&expected)) && challenge.purpose == purpose
        })
    }

    /// The live challenge of a link's token, if it is for this purpose and has not expired.
    pub(crate) fn live_link(
        &self,
        token: &str,
        purpose: Purpose,
    ) -> Result<Result<Challenge, CodeRefusal>, StorageError> {
        let token = OpaqueToken::parse(token);
        let Some((token, user)) = token.and_then(|token| token.user().map(|user| (token, user))) else {
            return Ok(Err(CodeRefusal::Invalid));
        };
        let found = self.storage.read()?.challenge_by_link(user, &token.hash())?;
        Ok(match found.filter(|challenge| challenge.purpose == purpose) {
            Some(challenge) if self.clock.now() < challenge.link_expires_at => Ok(challenge),
            Some(_) => Err(CodeRefusal::Expired),
            None if self.was_used(user, &token.hash(), purpose)? => Err(CodeRefusal::Used),
            None => Err(CodeRefusal::Invalid),
        })
    }

    /// Whether a link was used, and its address is proven now.
    fn was_used(&self, user: UserId, link: &TokenHash, purpose: Purpose) -> Result<bool, StorageError> {
        let mut queries = self.storage.read()?;
        let used = queries.used_link(user, link)?.filter(|challenge| challenge.purpose == purpose);
        let Some(id) = used.and_then(|challenge| challenge.identifier_id) else { return Ok(false) };
        let user = queries.user(user)?;
        Ok(user.is_some_and(|user| user.identifier(id).is_some_and(Identifier::is_verified)))
    }

    /// The MAC of a code. A code has too few digits for a plain hash; the key is not in the database.
    fn code_mac(&self, id: ChallengeId, purpose: Purpose, code: &Code) -> [u8; 32] {
        self.vault.mac(&format!("code:{}:{}", purpose.as_str(), id.number()), code.expose().as_bytes())
    }
}

/// A masked address that its owner can recognise: `a***@e***.com`.
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

/// A masked identifier that its owner can recognise.
pub fn mask(identifier: &Identifier) -> String {
    match identifier.kind {
        IdentifierKind::Email => mask_email(&identifier.value),
        IdentifierKind::Phone => PhoneNumber::mask(&identifier.value),
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
