//! Sign-in.

pub mod start;
pub mod with_password;
