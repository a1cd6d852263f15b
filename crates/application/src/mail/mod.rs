//! Mail that leaves by the outbox.

pub mod deliver;
