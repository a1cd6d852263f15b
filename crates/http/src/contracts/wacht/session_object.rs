//! The session object: a browser session with its sign-ins and attempts.

use selfsame_application::{Caller, Core, SessionView};
use selfsame_domain::{self as domain, AttemptKind, SessionId, UserAgent, id::Id as _};
use serde::Serialize;
use utoipa::ToSchema;

use super::{
    attempts::{SignInAttempt, SignUpAttempt},
    user::User,
};
use crate::time::timestamp;

/// A browser session. `data` of the routes that change it, and `session` of every envelope.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = wacht::Session)]
pub(super) struct Session {
    #[schema(format = "uint64", example = "423456789012345678")]
    id: String,
    #[schema(format = "date-time", example = "2024-01-01T12:00:00.000Z")]
    created_at: String,
    #[schema(format = "date-time", example = "2024-01-01T12:00:00.000Z")]
    updated_at: String,
    /// The active sign-in, which `/me` uses; `null` if there is none.
    #[schema(required)]
    active_signin: Option<SignIn>,
    /// The sign-ins of this browser, one for each account.
    signins: Vec<SignIn>,
    /// Open sign-ins. The last is the one that this request has changed, open or completed.
    signin_attempts: Vec<SignInAttempt>,
    /// Open sign-ups. The last is the one that this request has changed, open or completed.
    signup_attempts: Vec<SignUpAttempt>,
}

/// A sign-in to one account.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = wacht::SignIn)]
pub(super) struct SignIn {
    #[schema(format = "uint64", example = "323456789012345678")]
    id: String,
    #[schema(format = "uint64", example = "423456789012345678")]
    session_id: String,
    #[schema(format = "uint64", example = "123456789012345678")]
    user_id: String,
    user: User,
    /// Always `null`: there are no organizations.
    #[schema(required)]
    active_organization_membership_id: Option<String>,
    /// Always `null`: there are no workspaces.
    #[schema(required)]
    active_workspace_membership_id: Option<String>,
    #[schema(format = "date-time", example = "2024-01-01T12:00:00.000Z")]
    created_at: String,
    #[schema(format = "date-time", example = "2024-01-31T12:00:00.000Z")]
    expires_at: String,
    #[schema(format = "date-time", example = "2024-01-01T12:00:00.000Z")]
    last_active_at: String,
    #[schema(example = "192.0.2.7")]
    ip_address: String,
    #[schema(example = "Firefox")]
    browser: String,
    #[schema(example = "Linux")]
    device: String,
    /// Where the address is; empty if that is not known, as the next four. In the user's language, or in English.
    #[schema(example = "Amsterdam")]
    city: String,
    #[schema(example = "North Holland")]
    region: String,
    #[schema(example = "NH")]
    region_code: String,
    #[schema(example = "Netherlands")]
    country: String,
    #[schema(example = "NL")]
    country_code: String,
}

impl Session {
    /// The wire format of a session.
    pub(super) fn of(view: &SessionView, core: &Core) -> Self {
        let session = &view.session;
        let attempts = |kind| view.attempts.iter().filter(move |attempt| attempt.kind == kind);
        let signins: Vec<_> = view.sign_ins.iter().map(|(sign_in, user)| SignIn::of(sign_in, user, core)).collect();
        Self {
            id: session.id.to_string(),
            created_at: timestamp(session.created_at),
            updated_at: timestamp(session.last_seen_at),
            active_signin: view.active().map(|(sign_in, user)| SignIn::of(sign_in, user, core)),
            signins,
            signin_attempts: attempts(AttemptKind::SignIn)
                .map(|attempt| SignInAttempt::of(attempt, session.id, &view.second_factors(attempt)))
                .collect(),
            signup_attempts: attempts(AttemptKind::SignUp)
                .map(|attempt| SignUpAttempt::of(attempt, session.id))
                .collect(),
        }
    }
}

impl SignIn {
    /// A sign-in of this user.
    pub(super) fn of(sign_in: &domain::SignIn, user: &domain::User, core: &Core) -> Self {
        let place = core.place_of(sign_in.ip.as_deref(), user.locale.as_deref()).unwrap_or_default();
        let user_agent = sign_in.user_agent.as_deref().unwrap_or_default();
        Self {
            id: sign_in.id.to_string(),
            session_id: session_of(sign_in).to_string(),
            user_id: sign_in.user_id.to_string(),
            user: User::of(user, &core.policy),
            active_organization_membership_id: None,
            active_workspace_membership_id: None,
            created_at: timestamp(sign_in.created_at),
            expires_at: timestamp(sign_in.expires_at),
            last_active_at: timestamp(sign_in.last_active_at),
            ip_address: sign_in.ip.clone().unwrap_or_default(),
            browser: browser(user_agent).to_owned(),
            device: UserAgent::of(user_agent).system.unwrap_or_default().to_owned(),
            city: place.city.unwrap_or_default(),
            region: place.region.unwrap_or_default(),
            region_code: place.region_code.unwrap_or_default(),
            country: place.country.unwrap_or_default(),
            country_code: place.country_code.unwrap_or_default(),
        }
    }
}

/// The session of the caller. A client with tokens has none, so the view has only its sign-in, under the id that the
/// tokens have as `sid`.
pub(super) fn view_of(caller: &Caller) -> SessionView {
    caller.session.clone().unwrap_or_else(|| {
        let sign_in = &caller.sign_in;
        SessionView {
            session: domain::Session {
                id: session_of(sign_in),
                created_at: sign_in.created_at,
                last_seen_at: sign_in.last_active_at,
                expires_at: sign_in.expires_at,
            },
            active: Some(sign_in.id),
            sign_ins: vec![(sign_in.clone(), caller.user.clone())],
            attempts: Vec::new(),
            waiting: Vec::new(),
        }
    })
}

/// The session of a sign-in. A client with tokens has none, so the id of the sign-in is used.
fn session_of(sign_in: &domain::SignIn) -> SessionId {
    sign_in.session_id.unwrap_or_else(|| SessionId::from_number(sign_in.id.number()))
}

/// The browser, by whose name the SDK chooses an icon; if it is unknown, the first product of the user agent.
fn browser(user_agent: &str) -> &str {
    let first_product = || user_agent.split(['/', ' ']).next().unwrap_or_default();
    UserAgent::of(user_agent).browser.unwrap_or_else(first_product)
}

#[cfg(test)]
mod tests {
    use super::browser;

    #[test]
    fn an_unknown_browser_is_called_by_its_first_product() {
        let firefox = "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0";
        assert_eq!([browser(firefox), browser("curl/8.5.0"), browser("")], ["Firefox", "curl", ""]);
    }
}
