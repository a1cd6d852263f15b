//! Passwords: set and changed by the current one or a recent proof, reset by mail, removed, estimated.

pub(crate) mod breaches;
pub mod change;
pub(crate) mod current;
pub mod estimate;
pub mod exchange_reset_code;
pub mod remove;
pub mod request_reset;
pub mod reset;
pub mod rules;
