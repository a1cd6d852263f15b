//! What the core needs from the world: traits, and the errors they may answer with. No implementation lives here.
//!
//! # How to implement one
//! Make a crate named port-technology (`mailer-lettre`), depend on this crate and on `selfsame-domain` alone, and pass
//! the port's contract suite in `selfsame-testing`. Then choose it by URL scheme in `server/compose.rs`.
//!
//! # How to add one
//! Only when a use case needs it: a trait in words of the domain, its error in the same file, a suite in
//! `selfsame-testing` that a memory implementation passes first.
//!
//! # What all ports share
//! Methods block: HTTP runs each use case on a thread that may. Instants come in as arguments or from [`Clock`], random
//! numbers from [`Vault`]; no port reads either by itself. Secrets never stand in an error.

pub mod access_tokens;
pub mod attempts;
pub mod audit;
pub mod blobs;
pub mod challenges;
pub mod clock;
pub mod mail;
#[cfg(feature = "mock")]
pub mod mock;
pub mod outbox;
pub mod passwords;
pub mod pictures;
pub mod queries;
pub mod rate_limits;
pub mod refresh_tokens;
pub mod sessions;
pub mod storage;
pub mod users;
pub mod vault;

pub use access_tokens::{AccessClaims, AccessTokenError, AccessTokens, NewAccessToken};
pub use attempts::Attempts;
pub use audit::Audit;
pub use blobs::{BlobError, Blobs};
pub use challenges::Challenges;
pub use clock::Clock;
pub use mail::{Mail, MailError, Mailbox, Mailer, Message, StoredMail};
pub use outbox::{Channel, ChannelStatus, Lease, LeaseToken, Leased, Outbox, OutboxMessage, OutboxRow, OutboxStatus};
pub use passwords::{PasswordError, PasswordHasher, Verdict};
pub use pictures::{PictureError, Pictures, ProcessedPicture};
pub use queries::{Queries, SessionState};
pub use rate_limits::{Exhausted, Limit, RateLimits};
pub use refresh_tokens::RefreshTokens;
pub use sessions::Sessions;
pub use storage::{Storage, StorageError, Unique, UnitOfWork};
pub use users::Users;
pub use vault::{Vault, VaultError};
