//! The rules of an account: identifiers, names, passwords, pictures, sessions, challenges.
//!
//! No I/O, no clock, no randomness, no framework: instants and random numbers are arguments. Invalid input returns
//! *all* its [`Violation`]s as data; each wire contract has its own messages and codes for them.
//!
//! Names are those of OpenID Connect Core 1.0 section 5.1 (`given_name`, `zoneinfo`, …) and NIST SP 800-63.

#![cfg_attr(test, expect(clippy::unwrap_used, clippy::panic, reason = "a test may stop at the first surprise"))]

pub mod activity;
pub mod attempt;
pub mod attributes;
pub mod audit;
pub mod backup_code;
pub mod challenge;
pub mod change;
pub mod device;
pub mod email;
pub mod export;
pub mod external_identity;
pub mod factor;
pub mod field_rights;
mod guessable;
pub mod id;
pub mod idempotency;
pub mod identifier;
pub mod local_time;
pub mod meter;
pub mod oauth;
pub mod passkey;
pub mod password;
pub mod phone;
pub mod picture;
pub mod place;
pub mod profile;
pub mod proof_of_work;
pub mod readiness;
pub mod receipt;
pub mod refresh;
pub mod request_context;
pub mod reserved;
pub mod session;
pub mod text;
pub mod ticket;
pub mod token;
pub mod totp;
mod typed;
pub mod undo;
pub mod user;
pub mod user_agent;
pub mod username;
pub mod violation;
pub mod webhook;

pub use activity::ActivityKind;
pub use attempt::{Attempt, AttemptKind, SignInMethod, SignUpForm};
pub use attributes::{Attributes, AttributesPolicy};
pub use audit::{Action, Actor, AuditEvent, AuditHead, AuditRecord, Difference};
pub use backup_code::BackupCode;
pub use challenge::{Challenge, Code, Purpose};
pub use change::Change;
pub use device::Device;
pub use email::EmailAddress;
pub use export::{Archive, Export, ExportState, ExportStatus};
pub use external_identity::ExternalIdentity;
pub use factor::{Factor, Factors};
pub use field_rights::{FieldRight, FieldRights};
pub use id::{
    AttemptId, ChallengeId, DeviceId, ExportId, ExternalIdentityId, IdentifierId, OutboxId, PasskeyId, SessionId,
    SignInId, UserId, WebhookEventId,
};
pub use idempotency::{IdempotencyClaim, IdempotencyKey};
pub use identifier::{Identifier, IdentifierKind};
pub use meter::Meter;
pub use oauth::{AuthorizedClient, Consent, Scope, Scopes};
pub use passkey::{CredentialId, Passkey};
pub use password::{Password, PasswordHash, PasswordPolicy, Strength};
pub use phone::PhoneNumber;
pub use picture::{DataUri, Picture};
pub use place::Place;
pub use profile::ProfilePatch;
pub use readiness::{Credential, Loss, Means, Readiness, WayIn};
pub use receipt::{AuditReceipt, ChainMac, ReceiptFlaw};
pub use refresh::{RefreshChain, RefreshToken};
pub use request_context::RequestContext;
pub use reserved::ReservedNames;
pub use session::{Assurance, Session, SignIn};
pub use ticket::{Ticket, TicketKind};
pub use token::{OpaqueToken, TokenHash};
pub use totp::{PendingTotp, Totp, TotpSecret};
pub use undo::UndoPoint;
pub use user::{RemovalRefused, SameChannel, SecondFactorPolicy, User, WriteBudgets};
pub use user_agent::UserAgent;
pub use username::Username;
pub use violation::{ByteCount, Claim, Rule, Violation, Violations};
pub use webhook::{EndpointName, EventPattern, EventType};

/// An instant in UTC, in every part of the system.
pub type Instant = chrono::DateTime<chrono::Utc>;

/// An instant as contracts and documents write it: RFC 3339 in UTC, with milliseconds and `Z`.
pub fn timestamp(instant: Instant) -> String {
    instant.to_rfc3339_opts(chrono::SecondsFormat::Millis, true)
}
