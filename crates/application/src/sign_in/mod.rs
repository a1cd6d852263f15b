//! Sign-in.

pub mod start;
pub mod with_passkey;
pub mod with_password;
pub mod with_phone;
