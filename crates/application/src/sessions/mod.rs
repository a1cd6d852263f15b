//! Who is calling, and the sessions and sign-ins they call in.

pub mod anonymous;
pub mod authenticate;
pub mod issue_access_token;
pub mod open;
pub mod principal;
pub mod read_security;
pub mod refresh;
pub mod sign_out;
pub mod switch;
pub mod view;
