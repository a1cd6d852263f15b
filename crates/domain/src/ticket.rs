//! Tickets: single-use secrets, each for one kind of operation.

use crate::{Instant, TokenHash, UserId};

macro_rules! kinds {
    ($($(#[$doc:meta])* $name:ident = $word:literal,)*) => {
        /// What a ticket may be used for. A ticket of one kind is never accepted as another.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum TicketKind { $($(#[$doc])* $name,)* }

        impl TicketKind {
            /// Every kind.
            pub const ALL: &'static [Self] = &[$(Self::$name,)*];

            /// The stored value.
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$name => $word,)* }
            }

            /// The reverse of [`TicketKind::as_str`]; `None` for a value of another build.
            pub fn from_stored(word: &str) -> Option<Self> {
                match word { $($word => Some(Self::$name),)* _ => None }
            }
        }
    };
}

kinds! {
    /// Sets a password: issued for a mailed code, or for a link that proved an address.
    SetPassword = "set_password",
    /// Calls a scheduled deletion off: the link of the mail that announces it.
    KeepAccount = "keep_account",
    /// Cancels the change of the primary address that it is bound to: the link of the mail that announces it.
    CancelEmailChange = "cancel_email_change",
    /// Undoes a change: the link "this was not me" of the notice of the change. Bound to the place of its [`UndoPoint`].
    ///
    /// [`UndoPoint`]: crate::UndoPoint
    UndoChange = "undo_change",
    /// The challenge of the registration of a passkey.
    RegisterPasskey = "register_passkey",
    /// The challenge of a sign-in with a passkey.
    SignInWithPasskey = "sign_in_with_passkey",
    /// The challenge of a proof, with a passkey, by a user who is signed in.
    ProveWithPasskey = "prove_with_passkey",
    /// The authorization code of an application (RFC 6749 section 4.1.2).
    AuthorizationCode = "authorization_code",
}

/// A ticket. One conditional statement consumes it; its expiry is checked at use (R12).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ticket {
    /// Hash of the secret.
    pub hash: TokenHash,
    /// What it may be used for.
    pub kind: TicketKind,
    /// The account, if there is one yet.
    pub user_id: Option<UserId>,
    /// What must be equal at use, by kind: a session, a credential epoch, a device, a challenge.
    pub bound_to: Option<String>,
    /// State for its use, sealed by the vault.
    pub sealed: Option<Vec<u8>>,
    /// When it was issued.
    pub created_at: Instant,
    /// When it expires.
    pub expires_at: Instant,
}
