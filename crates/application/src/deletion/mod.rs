//! Deletion of an account by its owner: asked for with a fresh proof, carried out after a grace, and called off until then
//! (R77).

pub mod cancel;
pub(crate) mod carry_out;
mod remind;
pub mod schedule;
