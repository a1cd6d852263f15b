//! Which scopes the token of an application needs for a route. The only place that decides it: [`Call`](crate::call::Call) asks
//! here, so no handler can forget it (R100).
//!
//! A route that is not named here is closed to applications. What an answer shows counts as well as what a request does: an
//! answer with names, addresses or numbers needs `profile:read` too. Every answer of the Wacht contract has the user in its
//! session.

use std::{collections::HashMap, sync::LazyLock};

use actix_web::http::Method;
use selfsame_application::Principal;
use selfsame_domain::Scope::{self, OpenId, ProfileRead, ProfileWrite, SecurityRead, SecurityWrite};

/// What the token of an application needs for a route.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Needed {
    /// All of these scopes.
    All(&'static [Scope]),
    /// One of these scopes.
    Any(&'static [Scope]),
    /// No scope is enough: only the user's own sign-ins may do it.
    OwnSignIn,
}

use Needed::{All, Any, OwnSignIn};

impl Needed {
    /// Whether the caller may call the route.
    pub(crate) fn is_met_by(self, principal: &Principal) -> bool {
        match self {
            All(scopes) => scopes.iter().all(|scope| principal.may(*scope)),
            Any(scopes) => scopes.iter().any(|scope| principal.may(*scope)),
            OwnSignIn => principal.client.is_none(),
        }
    }

    /// The scopes to ask for; none if no scope is enough.
    pub(crate) fn scopes(self) -> &'static [Scope] {
        match self {
            All(scopes) => scopes,
            Any(scopes) => scopes.first().map_or(&[], std::slice::from_ref),
            OwnSignIn => &[],
        }
    }
}

