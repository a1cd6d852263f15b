//! Rate limits: the budgets for every operation that checks a secret or sends a mail (R20, R35, R86), and for what one
//! user may write. The table here is the only list of them: a name in it is the field of [`Limits`], the key in the
//! section `[limits]` of the settings, and part of the key in storage.
//!
//! To add a budget: a line in the table, and the documented key in `config/default.toml`. A test compares them.

mod budget;
mod password;

use std::{fmt::Display, time::Duration};

use selfsame_domain::{RequestContext, UserId};
use serde::{Deserialize, Serialize};

pub(crate) use self::budget::network;
pub use self::budget::{Budget, ChargedBudget, Left, observe_budgets};
pub(crate) use self::password::{PasswordBudgets, PasswordTry, email_name, username_name};

/// A rate: `burst` at once, and one more after each `every`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rate {
    /// Its name in the table.
    pub name: &'static str,
    /// The number at once; at least 1.
    pub burst: u32,
    /// The time until one more is allowed; at least a millisecond.
    pub every: Duration,
}

/// So many bytes at once, and as many again over `per`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ByteRate {
    /// Its name in the table.
    pub name: &'static str,
    /// The number of bytes at once; at least 1.
    pub bytes: u64,
    /// The time until as many are allowed again; at least a millisecond.
    pub per: Duration,
}

