//! The text message of an attempt: the worker's part of [`crate::attempts::send_proof`]. The worker finds out whether the number
//! has an account, so neither the request nor its time shows that (R1).

use selfsame_domain::{
    Action, Attempt, AttemptId, Factor, Identifier, IdentifierKind, Purpose, RequestContext, User, UserId,
};
use selfsame_ports::{Leased, Sms, StorageError};

use crate::{
    Core, Fault,
    account::{Account, Event},
    core::Work,
    identifiers::proofs::NewProof,
    mail::job::{JobError, finish},
};

impl Core {
    /// Sends the code, if the number is one that the attempt may prove, and the budgets of its account and of the server
    /// allow it (R16).
    pub(crate) fn text_attempt(&self, id: AttemptId, context: &RequestContext, job: &Leased) -> Result<(), JobError> {
        let user = self.user_to_text(id)?;
        let may_send = match user.map(|user| self.spend(&self.budgets_of_text_sent(user))) {
            None | Some(Err(Fault::Limited(_))) => false,
            Some(spent) => spent.map(|()| true)?,
        };
        self.unit(context, |work| {
            if let Some(user) = user.filter(|_| may_send) {
                self.text_code(work, id, user)?;
            }
            finish(work, job)
        })
    }

    /// The account of the attempt: the one that has proven its number, or that is known already.
    fn user_to_text(&self, id: AttemptId) -> Result<Option<UserId>, StorageError> {
        let attempt = self.storage.read()?.attempt(id)?.filter(|attempt| attempt.is_open(self.clock.now()));
        let Some(attempt) = attempt else { return Ok(None) };
        let user = match &attempt.phone_number {
            Some(number) if attempt.user_id.is_none() => {
                self.storage.read()?.by_identifier(IdentifierKind::Phone, number)?.map(|found| found.user)
            }
            _ => attempt.user_id.map(|user| self.storage.read()?.user(user)).transpose()?.flatten(),
        };
        Ok(user.filter(|user| self.number_to_prove(&attempt, user).is_some()).map(|user| user.id))
    }

    /// The number of an account that the next factor of an attempt proves, and for which purpose.
    fn number_to_prove<'u>(&self, attempt: &Attempt, user: &'u User) -> Option<(Purpose, &'u Identifier)> {
        if attempt.next()? == Factor::Phone {
            let is_meant =
                |own: &&Identifier| Some(&own.canonical) == attempt.phone_number.as_ref() && own.is_verified();
            let own = user.identifiers_of(IdentifierKind::Phone).find(is_meant)?;
            // An account that must prove its address first has to sign in with its password.
            let is_ready =
                !self.policy.require_verified_email || user.primary_email().is_some_and(Identifier::is_verified);
            return is_ready.then_some((Purpose::SignIn, own));
        }
        let is_current = attempt.credential_epoch == user.credential_epoch;
        let is_usable = is_current && user.second_factors_beside(&attempt.satisfied).contains(Factor::Sms);
        Some((Purpose::SecondFactor, user.second_factor_phone().filter(|_| is_usable)?))
    }

    fn text_code(&self, work: &mut Work<'_>, id: AttemptId, user: UserId) -> Result<(), Fault> {
        let Some(mut account) = Account::lock_usable(work, user)? else { return Ok(()) };
        let attempt = work.proofs().lock_attempt(id)?.filter(|attempt| attempt.is_open(self.clock.now()));
        let Some(mut attempt) = attempt else { return Ok(()) };
        let Some((purpose, number)) = self.number_to_prove(&attempt, &account) else { return Ok(()) };
        let new = NewProof {
            purpose,
            user_id: user,
            identifier_id: Some(number.id),
            target: &number.canonical,
            address: &number.value,
            attempt_id: Some(id),
            sign_in_id: None,
            code_ttl: self.policy.sms_code_ttl,
            link_ttl: None,
            is_sent: true,
        };
        self.text_proof(work, &account, &new)?;
        if attempt.credential_epoch != account.credential_epoch {
            attempt.credential_epoch = account.credential_epoch;
            work.proofs().save_attempt(&attempt)?;
        }
        self.record(work, &mut account, Event::anonymous(Action::SignInCodeSent));
        Ok(account.save(work)?)
    }

    /// Makes a proof by code and sends it to its user in a text message.
    pub(crate) fn text_proof(&self, work: &mut Work<'_>, user: &User, new: &NewProof<'_>) -> Result<(), Fault> {
        let proof = self.issue_proof(work, new)?;
        let (code, minutes) = (proof.code.expose().to_owned(), new.code_ttl.num_minutes());
        let sms = match new.purpose {
            Purpose::SignIn | Purpose::SecondFactor => Sms::SignIn { code, minutes },
            _ => Sms::VerifyPhone { code, minutes },
        };
        self.post_sms(work, user, new.address, sms, proof.expires_at)
    }
}
