//! The profile.

pub mod read_picture;
pub mod update;
