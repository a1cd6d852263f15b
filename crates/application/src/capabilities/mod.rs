//! What the caller may do with the account now, and whether the loss of a credential would lock its owner out.

pub mod read;
