//! The rules of a new password: its own, the account's earlier ones, and those that are known from breaches (R17, R18).

use selfsame_domain::{Claim, EmailAddress, Password, Rule, User, Violation, Violations};
use selfsame_ports::{Credentials, StorageError, Verdict};

use crate::{Core, Fault, account::Account, core::Work};

/// How many of an account's last passwords cannot be its next one, the current one included.
pub const LAST_PASSWORDS: u8 = 5;

impl Core {
    /// Checks a new password of this account against the rules.
    pub(crate) fn check_new_password(&self, user: &User, password: &Password) -> Result<(), Violations> {
        self.check_password_of(user, None, password)
    }

    /// The same for an account that does not have its address yet.
    pub(crate) fn check_password_of(
        &self,
        user: &User,
        email: Option<&EmailAddress>,
        password: &Password,
    ) -> Result<(), Violations> {
        self.check_password(user, email, password).map_err(|rule| Violation::new(Claim::Password, rule).into())
    }

    /// The same, with the rule that is broken. It may wait for the service of breached passwords.
    pub(crate) fn check_password(
        &self,
        user: &User,
        email: Option<&EmailAddress>,
        password: &Password,
    ) -> Result<(), Rule> {
        let rules = &self.policy.passwords;
        rules.check(password, rules.min_length_of(user), &self.password_context(user, email))?;
        if self.is_breached(password) {
            let reason = "This password is known from a breach of another service.".to_owned();
            return Err(Rule::TooWeak { reason });
        }
        Ok(())
    }

    /// Words that add nothing to the strength of a password of this account.
    pub(crate) fn password_context<'a>(&'a self, user: &'a User, email: Option<&'a EmailAddress>) -> Vec<&'a str> {
        let mut context = user.context_words();
        context.extend(email.into_iter().flat_map(|email| [email.address(), email.local_part()]));
        context.extend(self.policy.context_words());
        context
    }

    /// Whether it is one of the account's last passwords. It costs up to [`LAST_PASSWORDS`] hashes, so call it only after
    /// the caller has proven who they are.
    pub(crate) fn was_used_before(&self, credentials: &Credentials, password: &Password) -> Result<bool, Fault> {
        let earlier = self.storage.read()?.earlier_passwords(credentials.user.id)?;
        for hash in credentials.password.iter().chain(&earlier) {
            if self.passwords.verify(password, Some(hash))? != Verdict::Wrong {
                return Ok(true);
            }
        }
        Ok(false)
    }
}

/// Adds the password of a locked account to its history. Call it before it is replaced or removed.
pub(crate) fn keep_password(work: &mut Work<'_>, account: &Account) -> Result<(), StorageError> {
    if account.has_password() {
        let earlier = i64::from(LAST_PASSWORDS - 1);
        work.accounts().keep_password(account.id, account.credential_epoch, earlier)?;
    }
    Ok(())
}
