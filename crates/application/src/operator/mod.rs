//! What the operator asks on the command line.

pub mod users;
