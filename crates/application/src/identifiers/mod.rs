//! The addresses of an account, and how they are proven.

pub mod confirm_change;
pub mod proofs;
pub mod prove;
pub mod request_change;
pub mod request_verification;
pub mod verify;
