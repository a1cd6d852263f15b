//! The activity of an account: its audit trail as its user reads it, and receipts of it.

pub mod list;
pub mod read;
pub mod verify;
