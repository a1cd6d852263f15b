//! Sign-up.

mod release_username;
pub mod start;
