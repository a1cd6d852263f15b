//! Test tools of the workspace: a dev-dependency only, never part of the server.
//!
//! | module | what it gives a test |
//! |---|---|
//! | [`postgres`] | a PostgreSQL of its own: one shared server, a fresh database per test, servers to kill |
//! | [`smtp`] | an SMTP server that keeps what it is sent and misbehaves on request |
//! | [`mailbox`] | the development mailbox folder, read back |
//! | [`received`] | a received mail, taken apart: headers, parts, the code, the link |
//! | [`server`] | the real binary as a child process, spoken to over TCP |
//! | [`programs`] | programs of the machine that a test runs, or a test that is skipped |
//! | [`archive`] | the files of a ZIP archive |
//! | [`authenticator`] | a software authenticator for passkeys |
//! | [`poll`] | waiting for what another thread or process does |

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stderr,
    clippy::missing_panics_doc,
    reason = "test support fails loudly"
)]

pub mod archive;
pub mod authenticator;
pub mod builders;
pub mod core;
pub mod fakes;
pub mod json;
pub mod mailbox;
pub mod memory;
pub mod poll;
pub mod postgres;
mod process;
pub mod programs;
pub mod received;
pub mod server;
pub mod smtp;
pub mod suites;
