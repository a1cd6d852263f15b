//! Exports: everything that an account holds, as one archive for its owner (R78).
//!
//! An export is requested with a recent proof, made by a worker, and downloaded with another recent proof until it expires.
//!
//! | file | content |
//! |---|---|
//! | `request`, `list`, `download`, `remove` | what its owner may ask |
//! | `make` | the work of the worker |
//! | `contents` | what is in an archive |
//! | `parts` | the archive in the file store: in sealed parts |
//! | `expire` | the end of archives that expired |

pub(crate) mod contents;
pub mod download;
pub(crate) mod expire;
pub mod list;
pub(crate) mod make;
pub(crate) mod parts;
pub mod remove;
pub mod request;
