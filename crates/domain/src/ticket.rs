//! One-time state: a secret that was handed out once, and what it lets its holder do, once.

use crate::{Instant, TokenHash, UserId};

macro_rules! kinds {
    ($($(#[$doc:meta])* $name:ident = $word:literal,)*) => {
        /// What a ticket is good for. A ticket of one kind is never accepted as another.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum TicketKind { $($(#[$doc])* $name,)* }

        impl TicketKind {
            /// The stored word.
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$name => $word,)* }
            }

            /// The reverse of [`TicketKind::as_str`]; `None` for a word of another build.
            pub fn from_word(word: &str) -> Option<Self> {
                match word { $($word => Some(Self::$name),)* _ => None }
            }
        }
    };
}

kinds! {
    /// The right to set a password, once: handed out for a mailed code, or for a link that proved an address.
    SetPassword = "set_password",
}

/// A ticket. It is used up by one conditional statement, and its expiry is judged at use (R12).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ticket {
    /// Hash of the secret.
    pub hash: TokenHash,
    /// What it is good for.
    pub kind: TicketKind,
    /// Whose it is, if anybody's yet.
    pub user_id: Option<UserId>,
    /// What else must be the same at use: a session, a credential epoch, a device. What it means is its kind's business.
    pub bound_to: Option<String>,
    /// What its use needs to know, sealed by the vault.
    pub sealed: Option<Vec<u8>>,
    /// When it was handed out.
    pub created_at: Instant,
    /// Until when it can be used.
    pub expires_at: Instant,
}
