//! Remembered devices, which are not asked for a second factor for a while, and sign-ins from new ones.

pub mod activate;
pub mod forget;
pub mod list;
pub mod offer;
pub mod origin;
pub mod remember;
pub mod remembered;
