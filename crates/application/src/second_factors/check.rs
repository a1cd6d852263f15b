//! Checks a code of a second factor: the only place where one is compared (R35).

use std::time::Duration;

use selfsame_domain::{
    Action, Actor, AttemptId, BackupCode, Challenge, ChallengeId, Code, Factor, IdentifierId, Purpose, SignInId,
    TotpSecret, User, UserId, backup_code::BACKUP_CODE_BYTES, totp::is_totp_code,
};
use selfsame_ports::{Mail, StorageError};

use crate::{
    Core, Fault,
    account::{Account, Event},
    core::Work,
    limits::Budget,
};

/// Why a code was refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum SecondFactorRefusal {
    /// Wrong, used already, or of a factor that the account does not have.
    Invalid,
    /// Too many wrong codes of this factor were tried; the time until one more may be tried.
    TooManyTries(Duration),
}

/// For what a text message with a code was sent, if one counts.
#[derive(Clone, Copy, Debug)]
pub(crate) enum TextFor {
    /// For an attempt.
    Attempt(AttemptId),
    /// For a proof within a sign-in.
    SignIn(SignInId),
    /// None counts: the phone was the first factor, and never is both (R32).
    Nothing,
}

/// A typed code, told apart by its form.
enum TypedCode {
    Digits(Code),
    BackupCode(BackupCode),
}

impl TypedCode {
    /// Digits are a one-time password or the code of a text message.
    fn parse(typed: &str) -> Option<Self> {
        let digits = Code::parse(typed).map(Self::Digits);
        digits.or_else(|| BackupCode::parse(typed).map(Self::BackupCode))
    }

    /// The factors that it is compared with: digits with the app, if they can be its, and with the text message.
    fn factors(&self, user: &User, text: TextFor) -> Vec<Factor> {
        match self {
            Self::Digits(code) => {
                let by_text = (user.has_sms() && !matches!(text, TextFor::Nothing)).then_some(Factor::Sms);
                let by_app = is_totp_code(code) && (user.has_totp() || by_text.is_none());
                by_app.then_some(Factor::Totp).into_iter().chain(by_text).collect()
            }
            Self::BackupCode(_) => vec![Factor::BackupCode],
        }
    }
}

/// A code that is right as far as can be told without a lock. It is still to be consumed, which one of parallel uses can.
pub(crate) enum ProvenFactor {
    Totp { step: i64, resealed: Vec<u8> },
    Sms { challenge: ChallengeId, number: IdentifierId },
    BackupCode { mac: [u8; 32] },
}

impl ProvenFactor {
    /// Which factor it proves.
    pub(crate) fn factor(&self) -> Factor {
        match self {
            Self::Totp { .. } => Factor::Totp,
            Self::Sms { .. } => Factor::Sms,
            Self::BackupCode { .. } => Factor::BackupCode,
        }
    }

    /// Consumes the code, as the first write of a unit that has locked the account, which is still to be saved. `false` if it
    /// was used before. The use of a backup code is recorded and mailed (R25).
    pub(crate) fn consume(
        &self,
        core: &Core,
        work: &mut Work<'_>,
        account: &mut Account,
        sign_in: Option<SignInId>,
    ) -> Result<bool, Fault> {
        match self {
            Self::Totp { step, resealed } => Ok(work.second_factors().use_totp(account.id, *step, resealed)?),
            Self::Sms { challenge, number } => {
                let is_enrolled = account.second_factor_phone().is_some_and(|own| own.id == *number);
                Ok(is_enrolled && work.proofs().consume_challenge(*challenge, core.clock.now())?)
            }
            Self::BackupCode { mac } => {
                if !account.has_backup_codes() {
                    return Ok(false);
                }
                let before = core.before_change(work, account)?;
                if !work.second_factors().use_backup_code(account.id, mac, core.clock.now())? {
                    return Ok(false);
                }
                account.backup_codes_left -= 1;
                let mail = Mail::BackupCodeUsed { left: account.backup_codes_left };
                core.notify(work, account, &mail, &before)?;
                let actor = Actor::User(account.id);
                let event = Event { actor, sign_in, ..Event::anonymous(Action::BackupCodeUsed) };
                core.record(work, account, event);
                Ok(true)
            }
        }
    }
}

