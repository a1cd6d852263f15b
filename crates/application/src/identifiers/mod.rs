//! Identifiers of an account: changes and proofs.

pub mod add;
pub mod availability;
pub mod cancel_change;
pub mod confirm;
pub mod confirm_change;
pub mod make_primary;
pub mod pending_change;
pub mod proofs;
pub mod prove;
pub mod remove;
pub mod request_change;
pub mod request_verification;
pub mod send_code;
pub mod verify;
