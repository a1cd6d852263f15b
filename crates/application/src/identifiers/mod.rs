//! Identifiers of an account: changes and proofs.

pub mod confirm_change;
pub mod proofs;
pub mod prove;
pub mod request_change;
pub mod request_verification;
pub mod verify;
