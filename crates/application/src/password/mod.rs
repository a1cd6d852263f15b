//! Passwords: change by the current password, reset by mail.

pub mod change;
pub mod exchange_reset_code;
pub mod request_reset;
pub mod reset;
