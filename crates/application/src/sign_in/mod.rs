//! How somebody signs in.

pub mod start;
pub mod with_password;
