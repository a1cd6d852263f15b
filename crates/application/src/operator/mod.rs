//! What the operator asks on the command line.

pub mod outbox;
pub mod users;