impl Core {
    /// Tries a code of a second factor of an account. If it is right, runs `act`, which must consume it; `Ok(None)` of `act`
    /// means that it was used before.
    ///
    /// The try is charged to the budget of account and factor, over all routes and contracts, and committed before the code is
    /// compared, so that neither a race nor a rolled-back request allows another guess. Digits that are compared with the app
    /// and with a text message are charged to both. A right code, and a fault of this server, refund it. What cannot be a code
    /// guesses nothing and costs no try (R35).
    pub(crate) fn try_second_factor<T, E: From<Fault>>(
        &self,
        user: &User,
        typed: &str,
        text: TextFor,
        act: impl FnOnce(&ProvenFactor) -> Result<Option<T>, E>,
    ) -> Result<Result<T, SecondFactorRefusal>, E> {
        let Some(code) = TypedCode::parse(typed) else { return Ok(Err(SecondFactorRefusal::Invalid)) };
        let factors = code.factors(user, text);
        if factors.is_empty() {
            return Ok(Err(SecondFactorRefusal::Invalid));
        }
        let budget: Vec<Budget> =
            factors.iter().flat_map(|factor| self.second_factor_budget(user.id, *factor)).collect();
        match self.spend(&budget) {
            Err(Fault::Limited(wait)) => return Ok(Err(SecondFactorRefusal::TooManyTries(wait))),
            spent => spent?,
        }
        let tried = match self.prove(user.id, &code, &factors, text) {
            Ok(Some(proven)) => act(&proven),
            Ok(None) => Ok(None),
            Err(fault) => Err(fault.into()),
        };
        if !matches!(tried, Ok(None)) {
            self.refund(&budget);
        }
        Ok(tried?.ok_or(SecondFactorRefusal::Invalid))
    }

    /// The budget of wrong codes of one account and factor.
    pub(crate) fn second_factor_budget(&self, user: UserId, factor: Factor) -> [Budget; 1] {
        [self.limits.second_factor_per_account.of(format_args!("{}:{user}", factor.as_str()))]
    }

    fn prove(
        &self,
        user: UserId,
        code: &TypedCode,
        factors: &[Factor],
        text: TextFor,
    ) -> Result<Option<ProvenFactor>, Fault> {
        let code = match code {
            TypedCode::Digits(code) => code,
            TypedCode::BackupCode(code) => {
                return Ok(Some(ProvenFactor::BackupCode { mac: self.backup_code_mac(user, code) }));
            }
        };
        let by_app = if factors.contains(&Factor::Totp) { self.prove_by_app(user, code)? } else { None };
        match by_app {
            None if factors.contains(&Factor::Sms) => self.prove_by_text(user, code, text),
            by_app => Ok(by_app),
        }
    }

    fn prove_by_app(&self, user: UserId, code: &Code) -> Result<Option<ProvenFactor>, Fault> {
        let Some(totp) = self.storage.read()?.totp(user)? else { return Ok(None) };
        let secret = self.open_totp(user, &totp.sealed)?;
        let Some(step) = secret.step_of(code, self.clock.now(), totp.last_step) else { return Ok(None) };
        // Sealed with the key that is active now (R95).
        Ok(Some(ProvenFactor::Totp { step, resealed: self.seal_totp(user, &secret)? }))
    }

    fn prove_by_text(&self, user: UserId, code: &Code, text: TextFor) -> Result<Option<ProvenFactor>, Fault> {
        let now = self.clock.now();
        let challenge = self.text_sent_for(user, text)?.filter(|challenge| {
            self.is_code_of(challenge, Purpose::SecondFactor, code) && now < challenge.code_expires_at
        });
        Ok(challenge.and_then(|challenge| {
            Some(ProvenFactor::Sms { challenge: challenge.id, number: challenge.identifier_id? })
        }))
    }

    /// The live challenge of the text message that was sent last.
    fn text_sent_for(&self, user: UserId, text: TextFor) -> Result<Option<Challenge>, StorageError> {
        let mut queries = self.storage.read()?;
        match text {
            TextFor::Attempt(attempt) => {
                Ok(queries.challenge_of_attempt(attempt)?.filter(|challenge| challenge.user_id == user))
            }
            TextFor::SignIn(sign_in) => {
                let live = queries.challenges(user, Purpose::SecondFactor)?;
                Ok(live.into_iter().find(|challenge| challenge.sign_in_id == Some(sign_in)))
            }
            TextFor::Nothing => Ok(None),
        }
    }

    /// Seals the secret of an account's authenticator app. It opens for this account only.
    pub(crate) fn seal_totp(&self, user: UserId, secret: &TotpSecret) -> Result<Vec<u8>, Fault> {
        Ok(self.vault.seal(&totp_context(user), secret.as_bytes())?)
    }

    /// The reverse of [`Core::seal_totp`].
    pub(crate) fn open_totp(&self, user: UserId, sealed: &[u8]) -> Result<TotpSecret, Fault> {
        let bytes = zeroize::Zeroizing::new(self.vault.open(&totp_context(user), sealed)?);
        TotpSecret::from_stored(&bytes).ok_or_else(|| Fault::Internal("a stored secret is not 160 bits".to_owned()))
    }

    /// A new backup code.
    pub(crate) fn new_backup_code(&self) -> BackupCode {
        BackupCode::from_random(self.random::<BACKUP_CODE_BYTES>())
    }

    /// The MAC of a backup code, which is stored. Its key is not in the database.
    pub(crate) fn backup_code_mac(&self, user: UserId, code: &BackupCode) -> [u8; 32] {
        self.vault.mac(&format!("backup code:{user}"), code.as_bytes())
    }
}

fn totp_context(user: UserId) -> String {
    format!("totp:{user}")
}
