//! The routes' work: decode, run, answer.

pub(super) mod account;
pub(super) mod deployment;
pub(super) mod recovery;
pub(super) mod session;
pub(super) mod sign_in;
pub(super) mod verification;
