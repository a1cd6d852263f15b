//! What a profile shows.

pub mod update;
