//! Tests of every route over a core in memory.

mod devices;
mod email;
mod failures;
mod me;
mod mfa;
mod password;
mod profile;
mod session;
mod sessions;
mod sign_in;
mod sign_up;
mod verification;
mod webauthn;

const EMAIL: &str = "jane@example.com";
const LOGIN: &str = "/api/v1/auth/login";
const ME: &str = "/api/v1/auth/me";
const PROFILE: &str = "/api/v1/auth/me/profile";
const SIGN_UP: &str = "/api/v1/auth/signup";
