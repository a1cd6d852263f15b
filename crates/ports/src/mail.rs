//! Mail: the messages, and the port that sends them.

use selfsame_domain::Instant;
use serde::{Deserialize, Serialize};

/// The kind of a mail, with its data. The mailer has the text.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "mail", rename_all = "snake_case")]
pub enum Mail {
    /// Prove that this address is yours.
    VerifyEmail {
        /// For typing.
        code: String,
        /// For clicking; none where only the code is accepted.
        link: Option<String>,
        /// Life of the code, in minutes.
        code_minutes: i64,
    },
    /// An operator made an account for you: prove your address and set a password.
    Invitation {
        /// For clicking.
        link: String,
        /// Life of the link, in minutes.
        minutes: i64,
    },
    /// Somebody signed up with your address, which has an account (R1).
    AlreadyRegistered,
    /// Set a new password.
    ResetPassword {
        /// For typing; none while the budget of wrong codes is spent.
        code: Option<String>,
        /// For clicking.
        link: String,
        /// Life of the link, in minutes.
        minutes: i64,
    },
    /// Your password was changed (R25).
    PasswordChanged,
    /// Prove that this new address is yours.
    ConfirmEmailChange {
        /// For typing.
        code: String,
        /// Life of the code, in minutes.
        minutes: i64,
    },
    /// Somebody asked to replace your primary address (R9); sent to the old one.
    EmailChangeRequested {
        /// The new address, masked.
        masked_email: String,
        /// Cancels the change.
        link: String,
        /// Life of the link, in minutes.
        minutes: i64,
    },
    /// The change of your primary address was cancelled (R9).
    EmailChangeCancelled {
        /// The address that will not replace it, masked.
        masked_email: String,
    },
    /// Your primary address was replaced (R25); sent to the old ones.
    EmailChanged {
        /// The new address, masked.
        masked_email: String,
    },
    /// Your primary address or number was replaced by another of yours, or your number removed (R25).
    ContactChanged,
    /// Your account will be deleted, as you asked.
    DeletionScheduled {
        /// The day, as `YYYY-MM-DD` in UTC.
        on: String,
        /// Calls it off.
        link: String,
    },
    /// Your account will be deleted soon, as you asked.
    DeletionReminder {
        /// The day, as `YYYY-MM-DD` in UTC.
        on: String,
        /// The time until then, in minutes.
        minutes: i64,
        /// Calls it off.
        link: String,
    },
    /// Your account stays.
    DeletionCancelled,
    /// Your account was deleted.
    AccountDeleted,
    /// Changes of your account were undone, and it is frozen until the password is reset.
    ChangeUndone {
        /// The primary address now, masked, to which the link is mailed that sets another password; none if there is no
        /// verified one.
        masked_email: Option<String>,
    },
    /// An authenticator app was enrolled (R25).
    AuthenticatorAdded,
    /// The authenticator app was removed (R25).
    AuthenticatorRemoved,
    /// A phone number was enrolled as second factor (R25).
    SmsFactorAdded {
        /// Masked.
        masked: String,
    },
    /// The phone number is no second factor any more (R25).
    SmsFactorRemoved {
        /// Masked.
        masked: String,
    },
    /// New backup codes were made (R25).
    BackupCodesMade,
    /// A backup code was used (R25).
    BackupCodeUsed {
        /// How many are left.
        left: i64,
    },
    /// A passkey was added (R25).
    PasskeyAdded,
    /// A passkey was removed (R25).
    PasskeyRemoved,
    /// An application was allowed to use your account, or to do more with it (R25).
    ApplicationAllowed {
        /// The name of the application.
        application: String,
    },
    /// An address or number was added to your account. It is not proven yet (R25).
    ContactAdded {
        /// Masked.
        masked: String,
    },
    /// An address or number of your account was proven (R25).
    ContactVerified {
        /// Masked.
        masked: String,
    },
    /// An address or number was removed from your account (R25); sent also to the removed one.
    ContactRemoved {
        /// Masked.
        masked: String,
    },
    /// Somebody wanted to prove your address or number for another account (R1).
    ContactClaimed {
        /// Masked.
        masked: String,
    },
    /// Your password was removed (R25).
    PasswordRemoved,
    /// Your account was signed in to from a device that it had not been signed in to from before (R25).
    NewSignIn,
    /// Somebody asked for an export of everything that your account holds (R25).
    ExportRequested,
    /// The export that you asked for can be downloaded.
    ExportReady {
        /// The application, never the data.
        link: String,
        /// For how long, in minutes.
        minutes: i64,
    },
    /// The operator removed your second factors, backup codes and remembered devices (R25).
    FactorsReset {
        /// Whether your passkeys too.
        passkeys: bool,
    },
    /// A test by the operator.
    Test,
}

impl Mail {
    /// Whether it is the answer to what its reader has just requested, and not a notice.
    pub fn is_requested(&self) -> bool {
        matches!(self, Self::VerifyEmail { .. } | Self::ResetPassword { .. } | Self::ConfirmEmailChange { .. })
    }
}

/// How the event of a notice came about, in words for its reader. What is not known is not told.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Circumstances {
    /// Browser and operating system, by the server's own words for them.
    pub device: Option<String>,
    /// The IP address.
    pub ip: Option<String>,
    /// Where that address is.
    pub place: Option<String>,
    /// When: in the time zone and the format of the reader.
    pub time: String,
}

/// The link "this was not me" of a notice.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct UndoLink {
    /// For clicking.
    pub link: String,
    /// Its life, in minutes.
    pub minutes: i64,
}

/// A mail to one address.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Message {
    /// Becomes the left part of the Message-ID: the same at every try.
    pub id: String,
    /// The stored address of the recipient (R4).
    pub to: String,
    /// The recipient's name, if known.
    pub name: Option<String>,
    /// The language of the recipient (BCP 47), if known.
    #[serde(default)]
    pub locale: Option<String>,
    /// Its content.
    pub mail: Mail,
    /// How the event came about that it tells of; none for mail that was asked for.
    #[serde(default)]
    pub circumstances: Option<Circumstances>,
    /// The way to undo the change that it tells of, if its reader may.
    #[serde(default)]
    pub undo: Option<UndoLink>,
}

/// Sends mail: through an SMTP server, or into a development mailbox.
#[cfg_attr(feature = "mock", mockall::automock)]
pub trait Mailer: Send + Sync {
    /// Sends one message. `Ok` means that the other side has accepted it.
    fn send(&self, message: &Message, now: Instant) -> Result<(), MailError>;
}

/// Why a message was not sent. The text contains neither the recipient nor the content.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum MailError {
    /// Worth another try: no connection, time-out, a 4xx reply.
    #[error("mail could not be handed over yet: {0}")]
    Temporary(String),
    /// Not worth another try: a 5xx reply, an address that cannot be written.
    #[error("mail was refused: {0}")]
    Permanent(String),
}

/// A mail or text message in the development mailbox.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct StoredMail {
    /// Names the mail in the mailbox.
    pub id: String,
    /// When it was stored, in RFC 3339.
    pub sent_at: String,
    /// To whom.
    pub to: String,
    /// Subject.
    pub subject: String,
    /// Plain text.
    pub text: String,
    /// HTML; empty for a text message.
    pub html: String,
}

/// Reads the development mailbox. In production there is none.
pub trait Mailbox: Send + Sync {
    /// The newest `limit` mails and text messages, newest first.
    fn list(&self, limit: usize) -> Result<Vec<StoredMail>, MailError>;
    /// One mail.
    fn read(&self, id: &str) -> Result<Option<StoredMail>, MailError>;
}
