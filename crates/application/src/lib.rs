//! What a caller may ask of the account server: one file, one use case, one struct that holds the question, one
//! `execute` that answers it. A folder for each capability.
//!
//! A use case knows the domain and the ports and nothing of wires, databases or clocks. It reads top to bottom:
//! limits first, slow hashing outside of any transaction, then one unit of work in which the change, its audit row and
//! its mail are written together. What a caller did wrong comes back in the use case's own error; what went wrong
//! around it in a [`Fault`].

mod account;
pub mod attempts;
pub mod core;
pub mod data;
pub mod fault;
pub mod identifiers;
pub mod limits;
pub mod mail;
pub mod operator;
pub mod password;
pub mod policy;
pub mod profile;
pub mod sessions;
pub mod sign_in;
pub mod sign_up;

pub use crate::{
    core::Core,
    fault::Fault,
    limits::Limits,
    policy::{LONGEST_MAIL_USE, Policy},
    sessions::{
        authenticate::{Authenticate, Caller, Credential},
        principal::Principal,
        view::SessionView,
    },
};
