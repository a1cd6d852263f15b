//! Rows as the tables hold them, and the way from and to the domain.

mod account;
mod attempt;
mod challenge;
mod outbox;
mod session;

pub(crate) use account::{IdentifierRow, UserRow, one_account};
pub(crate) use attempt::AttemptRow;
pub(crate) use challenge::ChallengeRow;
pub(crate) use outbox::{LISTED, Listed, Waiting, by_channel, leased_row, listed_row};
pub(crate) use session::{RefreshTokenRow, SessionRow, SignInRow};
