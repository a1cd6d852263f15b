//! The ports: traits for everything that the core needs from outside, and their errors. No implementation is here.
//!
//! # How to implement one
//! Make a crate named port-technology (`mailer-lettre`), depend on this crate and on `selfsame-domain` alone, and pass
//! the port's contract suite in `selfsame-testing`. Then choose it by URL scheme in `server/src/compose`. The README has
//! the steps under "Add an adapter".
//!
//! # How to add one
//! Only when a use case needs it: a trait in terms of the domain, its error in the same file, and a suite in
//! `selfsame-testing` that an implementation in memory passes first.
//!
//! # What all ports share
//! Methods block: HTTP runs each use case on a thread that may block. Instants are arguments or come from [`Clock`],
//! random numbers come from [`Vault`]. No error contains a secret.

pub mod access_tokens;
pub mod accounts;
pub mod audit;
pub mod blobs;
pub mod breached_passwords;
pub mod clock;
pub mod consents;
pub mod devices;
pub mod exports;
pub mod external_identities;
pub mod foreign_tokens;
pub mod idempotency_keys;
pub mod mail;
#[cfg(feature = "mock")]
pub mod mock;
pub mod outbox;
pub mod passkeys;
pub mod passwords;
pub mod pictures;
pub mod places;
pub mod proofs;
pub mod queries;
pub mod rate_limits;
pub mod schema;
pub mod second_factors;
pub mod sessions;
pub mod sms;
pub mod storage;
pub mod undo_points;
pub mod vault;
pub mod webauthn;
pub mod webhooks;

pub use access_tokens::{AccessClaims, AccessTokenError, AccessTokens, IdTokenHint, NewAccessToken, NewIdToken};
pub use accounts::Accounts;
pub use audit::Audit;
pub use blobs::{BLOB_MAX_BYTES, BlobEntry, BlobError, Blobs, check_blob, check_blob_name, is_blob_name};
pub use breached_passwords::{BreachedPasswords, BreachedPasswordsError};
pub use clock::Clock;
pub use consents::Consents;
pub use devices::Devices;
pub use exports::Exports;
pub use external_identities::ExternalIdentities;
pub use foreign_tokens::{ForeignClaims, ForeignTokenError, ForeignTokens};
pub use idempotency_keys::IdempotencyKeys;
pub use mail::{Circumstances, Mail, MailError, Mailbox, Mailer, Message, StoredMail, UndoLink};
pub use outbox::{Channel, ChannelStatus, Lease, LeaseToken, Leased, Outbox, OutboxMessage, OutboxRow, OutboxStatus};
pub use passkeys::Passkeys;
pub use passwords::{PasswordError, PasswordHasher, Verdict};
pub use pictures::{PictureError, Pictures, ProcessedPicture};
pub use places::Places;
pub use proofs::Proofs;
pub use queries::{ActivityFilter, Credentials, ExternalIdentityState, Queries, SessionState, SignInState};
pub use rate_limits::{BudgetKey, Charge, Exhausted, RateLimits};
pub use schema::{Schema, SchemaState};
pub use second_factors::SecondFactors;
pub use sessions::Sessions;
pub use sms::{Sms, SmsError, SmsSender, TextMessage};
pub use storage::{Storage, StorageError, Unique, UnitOfWork};
pub use undo_points::UndoPoints;
pub use vault::{Vault, VaultError};
pub use webauthn::{
    AssertionClaims, Ceremony, NewCredential, NewPasskeyOwner, VerifiedAssertion, WebAuthn, WebAuthnError,
};
pub use webhooks::{WebhookError, WebhookEvent, WebhookEvents, WebhookMessage, WebhookSender};
