//! `/deployment`: the settings that the SDK reads first. Only features that work are enabled. And the public keys of
//! access tokens.

use actix_web::{HttpResponse, http::header::CACHE_CONTROL};
use base64::{
    Engine as _,
    engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD},
};
use selfsame_application::{Core, Policy};
use selfsame_domain::Claim;
use serde::Serialize;
use serde_json::{Map, Value};
use utoipa::ToSchema;

use super::{Call, Fails, WachtMode, WachtOptions, envelope::Envelope, reasons::NOT_AUTHENTICATED};
use crate::{Lane, call::HandlerResult};

/// The settings of the deployment that the SDK reads.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = wacht::Deployment)]
pub(super) struct Deployment {
    mode: WachtMode,
    /// Host of the pages, with the port if it is not the default.
    #[schema(example = "app.example.com")]
    frontend_host: String,
    /// URL of this server.
    #[schema(example = "https://id.example.com")]
    backend_host: String,
    #[schema(value_type = Vec<Object>)]
    social_connections: [Value; 0],
    b2b_settings: B2bSettings,
    ui_settings: UiSettings,
    restrictions: Restrictions,
    auth_settings: AuthSettings,
}

/// Organizations and workspaces: all disabled.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = wacht::B2bSettings)]
struct B2bSettings {
    organizations_enabled: bool,
    workspaces_enabled: bool,
    allow_users_to_create_orgs: bool,
}

/// Who may sign up.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = wacht::Restrictions)]
struct Restrictions {
    #[schema(example = "public")]
    sign_up_mode: &'static str,
}

/// Names and absolute URLs. A URL is empty if there is no such page.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = wacht::UiSettings)]
struct UiSettings {
    #[schema(example = "Selfsame")]
    app_name: String,
    logo_image_url: String,
    sign_in_page_url: String,
    sign_up_page_url: String,
    waitlist_page_url: String,
    support_page_url: String,
    tos_page_url: String,
    privacy_policy_url: String,
    #[schema(example = "https://app.example.com/")]
    after_signin_redirect_url: String,
    #[schema(example = "https://app.example.com/")]
    after_signup_redirect_url: String,
    #[schema(example = "https://app.example.com/")]
    after_sign_out_one_page_url: String,
    #[schema(example = "https://app.example.com/")]
    after_sign_out_all_page_url: String,
    #[schema(value_type = Object)]
    theme_tokens: Map<String, Value>,
}

/// The fields of the forms, and the methods to sign in.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = wacht::AuthSettings)]
struct AuthSettings {
    email_address: Field,
    phone_number: Field,
    username: Field,
    first_name: Field,
    last_name: Field,
    password: Field,
    magic_link: MagicLink,
    passkey: Passkey,
    auth_factors_enabled: Factors,
    #[schema(example = "email_password")]
    first_factor: &'static str,
    multi_session_support: MultiSession,
}

/// A field of the forms.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = wacht::Field)]
struct Field {
    #[schema(example = true)]
    enabled: bool,
    #[schema(example = true)]
    required: bool,
}

/// Sign-in by a mailed link.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = wacht::MagicLink)]
struct MagicLink {
    enabled: bool,
}

/// Passkeys.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = wacht::Passkey)]
struct Passkey {
    enabled: bool,
    prompt_registration_on_auth: bool,
}

/// First and second factors.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = wacht::Factors)]
#[expect(clippy::struct_excessive_bools, reason = "the contract's shape")]
struct Factors {
    #[schema(example = true)]
    email_password: bool,
    #[schema(example = true)]
    username_password: bool,
    email_otp: bool,
    email_magic_link: bool,
    phone_otp: bool,
    authenticator: bool,
    backup_code: bool,
}

/// Several accounts in one browser.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = wacht::MultiSession)]
struct MultiSession {
    #[schema(example = true)]
    enabled: bool,
}

impl Deployment {
    /// The deployment with the settings of the operator.
    fn of(options: &WachtOptions, core: &Core) -> Self {
        let policy = &core.policy;
        Self {
            mode: options.mode,
            frontend_host: non_empty(&options.frontend_host).unwrap_or_else(|| public_host(policy)),
            backend_host: policy.address(""),
            social_connections: [],
            b2b_settings: B2bSettings {
                organizations_enabled: false,
                workspaces_enabled: false,
                allow_users_to_create_orgs: false,
            },
            ui_settings: UiSettings::of(options, policy),
            restrictions: Restrictions { sign_up_mode: "public" },
            auth_settings: AuthSettings::of(options, policy, core.has_passkeys()),
        }
    }
}

