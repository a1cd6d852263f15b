//! Stored data as a whole.

mod orphans;
pub mod purge;
