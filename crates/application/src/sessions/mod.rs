//! Authentication of callers, browser sessions and sign-ins.

pub mod anonymous;
pub mod authenticate;
pub mod end;
pub mod issue_access_token;
pub mod list;
pub mod name;
pub mod open;
pub mod principal;
pub mod prove_again;
pub mod read_security;
pub mod refresh;
pub mod revoke_token;
pub mod sign_out;
pub mod switch;
pub mod text_code;
pub mod view;
