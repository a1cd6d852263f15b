//! New accounts.

pub mod start;