/// Every route that takes an access token, by what an application needs for it. `HEAD` is as `GET`.
pub(crate) const ROUTES: &[(Needed, &[&str])] = &[
    (All(&[OpenId]), &["GET /userinfo", "POST /userinfo"]),
    // The profile.
    (
        All(&[ProfileRead]),
        &[
            "GET /api/v1/account",
            "GET /api/v1/account/attributes/schema",
            "GET /api/v1/account/email-change",
            "GET /api/v1/account/emails",
            "GET /api/v1/account/emails/{id}",
            "GET /api/v1/account/phones",
            "GET /api/v1/account/phones/{id}",
            "GET /api/v1/auth/me",
            "GET /api/v1/me",
            "GET /me",
            "GET /me/email-addresses",
            "GET /me/email-addresses/{id}",
            "GET /me/organization-memberships",
            "GET /me/phone-numbers",
            "GET /me/phone-numbers/{id}",
            "GET /me/workspace-memberships",
        ],
    ),
    // Changes of addresses, numbers and the policy of second factors through these need `security:write` too: the use case asks
    // for it, because the body decides.
    (
        All(&[ProfileWrite]),
        &[
            "PATCH /api/v1/account",
            "PUT /api/v1/auth/me/profile",
            "PATCH /api/v1/me",
            "POST /me",
            "PATCH /me",
            "POST /me/profile-picture",
        ],
    ),
    // What the document of the capabilities says depends on the scopes.
    (Any(&[ProfileRead, SecurityRead]), &["GET /api/v1/account/capabilities"]),
    // Sign-ins, devices, factors and applications.
    (
        All(&[SecurityRead]),
        &[
            "GET /api/v1/account/applications",
            "GET /api/v1/account/deletion",
            "GET /api/v1/account/devices",
            "GET /api/v1/account/identities",
            "GET /api/v1/account/passkeys",
            "GET /api/v1/account/second-factors",
            "GET /api/v1/account/sign-ins",
            "GET /api/v1/account/sign-ins/{id}",
            "GET /api/v1/devices",
            "GET /api/v1/me/mfa",
            "GET /api/v1/me/sessions",
            "GET /api/v1/sessions",
            "GET /api/v1/webauthn/credentials",
        ],
    ),
    // The same with values of the profile in the answer.
    (
        All(&[SecurityRead, ProfileRead]),
        &[
            "GET /api/v1/account/activity",
            "GET /api/v1/account/activity/{sequence}",
            "POST /api/v1/account/activity/receipts/verify",
            "GET /deployment",
            "GET /deployment/invitations/validate",
            "GET /me/passkeys",
            "GET /me/signins",
            "GET /session",
        ],
    ),
    (
        All(&[SecurityWrite]),
        &[
            "DELETE /api/v1/account/applications/{id}",
            "POST /api/v1/account/backup-codes",
            "POST /api/v1/account/deletion",
            "DELETE /api/v1/account/deletion",
            "DELETE /api/v1/account/devices",
            "DELETE /api/v1/account/devices/{id}",
            "DELETE /api/v1/account/email-change",
            "POST /api/v1/account/emails",
            "DELETE /api/v1/account/emails/{id}",
            "DELETE /api/v1/account/identities/{id}",
            "POST /api/v1/account/emails/{id}/verification",
            "PATCH /api/v1/account/passkeys/{id}",
            "DELETE /api/v1/account/passkeys/{id}",
            "PUT /api/v1/account/password",
            "DELETE /api/v1/account/password",
            "POST /api/v1/account/password/strength",
            "POST /api/v1/account/phones",
            "DELETE /api/v1/account/phones/{id}",
            "POST /api/v1/account/phones/{id}/verification",
            "DELETE /api/v1/account/sign-ins",
            "DELETE /api/v1/account/sign-ins/current",
            "PATCH /api/v1/account/sign-ins/{id}",
            "DELETE /api/v1/account/sign-ins/{id}",
            "POST /api/v1/account/sms",
            "DELETE /api/v1/account/sms",
            "POST /api/v1/account/sms/confirm",
            "POST /api/v1/account/step-up",
            "POST /api/v1/account/step-up/code",
            "POST /api/v1/account/step-up/passkey",
            "POST /api/v1/account/step-up/passkey/authentication",
            "DELETE /api/v1/account/totp",
            "POST /api/v1/account/totp/confirm",
            "POST /api/v1/auth/change-password",
            "POST /api/v1/auth/logout",
            "POST /api/v1/auth/logout-all",
            "POST /api/v1/auth/me/email/request",
            "DELETE /api/v1/devices/{device_id}",
            "POST /api/v1/me/mfa/backup-codes/regenerate",
            "POST /api/v1/me/password",
            "DELETE /api/v1/me/sessions/{session_id}",
            "POST /api/v1/me/verify-email",
            "POST /api/v1/me/verify-email/confirm",
            "POST /api/v1/mfa/totp/verify",
            "DELETE /api/v1/sessions",
            "DELETE /api/v1/sessions/{session_id}",
            "DELETE /api/v1/webauthn/credentials/{credential_id}",
        ],
    ),
    // The same with values of the profile in the answer.
    (
        All(&[SecurityWrite, ProfileRead]),
        &[
            "PUT /api/v1/account/emails/{id}/primary",
            "POST /api/v1/account/emails/{id}/verification/confirm",
            "POST /api/v1/account/passkeys",
            "POST /api/v1/account/passkeys/registration",
            "PUT /api/v1/account/phones/{id}/primary",
            "POST /api/v1/account/phones/{id}/verification/confirm",
            "POST /api/v1/account/totp",
            "POST /api/v1/auth/me/email/verify",
            "POST /api/v1/mfa/totp/setup",
            "POST /api/v1/webauthn/register/complete",
            "POST /api/v1/webauthn/register/start",
            "POST /me/account/delete",
            "POST /me/authenticator",
            "POST /me/authenticator/attempt-verification",
            "POST /me/authenticator/{id}/delete",
            "POST /me/backup-codes",
            "POST /me/backup-codes/regenerate",
            "POST /me/email-addresses",
            "POST /me/email-addresses/{id}/attempt-verification",
            "POST /me/email-addresses/{id}/delete",
            "POST /me/email-addresses/{id}/make-primary",
            "POST /me/email-addresses/{id}/prepare-verification",
            "POST /me/init-sso-connection",
            "POST /me/passkeys/register/begin",
            "POST /me/passkeys/register/finish",
            "PATCH /me/passkeys/{id}",
            "POST /me/passkeys/{id}/delete",
            "POST /me/phone-numbers",
            "POST /me/phone-numbers/{id}/attempt-verification",
            "POST /me/phone-numbers/{id}/delete",
            "POST /me/phone-numbers/{id}/make-primary",
            "POST /me/phone-numbers/{id}/prepare-verification",
            "POST /me/remove-password",
            "POST /me/signins/{id}/signout",
            "POST /me/social-connections/{id}/disconnect",
            "POST /me/sso-connection-callback",
            "POST /me/update-password",
            "POST /session/sign-out",
            "POST /session/switch-organization",
            "POST /session/switch-workspace",
        ],
    ),
    (
        OwnSignIn,
        &[
            // A copy of everything that the account has.
            "GET /api/v1/account/exports",
            "POST /api/v1/account/exports",
            "GET /api/v1/account/exports/{id}",
            "DELETE /api/v1/account/exports/{id}",
            "GET /api/v1/account/exports/{id}/archive",
            // A token that takes the place of a second factor.
            "POST /api/v1/account/devices",
            "POST /api/v1/devices/activate",
            // A token for other backends.
            "GET /session/token",
            // The secret of the mailed link is what counts.
            "POST /api/v1/auth/verify-email",
            // Steps of a sign-in or sign-up.
            "GET /auth/identifier-availability",
            "POST /auth/identify",
        ],
    ),
];

/// [`ROUTES`] by the name of the operation.
static BY_ROUTE: LazyLock<HashMap<&str, Needed>> = LazyLock::new(|| {
    ROUTES.iter().flat_map(|(needed, routes)| routes.iter().map(move |route| (*route, *needed))).collect()
});

/// What an application needs for a method of a route.
pub(crate) fn needed(method: &Method, route: &str) -> Needed {
    let method = if *method == Method::HEAD { &Method::GET } else { method };
    needed_for(&format!("{method} {route}"))
}

/// The same for the name of an operation as it is in [`ROUTES`].
pub(crate) fn needed_for(operation: &str) -> Needed {
    BY_ROUTE.get(operation).copied().unwrap_or(OwnSignIn)
}
