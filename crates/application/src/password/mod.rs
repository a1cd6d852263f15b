//! Passwords: changed by who knows the old one, reset by who receives the mail.

pub mod change;
pub mod exchange_reset_code;
mod mail_reset;
pub mod request_reset;
pub mod reset;
