//! Stored data as a whole.

pub mod purge;
