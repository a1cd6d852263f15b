//! Tests of every route over a core in memory, and of the recorded behaviour of the framework.

mod email;
mod failures;
mod mfa;
mod password;
mod profile;
mod recorded;
mod sessions;

const EMAIL: &str = "ada@example.com";
const ME: &str = "/api/v1/me";
const PASSWORD: &str = "/api/v1/me/password";
