//! Second factors: authenticator apps (TOTP) and backup codes. How a sign-in asks for them is in [`crate::attempts::verify`],
//! how a signed-in user proves one again in [`crate::sessions::prove_again`].

pub mod backup_codes;
pub mod begin_totp;
pub mod check;
pub mod confirm_totp;
pub mod remove_totp;
pub mod reseal;