impl UiSettings {
    fn of(options: &WachtOptions, policy: &Policy) -> Self {
        let front = match non_empty(&options.frontend_host) {
            Some(host) if host != public_host(policy) => format!("https://{host}/"),
            // This server, which may use plain HTTP.
            _ => policy.public_url.to_string(),
        };
        // The SDK shows an empty frame if it has no URL to go to.
        let redirect_url = |url: &str| non_empty(url).unwrap_or_else(|| front.clone());
        Self {
            app_name: options.app_name.clone(),
            logo_image_url: options.logo_image_url.clone(),
            sign_in_page_url: options.sign_in_page_url.clone(),
            sign_up_page_url: options.sign_up_page_url.clone(),
            waitlist_page_url: options.waitlist_page_url.clone(),
            support_page_url: options.support_page_url.clone(),
            tos_page_url: options.tos_page_url.clone(),
            privacy_policy_url: options.privacy_policy_url.clone(),
            after_signin_redirect_url: redirect_url(&options.after_signin_redirect_url),
            after_signup_redirect_url: redirect_url(&options.after_signup_redirect_url),
            after_sign_out_one_page_url: redirect_url(&options.after_sign_out_one_page_url),
            after_sign_out_all_page_url: redirect_url(&options.after_sign_out_all_page_url),
            theme_tokens: Map::new(),
        }
    }
}

impl AuthSettings {
    fn of(options: &WachtOptions, policy: &Policy, has_passkeys: bool) -> Self {
        // A field that users cannot set is not in their forms.
        let optional = |claim| Field { enabled: policy.fields.of(claim).forbids().is_none(), required: false };
        let phone_number = optional(Claim::PhoneNumber);
        Self {
            email_address: Field { enabled: true, required: true },
            // A number is of use only if it can be verified.
            phone_number: Field { enabled: phone_number.enabled && policy.sends_sms, ..phone_number },
            username: optional(Claim::PreferredUsername),
            first_name: optional(Claim::GivenName),
            last_name: optional(Claim::FamilyName),
            password: Field { enabled: true, required: true },
            magic_link: MagicLink { enabled: false },
            passkey: Passkey { enabled: has_passkeys, prompt_registration_on_auth: false },
            auth_factors_enabled: Factors {
                email_password: true,
                username_password: true,
                email_otp: false,
                email_magic_link: false,
                phone_otp: policy.signs_in_by_phone(),
                authenticator: true,
                backup_code: true,
            },
            first_factor: "email_password",
            multi_session_support: MultiSession { enabled: options.multi_session && policy.max_sign_ins > 1 },
        }
    }
}

/// Host of this server, with the port if it is not the default.
fn public_host(Policy { public_url, .. }: &Policy) -> String {
    let host = public_url.host_str().unwrap_or_default();
    public_url.port().map_or_else(|| host.to_owned(), |port| format!("{host}:{port}"))
}

fn non_empty(text: &str) -> Option<String> {
    (!text.is_empty()).then(|| text.to_owned())
}

/// Read the deployment
///
/// The settings of the deployment, and a session. A new browser must call it before any parallel calls: it sets the
/// session cookie.
#[utoipa::path(
    get, path = "/deployment", operation_id = "wacht_get_deployment", tag = "wacht",
    security((), ("session_id" = []), ("bearer" = [])),
    responses(
        (status = 200, description = "The deployment.", body = Envelope<Deployment>,
            headers(("Set-Cookie" = String, description = "The session cookies, if the request had none."))),
        Fails<NOT_AUTHENTICATED>,
    ),
)]
pub(super) async fn deployment(call: Call) -> HandlerResult {
    let session = call.run(Lane::Database, |core, sender| sender.session(core)).await?;
    let deployment = Deployment::of(&call.services().wacht, &call.services().core);
    call.respond_with_data(deployment, session)
}

