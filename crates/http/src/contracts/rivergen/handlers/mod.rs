//! One function for each route, of three statements: decode, run, encode.

pub(super) mod email;
pub(super) mod me;
pub(super) mod passwords;
pub(super) mod sign_in;
pub(super) mod sign_up;

use actix_web::HttpResponse;

use super::rejection::Rejection;

type Answer = Result<HttpResponse, Rejection>;
