//! Maintenance of stored data.

pub mod check_readiness;
mod orphans;
pub mod purge;
