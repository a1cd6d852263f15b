//! The outbox: mails, and jobs that the worker does later.

pub mod deliver;
pub mod job;
pub mod mailbox;
mod outcome;
mod outlet;
pub(crate) mod post;
pub(crate) mod signal;
