//! Which scope the token of an application needs for a route. The only place that decides it: [`Call`](crate::call::Call) asks
//! here, so no handler can forget it.
//!
//! A route that is not named here needs a scope of security, so a new route is closed to applications at first.

use actix_web::http::Method;
use selfsame_domain::Scope;

/// The routes of the profile.
const PROFILE: &[&str] = &[
    "/api/v1/account",
    "/api/v1/auth/me",
    "/api/v1/auth/me/profile",
    "/api/v1/me",
    "/me",
    "/me/profile-picture",
    "/me/organization-memberships",
    "/me/workspace-memberships",
];

/// Routes of the profile whose changes are changes of credentials: addresses and numbers, by which one signs in.
const PROFILE_TO_READ: &[&str] = &[
    "/api/v1/account/emails",
    "/api/v1/account/emails/{id}",
    "/api/v1/account/phones",
    "/api/v1/account/phones/{id}",
    "/me/email-addresses",
    "/me/email-addresses/{id}",
    "/me/phone-numbers",
    "/me/phone-numbers/{id}",
];

/// The scope for a method of a route.
pub(crate) fn needed(method: &Method, route: &str) -> Scope {
    let is_read = matches!(*method, Method::GET | Method::HEAD | Method::OPTIONS);
    match (route, is_read) {
        ("/userinfo", _) => Scope::OpenId,
        (route, true) if PROFILE.contains(&route) || PROFILE_TO_READ.contains(&route) => Scope::ProfileRead,
        (route, false) if PROFILE.contains(&route) => Scope::ProfileWrite,
        (_, true) => Scope::SecurityRead,
        (_, false) => Scope::SecurityWrite,
    }
}
