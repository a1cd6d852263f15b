//! The budgets of a password check.

use selfsame_domain::{IdentifierKind, RequestContext, SessionId, User, UserId};

use super::{Budget, Rate, budget::network};
use crate::Core;

/// The account whose password is tried.
pub(crate) struct PasswordTry<'a> {
    /// The typed name, in the form of [`email_name`] or [`username_name`].
    pub(crate) name: &'a str,
    /// The account that has proven this name.
    pub(crate) owner: Option<UserId>,
    /// The browser, if the account is or was signed in there. It has a last limit of its own, so that an attacker who
    /// spends the account's one does not lock the owner out.
    pub(crate) device: Option<SessionId>,
}

/// A typed e-mail address as part of a key.
pub(crate) fn email_name(canonical: &str) -> String {
    format!("email:{canonical}")
}

/// A typed username as part of a key.
pub(crate) fn username_name(canonical: &str) -> String {
    format!("username:{canonical}")
}

/// The budgets of one password check.
pub(crate) struct PasswordBudgets {
    all: Vec<Budget>,
}

impl PasswordBudgets {
    /// The budgets that every check charges.
    pub(crate) fn all(&self) -> &[Budget] {
        &self.all
    }

    /// The budgets that only wrong passwords charge.
    pub(crate) fn of_account(&self) -> &[Budget] {
        self.all.get(1..).unwrap_or_default()
    }
}

impl Core {
    /// The budgets of every password check: one set for an account, whatever the route (R35). A name that cannot belong
    /// to any account charges the address only.
    ///
    /// The budget of an address is by the typed name. By the account, it would show which two names belong to the same
    /// account.
    pub(crate) fn password_budgets(
        &self,
        tried: Option<&PasswordTry<'_>>,
        context: &RequestContext,
    ) -> PasswordBudgets {
        let mut all = vec![self.limits.password_per_ip.of_ip(context)];
        if let Some(PasswordTry { name, owner, device }) = tried {
            let backstop = match (owner, device) {
                (None, _) => (*name).to_owned(),
                (Some(owner), None) => owner.to_string(),
                (Some(owner), Some(device)) => format!("{owner}:{device}"),
            };
            all.extend(self.budgets_of_name(name, context));
            all.push(self.limits.password_per_account.of(backstop));
        }
        PasswordBudgets { all }
    }

    fn budgets_of_name(&self, name: &str, context: &RequestContext) -> [Budget; 2] {
        let backstop = self.limits.password_per_account;
        let share = Rate { burst: (backstop.burst / 5).max(1), every: backstop.every.saturating_mul(2), ..backstop };
        let network = network(context.ip);
        [
            self.limits.password_per_account_and_ip.of(format_args!("{network} {name}")),
            share.of(format_args!("share {network} {name}")),
        ]
    }

    /// Makes the password budgets of an account full again after its owner was authenticated: the account's own one,
    /// and those of the client's address for each proven name of the account.
    pub(crate) fn restore_password_budgets(&self, user: &User, context: &RequestContext) {
        let proven = user.identifiers_of(IdentifierKind::Email).filter(|email| email.is_verified());
        let mut names: Vec<String> = proven.map(|email| email_name(&email.canonical)).collect();
        names.extend(user.preferred_username.as_ref().map(|name| username_name(&name.canonical())));
        let mut budgets: Vec<Budget> = names.iter().flat_map(|name| self.budgets_of_name(name, context)).collect();
        budgets.push(self.limits.password_per_account.of_user(user.id));
        self.restore(&budgets);
    }
}
