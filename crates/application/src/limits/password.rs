//! The budgets in front of a check of a password.

use selfsame_domain::{IdentifierKind, RequestContext, SessionId, User, UserId};

use super::{Budget, Rate, budget::network};
use crate::Core;

/// Whose password is tried.
pub(crate) struct Tried<'a> {
    /// The name that was typed, as [`email_name`] or [`username_name`] has it.
    pub(crate) name: &'a str,
    /// The account that has proven this name.
    pub(crate) owner: Option<UserId>,
    /// The browser, if the account is or was signed in there. It has a backstop of its own, so that whoever exhausts the
    /// account's does not lock its owner out.
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

/// The budgets in front of one check of a password.
pub(crate) struct PasswordBudgets {
    all: Vec<Budget>,
}

impl PasswordBudgets {
    /// What every check costs.
    pub(crate) fn all(&self) -> &[Budget] {
        &self.all
    }

    /// Those that only wrong passwords are to cost.
    pub(crate) fn of_account(&self) -> &[Budget] {
        self.all.get(1..).unwrap_or_default()
    }
}

impl Core {
    /// The budgets in front of every check of a password: one set for an account, whichever route asks (R35). A name that
    /// cannot be anybody's costs the address alone.
    ///
    /// What an address may try goes by the name as typed: were it by the account, a name would tell by its budget which
    /// other name is the same account's.
    pub(crate) fn password_budgets(&self, tried: Option<&Tried<'_>>, context: &RequestContext) -> PasswordBudgets {
        let mut all = vec![self.limits.password_per_ip.of_ip(context)];
        if let Some(Tried { name, owner, device }) = tried {
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

    /// Forgets the wrong passwords tried for an account whose owner has just proven to be one: from anywhere, and from the
    /// client's address for each name that the account has proven.
    pub(crate) fn forget_wrong_passwords(&self, user: &User, context: &RequestContext) {
        let proven = user.identifiers_of(IdentifierKind::Email).filter(|email| email.is_verified());
        let mut names: Vec<String> = proven.map(|email| email_name(&email.canonical)).collect();
        names.extend(user.preferred_username.as_ref().map(|name| username_name(&name.canonical())));
        let mut budgets: Vec<Budget> = names.iter().flat_map(|name| self.budgets_of_name(name, context)).collect();
        budgets.push(self.limits.password_per_account.of_user(user.id));
        self.forget(&budgets);
    }
}