/// Read the keys of access tokens
///
/// The public keys as a JWK set (RFC 7517), without an envelope. Cacheable for five minutes. A key for RS256, which signs ID
/// tokens alone, is there if an application gets such.
#[utoipa::path(
    get, path = "/.well-known/jwks.json", operation_id = "wacht_get_jwks", tag = "wacht",
    security(()),
    responses((status = 200, description = "The key set.", body = Object, example = json!({
        "keys": [
            {"kty": "EC", "kid": "…", "use": "sig", "alg": "ES256", "crv": "P-256", "x": "…", "y": "…"},
            {"kty": "RSA", "kid": "rs256-…", "use": "sig", "alg": "RS256", "n": "…", "e": "AQAB"}
        ]
    }))),
)]
pub(super) async fn jwks(call: Call) -> HttpResponse {
    let keys = call.services().core.key_set();
    HttpResponse::Ok().insert_header((CACHE_CONTROL, "public, max-age=300")).json(keys)
}

/// The key of access tokens, for clients that read PEM.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = wacht::Jwk)]
struct Pem {
    /// The host of this server: there is one deployment.
    #[schema(example = "id.example.com")]
    deployment_id: String,
    /// The key that signs now, as PEM (RFC 7468).
    #[schema(example = "-----BEGIN PUBLIC KEY-----\nMFkw…\n-----END PUBLIC KEY-----\n")]
    public_key: String,
    /// Always empty: there is no SAML.
    saml_public_key: &'static str,
}

/// Read the key of access tokens as PEM
///
/// The first key of `/.well-known/jwks.json`. Verify tokens with the key set: it has the next key before it is used.
#[utoipa::path(
    get, path = "/.well-known/jwk", operation_id = "wacht_get_jwk", tag = "wacht",
    security(()),
    responses((status = 200, description = "The key, without an envelope.", body = Pem)),
)]
pub(super) async fn jwk(call: Call) -> HttpResponse {
    let core = &call.services().core;
    let key = Pem {
        deployment_id: public_host(&core.policy),
        public_key: pem_of(&core.key_set()["keys"][0]).unwrap_or_default(),
        saml_public_key: "",
    };
    HttpResponse::Ok().insert_header((CACHE_CONTROL, "public, max-age=300")).json(key)
}

/// An ES256 key as PEM: the point, uncompressed, in a SubjectPublicKeyInfo (RFC 5480).
fn pem_of(jwk: &Value) -> Option<String> {
    const P256: &[u8] = &[
        0x30, 0x59, 0x30, 0x13, 0x06, 0x07, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01, 0x06, 0x08, 0x2a, 0x86, 0x48,
        0xce, 0x3d, 0x03, 0x01, 0x07, 0x03, 0x42, 0x00, 0x04,
    ];
    let coordinate = |name: &str| URL_SAFE_NO_PAD.decode(jwk[name].as_str()?).ok().filter(|bytes| bytes.len() == 32);
    let der = [P256, &coordinate("x")?, &coordinate("y")?].concat();
    let text = STANDARD.encode(der);
    let lines: Vec<&str> = (0..text.len()).step_by(64).filter_map(|at| text.get(at..text.len().min(at + 64))).collect();
    Some(format!("-----BEGIN PUBLIC KEY-----\n{}\n-----END PUBLIC KEY-----\n", lines.join("\n")))
}

/// Read the names and pages of the deployment
///
/// `ui_settings` of `/deployment`, without an envelope.
#[utoipa::path(
    get, path = "/.well-known/meta", operation_id = "wacht_get_meta", tag = "wacht",
    security(()),
    responses((status = 200, description = "Names and pages.", body = UiSettings)),
)]
pub(super) async fn meta(call: Call) -> HttpResponse {
    HttpResponse::Ok().json(UiSettings::of(&call.services().wacht, &call.services().core.policy))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_key_is_written_as_openssl_writes_it() {
        let jwk = json!({
            "x": "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU", "y": "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0",
        });
        let pem = pem_of(&jwk).unwrap();
        assert_eq!(
            pem,
            "-----BEGIN PUBLIC KEY-----\n\
             MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEf83OJ3D2xF1Bg8vub9tLe1gHMzV7\n\
             6e8Tus9uPHvRVEXH8UTNG72bfocs3+257rn0s2ldbqkLJK2KRiMohYjlrQ==\n\
             -----END PUBLIC KEY-----\n"
        );
        assert_eq!(pem_of(&json!({"x": "", "y": ""})), None);
    }
}