/// Makes [`Limits`] of the table.
macro_rules! limits {
    (
        rates { $($(#[$rate_doc:meta])+ $rate:ident = $burst:literal / $every:expr;)+ }
        bytes { $($(#[$bytes_doc:meta])+ $bytes:ident = $mebibytes:literal MiB / $per:expr;)+ }
    ) => {
        /// All budgets. `R` stands for a [`Rate`], `B` for a [`ByteRate`] and `U` for nothing: the settings have them as an
        /// operator writes them, and the URL of the place where they are kept.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize)]
        #[serde(deny_unknown_fields)]
        pub struct Limits<R = Rate, B = ByteRate, U = ()> {
            /// Off for load tests and for servers with rate limits elsewhere.
            pub enabled: bool,
            /// Where they are stored.
            pub url: U,
            $($(#[$rate_doc])+ pub $rate: R,)+
            $($(#[$bytes_doc])+ pub $bytes: B,)+
        }

        impl Default for Limits {
            fn default() -> Self {
                Self {
                    enabled: true,
                    url: (),
                    $($rate: Rate { name: stringify!($rate), burst: $burst, every: $every },)+
                    $($bytes: ByteRate { name: stringify!($bytes), bytes: $mebibytes << 20, per: $per },)+
                }
            }
        }

        impl<R, B, U> Limits<R, B, U> {
            /// The same table with other entries, each made from its name and its entry.
            pub fn map<S, C>(self, rate: impl Fn(&'static str, R) -> S, bytes: impl Fn(&'static str, B) -> C) -> Limits<S, C> {
                Limits {
                    enabled: self.enabled,
                    url: (),
                    $($rate: rate(stringify!($rate), self.$rate),)+
                    $($bytes: bytes(stringify!($bytes), self.$bytes),)+
                }
            }
        }
    };
}

limits! {
    rates {
        /// New accounts from one address.
        sign_up_per_ip = 3 / Duration::from_mins(20);
        /// Passwords tried for one account from one address.
        password_per_account_and_ip = 5 / Duration::from_mins(1);
        /// Passwords tried from one address, right ones too, because each costs a hash (R82).
        password_per_ip = 10 / Duration::from_secs(6);
        /// Passwords tried for one account from anywhere: the last limit, against a botnet. One address alone gets a
        /// fifth of it, at half the speed, so that it cannot lock the account.
        password_per_account = 100 / Duration::from_mins(15);
        /// Wrong codes of one mailbox and purpose, over all accounts and contracts (R35).
        code_per_account = 5 / Duration::from_hours(1);
        /// Wrong codes of one second factor of one account, over all routes and contracts (R35).
        second_factor_per_account = 5 / Duration::from_mins(15);
        /// Authenticator apps that one user begins to enrol.
        totp_setup_per_user = 20 / Duration::from_mins(1);
        /// Sets of backup codes that one user makes.
        backup_codes_per_user = 5 / Duration::from_mins(10);
        /// Codes and links tried from one address.
        proof_per_ip = 10 / Duration::from_secs(6);
        /// Proofs mailed to one e-mail address.
        mail_per_address = 3 / Duration::from_mins(3);
        /// Proofs mailed for one sign-up or sign-in. When so many have gone, the time to the next doubles with each.
        mail_per_attempt = 1 / Duration::from_secs(30);
        /// Mails caused from one address.
        mail_per_ip = 10 / Duration::from_mins(6);
        /// Password resets mailed to one e-mail address.
        reset_per_address = 3 / Duration::from_hours(1);
        /// Text messages to one number: the pause between two of them.
        sms_pause_per_number = 1 / Duration::from_mins(1);
        /// Text messages to one number: five in an hour.
        sms_per_number = 3 / Duration::from_mins(30);
        /// Text messages to one number: ten in a day.
        sms_per_number_and_day = 5 / Duration::from_mins(288);
        /// Text messages caused by one user.
        sms_per_user = 5 / Duration::from_mins(72);
        /// Text messages caused from one address.
        sms_per_ip = 10 / Duration::from_mins(72);
        /// Text messages of all users together, because each costs money (R16).
        sms_per_server = 500 / Duration::from_secs(173);
        /// Refused sign-ups from one address, because judging a password costs time (R83). Beyond it each counts as a sign-up.
        new_password_per_ip = 20 / Duration::from_secs(6);
        /// Changes of password by one user, refused ones too.
        password_change_per_user = 5 / Duration::from_secs(12);
        /// Notices of one kind about changes, mailed to one user. Beyond it no notice is sent.
        notice_per_user = 5 / Duration::from_mins(10);
        /// Exports that one user requests.
        export_per_user = 3 / Duration::from_hours(8);
        /// Answers that a username is taken, to one address. Beyond it each spends all changes of its user.
        taken_per_ip = 20 / Duration::from_mins(1);
        /// Sign-ins with passkeys begun and finished from one address.
        passkey_per_ip = 20 / Duration::from_secs(3);
        /// Registrations, changes and proofs of passkeys begun and finished by one user.
        passkey_per_user = 20 / Duration::from_secs(30);
        /// Refresh tokens used from one address.
        refresh_per_ip = 60 / Duration::from_secs(1);
        /// Picture files taken in from one user (R72).
        picture_per_user = 10 / Duration::from_mins(1);
        /// Changes of the profile and of the active sign-in by one user. A name that is taken counts as a tenth of them.
        profile_write_per_user = 60 / Duration::from_secs(1);
    }
    bytes {
        /// What the changes of one user add to the audit trail, which nobody can delete.
        audit_bytes_per_user = 20 MiB / Duration::from_hours(1);
    }
}

impl Rate {
    /// The budget of the client's address, or of its IPv6 network (R59).
    pub fn of_ip(self, context: &RequestContext) -> Budget {
        self.of(network(context.ip))
    }

    /// The budget of a user.
    pub fn of_user(self, user: UserId) -> Budget {
        self.of(user)
    }

    /// The budget of a subject, given in its canonical form, so that another spelling is not another budget.
    pub fn of(self, subject: impl Display) -> Budget {
        Budget::new(self.name, subject, self.every, self.capacity())
    }

    /// The time until an empty budget is full again.
    pub fn capacity(self) -> Duration {
        self.every.saturating_mul(self.burst)
    }
}

impl ByteRate {
    /// The time until so many bytes are available again. More than the burst counts as the burst.
    pub fn cost(self, bytes: u64) -> Duration {
        let micros = (self.per.as_micros() * u128::from(bytes)).div_ceil(u128::from(self.bytes.max(1)));
        Duration::from_micros(u64::try_from(micros).unwrap_or(u64::MAX)).min(self.per)
    }
}
