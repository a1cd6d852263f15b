//! Sign-up.

pub mod start;
