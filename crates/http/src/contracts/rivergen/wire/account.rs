//! `GET /me` (rivergen.md section A5).
//!
//! This server knows no organizations, workspaces, social accounts or administrators among its users: the lists are
//! empty and the figures naught because that is so.

use selfsame_application::{Policy, sessions::read_security::SecurityFigures};
use selfsame_domain::{Attributes, IdentifierKind, User, id::Id as _};
use serde::Serialize;
use serde_json::{Map, Value};
use utoipa::ToSchema;

use super::{image_url, primary_email, timestamp};

/// A list of which nothing is known to this server.
type Nothing = [(); 0];

/// The caller's account.
#[derive(Serialize, ToSchema)]
#[schema(as = rivergen::CurrentUser)]
pub(in super::super) struct CurrentUser {
    user: UserObject,
    /// Oldest first.
    emails: Vec<EmailObject>,
    /// Always empty.
    #[schema(value_type = Vec<Object>, max_items = 0, example = json!([]))]
    organizations: Nothing,
    /// Always empty.
    #[schema(value_type = Vec<Object>, max_items = 0, example = json!([]))]
    workspaces: Nothing,
    security: SecurityObject,
}

/// The account itself.
#[derive(Serialize, ToSchema)]
#[schema(as = rivergen::User)]
struct UserObject {
    #[schema(example = 123)]
    id: i64,
    #[schema(example = "Jane Smith", required)]
    display_name: Option<String>,
    #[schema(example = "jane@example.com", required)]
    primary_email: Option<String>,
    #[schema(example = "https://example.com/avatar.jpg", required)]
    profile_image_url: Option<String>,
    #[schema(example = "2024-01-01T12:00:00.000Z", format = DateTime)]
    created_at: String,
    #[schema(example = "2024-01-01T13:00:00.000Z", format = DateTime)]
    updated_at: String,
    /// Always `false`: the server is administered on its command line.
    #[schema(example = false)]
    is_system_admin: bool,
    /// Always `null`: a disabled account has no caller.
    #[schema(example = json!(null), format = DateTime, required)]
    disabled_at: Option<String>,
    /// The free-form object that `PUT /me/profile` merges into.
    #[schema(value_type = Object, example = json!({ "bio": "Software developer" }))]
    profile: Map<String, Value>,
    /// Always empty: nothing is kept about a user but what is shown here.
    #[schema(value_type = Object, example = json!({}))]
    user_metadata: Map<String, Value>,
}

/// An e-mail address of the account.
#[derive(Serialize, ToSchema)]
#[schema(as = rivergen::Email)]
struct EmailObject {
    #[schema(example = "jane@example.com")]
    email: String,
    #[schema(example = true)]
    verified: bool,
    #[schema(example = true)]
    is_primary: bool,
    #[schema(example = "2024-01-01T12:00:00.000Z", format = DateTime)]
    created_at: String,
}

/// How the account is guarded and used.
#[derive(Serialize, ToSchema)]
#[schema(as = rivergen::Security)]
struct SecurityObject {
    #[schema(example = false)]
    mfa_enabled: bool,
    /// Always empty: there is no method to enrol yet.
    #[schema(value_type = Vec<String>, max_items = 0, example = json!([]))]
    mfa_methods: Nothing,
    #[schema(example = 0)]
    social_accounts_count: usize,
    /// Always empty.
    #[schema(value_type = Vec<String>, max_items = 0, example = json!([]))]
    connected_providers: Nothing,
    /// Sign-ins ever.
    #[schema(example = 42)]
    total_login_attempts: i64,
    /// Sign-ins that are live now.
    #[schema(example = 2)]
    active_sessions: i64,
}

impl CurrentUser {
    pub(in super::super) fn of(user: User, attributes: Attributes, figures: SecurityFigures, policy: &Policy) -> Self {
        let connected_providers = [];
        Self {
            emails: emails(&user),
            organizations: [],
            workspaces: [],
            security: SecurityObject {
                mfa_enabled: user.has_second_factor(),
                mfa_methods: [],
                social_accounts_count: connected_providers.len(),
                connected_providers,
                total_login_attempts: figures.sign_ins_ever,
                active_sessions: figures.live_sign_ins,
            },
            user: UserObject::of(user, attributes, policy),
        }
    }
}

impl UserObject {
    fn of(user: User, attributes: Attributes, policy: &Policy) -> Self {
        Self {
            id: user.id.number(),
            primary_email: primary_email(&user),
            profile_image_url: image_url(&user, policy),
            created_at: timestamp(user.created_at),
            updated_at: timestamp(user.updated_at),
            is_system_admin: false,
            disabled_at: user.disabled_at.map(timestamp),
            user_metadata: Map::new(),
            display_name: user.name,
            profile: attributes.0,
        }
    }
}

fn emails(user: &User) -> Vec<EmailObject> {
    let emails = user.identifiers_of(IdentifierKind::Email);
    emails
        .map(|email| EmailObject {
            email: email.value.clone(),
            verified: email.is_verified(),
            is_primary: email.is_primary,
            created_at: timestamp(email.created_at),
        })
        .collect()
}
