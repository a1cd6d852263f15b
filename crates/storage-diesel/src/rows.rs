//! Rows of the tables, and their conversion from and to the domain.

mod account;
mod attempt;
mod audit;
mod challenge;
mod consent;
mod device;
mod export;
mod external_identity;
mod idempotency_key;
mod identifier;
mod outbox;
mod passkey;
mod session;
mod ticket;
mod totp;
mod undo_point;

pub(crate) use account::{Heads, Profile, UserRow, one_account, read_attributes, write_attributes};
pub(crate) use attempt::AttemptRow;
pub(crate) use audit::AuditRow;
pub(crate) use challenge::ChallengeRow;
pub(crate) use consent::ConsentRow;
pub(crate) use device::DeviceRow;
pub(crate) use export::ExportRow;
pub(crate) use external_identity::ExternalIdentityRow;
pub(crate) use idempotency_key::IdempotencyKeyRow;
pub(crate) use identifier::IdentifierRow;
pub(crate) use outbox::{LISTED, Listed, Waiting, by_channel, leased_row, listed_row};
pub(crate) use passkey::PasskeyRow;
pub(crate) use session::{SessionRow, SignInRow};
pub(crate) use ticket::TicketRow;
pub(crate) use totp::{PendingTotpRow, TotpRow};
pub(crate) use undo_point::UndoPointRow;
