//! `GET /api/v1/auth/me`: the caller's account.
//!
//! This server has no organizations, workspaces, social accounts or administrators, so their lists are empty and their
//! counts zero.

use selfsame_application::{
    Policy,
    sessions::read_security::{ReadSecurity, SecurityFigures},
};
use selfsame_domain::{Attributes, IdentifierKind, User, id::Id as _};
use serde::Serialize;
use serde_json::{Map, Value};
use utoipa::ToSchema;

use super::{
    Call,
    envelope::{Success, ok, primary_email},
};
use crate::{Lane, call::HandlerResult, time::timestamp};

/// A list that is always empty.
type EmptyList = [(); 0];

/// The caller's account.
#[derive(Serialize, ToSchema)]
#[schema(as = rivergen::CurrentUser)]
struct CurrentUser {
    user: UserObject,
    /// Oldest first.
    emails: Vec<EmailObject>,
    /// Always empty.
    #[schema(value_type = Vec<Object>, max_items = 0, example = json!([]))]
    organizations: EmptyList,
    /// Always empty.
    #[schema(value_type = Vec<Object>, max_items = 0, example = json!([]))]
    workspaces: EmptyList,
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
    /// Always `false`: administrators use the command line of the server.
    #[schema(example = false)]
    is_system_admin: bool,
    /// Always `null`: a disabled account cannot sign in.
    #[schema(example = json!(null), format = DateTime, required)]
    disabled_at: Option<String>,
    /// The free-form object that `PUT /me/profile` merges into.
    #[schema(value_type = Object, example = json!({ "bio": "Software developer" }))]
    profile: Map<String, Value>,
    /// Always empty: there are no other data of a user.
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

/// The security of the account.
#[derive(Serialize, ToSchema)]
#[schema(as = rivergen::Security)]
struct SecurityObject {
    #[schema(example = false)]
    mfa_enabled: bool,
    /// `totp` for an authenticator app, `webauthn` for passkeys, `backup_code` while some are left.
    #[schema(value_type = Vec<String>, example = json!(["totp"]))]
    mfa_methods: Vec<&'static str>,
    #[schema(example = 0)]
    social_accounts_count: usize,
    /// Always empty.
    #[schema(value_type = Vec<String>, max_items = 0, example = json!([]))]
    connected_providers: EmptyList,
    /// Number of all sign-ins so far.
    #[schema(example = 42)]
    total_login_attempts: i64,
    /// Number of active sign-ins.
    #[schema(example = 2)]
    active_sessions: i64,
}

impl CurrentUser {
    fn of(user: &User, attributes: Attributes, figures: SecurityFigures, policy: &Policy) -> Self {
        let user = policy.fields.shown(user).into_owned();
        let attributes = policy.fields.shown_attributes(attributes);
        Self {
            emails: emails(&user),
            organizations: [],
            workspaces: [],
            security: SecurityObject {
                mfa_enabled: user.has_second_factor(),
                mfa_methods: mfa_methods(&user),
                social_accounts_count: 0,
                connected_providers: [],
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
            profile_image_url: user.picture.as_ref().map(|picture| policy.picture_url(picture)),
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

fn mfa_methods(user: &User) -> Vec<&'static str> {
    let methods = [
        ("totp", user.has_totp()),
        ("sms", user.has_sms()),
        ("webauthn", user.has_passkey()),
        ("backup_code", user.has_second_factor() && user.has_backup_codes()),
    ];
    methods.into_iter().filter_map(|(method, is_there)| is_there.then_some(method)).collect()
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

/// Read the current user
///
/// The account of the caller, with its addresses and security.
#[utoipa::path(
    get, path = "/api/v1/auth/me", operation_id = "rivergen_get_current_user", tag = "rivergen",
    security(("bearer" = [])),
    responses((status = 200, description = "The account.", body = Success<CurrentUser>)),
)]
pub(super) async fn current_user(call: Call) -> HandlerResult {
    let user = call
        .run(Lane::Database, |core, sender| {
            let caller = sender.authenticate_with_attributes(core)?;
            let figures = ReadSecurity.execute(core, &caller)?;
            Ok(CurrentUser::of(&caller.user, caller.attributes.unwrap_or_default(), figures, &core.policy))
        })
        .await?;
    Ok(ok(user, "User information retrieved successfully"))
}
