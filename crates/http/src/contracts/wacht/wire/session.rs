//! The session object: a browser with its sign-ins and what is under way in it.

use selfsame_application::{Caller, Policy, SessionView};
use selfsame_domain::{self as domain, AttemptKind, SessionId, id::Id as _};
use serde::Serialize;
use utoipa::ToSchema;

use super::{SignInAttempt, SignUpAttempt, User, device, time};

/// A browser session. `data` of the routes that change it, and `session` of every envelope.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = wacht::Session)]
pub(crate) struct Session {
    #[schema(format = "uint64", example = "423456789012345678")]
    id: String,
    #[schema(format = "date-time", example = "2024-01-01T12:00:00.000Z")]
    created_at: String,
    #[schema(format = "date-time", example = "2024-01-01T12:00:00.000Z")]
    updated_at: String,
    /// The sign-in that `/me` means; `null` for a stranger.
    active_signin: Option<SignIn>,
    /// The accounts that this browser is signed in to.
    signins: Vec<SignIn>,
    /// Sign-ins under way. The one just worked on is the last, finished or not.
    signin_attempts: Vec<SignInAttempt>,
    /// Sign-ups under way. The one just worked on is the last, finished or not.
    signup_attempts: Vec<SignUpAttempt>,
}

/// One account that a browser is signed in to.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = wacht::SignIn)]
pub(crate) struct SignIn {
    #[schema(format = "uint64", example = "323456789012345678")]
    id: String,
    #[schema(format = "uint64", example = "423456789012345678")]
    session_id: String,
    #[schema(format = "uint64", example = "123456789012345678")]
    user_id: String,
    user: User,
    /// Always `null`: there are no organizations.
    active_organization_membership_id: Option<String>,
    /// Always `null`: there are no workspaces.
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
    /// Always empty, as the next four: addresses are not looked up in a map.
    city: &'static str,
    region: &'static str,
    region_code: &'static str,
    country: &'static str,
    country_code: &'static str,
}

impl Session {
    /// A session as its browser may see it.
    pub(crate) fn of(view: &SessionView, policy: &Policy) -> Self {
        let session = &view.session;
        let attempts = |kind| view.attempts.iter().filter(move |attempt| attempt.kind == kind);
        let signins: Vec<_> =
            view.sign_ins.iter().map(|(sign_in, user)| SignIn::of(sign_in, user, session.id, policy)).collect();
        Self {
            id: session.id.to_string(),
            created_at: time(session.created_at),
            updated_at: time(session.last_seen_at),
            active_signin: view.active().map(|(sign_in, user)| SignIn::of(sign_in, user, session.id, policy)),
            signins,
            signin_attempts: attempts(AttemptKind::SignIn)
                .map(|attempt| SignInAttempt::of(attempt, session.id))
                .collect(),
            signup_attempts: attempts(AttemptKind::SignUp)
                .map(|attempt| SignUpAttempt::of(attempt, session.id))
                .collect(),
        }
    }
}

impl SignIn {
    fn of(sign_in: &domain::SignIn, user: &domain::User, session: SessionId, policy: &Policy) -> Self {
        let user_agent = sign_in.user_agent.as_deref().unwrap_or_default();
        Self {
            id: sign_in.id.to_string(),
            session_id: session.to_string(),
            user_id: sign_in.user_id.to_string(),
            user: User::of(user, policy),
            active_organization_membership_id: None,
            active_workspace_membership_id: None,
            created_at: time(sign_in.created_at),
            expires_at: time(sign_in.expires_at),
            last_active_at: time(sign_in.last_active_at),
            ip_address: sign_in.ip.clone().unwrap_or_default(),
            browser: device::browser(user_agent),
            device: device::device(user_agent),
            city: "",
            region: "",
            region_code: "",
            country: "",
            country_code: "",
        }
    }
}

/// The caller's session. A client that holds tokens has none: its one sign-in is shown as one, with the id that its
/// tokens have as `sid`.
pub(crate) fn view_of(caller: &Caller) -> SessionView {
    caller.session.clone().unwrap_or_else(|| {
        let sign_in = &caller.sign_in;
        SessionView {
            session: domain::Session {
                id: SessionId::from_number(sign_in.id.number()),
                created_at: sign_in.created_at,
                last_seen_at: sign_in.last_active_at,
                expires_at: sign_in.expires_at,
            },
            active: Some(sign_in.id),
            sign_ins: vec![(sign_in.clone(), caller.user.clone())],
            attempts: Vec::new(),
        }
    })
}
