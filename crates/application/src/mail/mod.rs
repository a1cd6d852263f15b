//! What leaves by the outbox: mail, and jobs that the worker does later.

pub mod deliver;
mod fate;
pub mod job;
pub(crate) mod post;
pub mod signal;
