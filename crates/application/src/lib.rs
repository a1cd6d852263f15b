//! What a caller may ask of the account server: one file, one use case, one struct that holds the question, one
//! `execute` that answers it.
//!
//! A use case knows the domain and the ports and nothing of wires, databases or clocks. It reads top to bottom:
//! limits first, slow hashing outside of any transaction, then one unit of work in which the change, its audit row and
//! its mail are written together. What a caller did wrong comes back in the use case's own error; what went wrong
//! around it in a [`Fault`].

pub mod account;
pub mod anonymous;
pub mod attempts;
pub mod authenticate;
pub mod change_password;
pub mod confirm_email_change;
pub mod core;
pub mod deliver_mail;
pub mod exchange_reset_code;
pub mod fault;
pub mod issue_access_token;
pub mod limits;
pub mod manage_user;
pub mod open_session;
pub mod policy;
pub mod proofs;
pub mod purge;
pub mod read_security;
pub mod refresh_access;
pub mod request_email_change;
pub mod request_email_verification;
pub mod request_password_reset;
pub mod reset_password;
pub mod send_proof;
pub mod sign_in;
pub mod sign_ins;
pub mod sign_out;
pub mod sign_up;
pub mod switch_sign_in;
pub mod update_profile;
pub mod verify_attempt;
pub mod verify_email;

pub use crate::{
    authenticate::{Authenticate, Caller, Credential, SessionView},
    core::Core,
    fault::Fault,
    limits::Limits,
    policy::Policy,
};
