//! Second factors: authenticator apps (TOTP), text messages and backup codes. How a sign-in asks for them is in [`crate::attempts::verify`],
//! how a signed-in user proves one again in [`crate::sessions::prove_again`].

pub mod backup_codes;
pub mod begin_sms;
pub mod begin_totp;
pub mod check;
pub mod confirm_sms;
pub mod confirm_totp;
pub mod remove_sms;
pub mod remove_totp;
pub mod reseal;
