//! `POST /oauth/token` (RFC 6749 section 3.2), for public clients.

use actix_web::{
    HttpResponse,
    http::header::{AUTHORIZATION, PRAGMA},
    web::Payload,
};
use selfsame_application::oauth::{exchange_code::ExchangeCode, refresh_tokens::RefreshTokens, tokens::ClientTokens};
use serde::Serialize;
use utoipa::ToSchema;

use super::{
    Call, Fails,
    reasons::{INVALID_CLIENT, INVALID_GRANT, INVALID_SCOPE, UNSUPPORTED_GRANT_TYPE, invalid_client},
};
use crate::{Lane, body::Members, call::HandlerResult, document::RateLimited, rejection::whole_seconds};

/// A grant that is exchanged for tokens.
#[derive(ToSchema)]
#[schema(as = oauth::TokenForm)]
struct TokenForm {
    /// `authorization_code` or `refresh_token`.
    #[schema(example = "refresh_token")]
    grant_type: String,
    #[schema(example = "my-app")]
    client_id: String,
    /// Of the grant `authorization_code`.
    #[schema(nullable = false, example = "AAaZ7h0kM0Kf5T3lqS1c9b2Zr7uYx8wVnAeGhJkLpQdRtWzXyB4C1dE")]
    code: Option<String>,
    /// Of the grant `authorization_code`: as in the authorization request.
    #[schema(nullable = false, example = "https://app.example.com/callback")]
    redirect_uri: Option<String>,
    /// Of the grant `authorization_code`: 43 to 128 characters (RFC 7636).
    #[schema(nullable = false, example = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk")]
    code_verifier: Option<String>,
    /// Of the grant `refresh_token`.
    #[schema(nullable = false, example = "m0Kf5T3lqS1c9b2Zr7uYx8wVnAeGhJkLpQdRtWzXyB4")]
    refresh_token: Option<String>,
    /// Of the grant `refresh_token`: fewer scopes for the new access token.
    #[schema(nullable = false, example = "openid")]
    scope: Option<String>,
    /// Refused: no client has a secret.
    #[schema(ignore)]
    client_secret: Option<String>,
}

impl TokenForm {
    /// Reads the form. Other fields are ignored (RFC 6749 section 3.2).
    fn read(members: &mut Members<'_>) -> Self {
        Self {
            grant_type: members.required_text("grant_type"),
            client_id: members.required_text("client_id"),
            code: members.optional_text("code"),
            redirect_uri: members.optional_text("redirect_uri"),
            code_verifier: members.optional_text("code_verifier"),
            refresh_token: members.optional_text("refresh_token"),
            scope: members.optional_text("scope"),
            client_secret: members.optional_text("client_secret"),
        }
    }
}

/// The tokens (RFC 6749 section 5.1).
#[derive(Serialize, ToSchema)]
#[schema(as = oauth::Tokens)]
struct Tokens {
    /// A JWT (RFC 9068).
    #[schema(example = "eyJ0eXAiOiJhdCtqd3QiLCJhbGciOiJFUzI1NiJ9.eyJzdWIiOiIxMjMifQ.c2lnbmF0dXJl")]
    access_token: String,
    #[schema(example = "Bearer")]
    token_type: &'static str,
    /// In seconds.
    #[schema(example = 300)]
    expires_in: u64,
    /// With the scope `offline_access`. Used once: the response to its use has the next one.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, example = "m0Kf5T3lqS1c9b2Zr7uYx8wVnAeGhJkLpQdRtWzXyB4")]
    refresh_token: Option<String>,
    /// With the scope `openid` (OpenID Connect Core section 2).
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, example = "eyJ0eXAiOiJKV1QiLCJhbGciOiJFUzI1NiJ9.eyJzdWIiOiIxMjMifQ.c2lnbmF0dXJl")]
    id_token: Option<String>,
    /// What the access token is good for.
    #[schema(example = "openid offline_access")]
    scope: String,
}

impl From<ClientTokens> for Tokens {
    fn from(tokens: ClientTokens) -> Self {
        Self {
            access_token: tokens.access_token.token,
            token_type: "Bearer",
            expires_in: whole_seconds(tokens.access_token.expires_in),
            refresh_token: tokens.refresh_token.map(|token| token.expose().to_owned()),
            id_token: tokens.id_token,
            scope: tokens.scopes.to_text(),
        }
    }
}

/// Exchange a grant for tokens
///
/// A code with its PKCE verifier, or a refresh token. Clients are public: they send `client_id` and no secret. A code or a
/// refresh token that is used again ends the sign-in of the application with all its tokens.
#[utoipa::path(
    post, path = "/oauth/token", operation_id = "oauth_issue_tokens", tag = "oauth",
    security(()),
    request_body(content((TokenForm = "application/x-www-form-urlencoded"))),
    responses(
        (status = 200, description = "The tokens.", body = Tokens),
        Fails<(INVALID_CLIENT, INVALID_GRANT, UNSUPPORTED_GRANT_TYPE, INVALID_SCOPE, RateLimited)>,
    ),
)]
pub(super) async fn issue(call: Call, payload: Payload) -> HandlerResult {
    let has_credentials = call.request().headers().contains_key(AUTHORIZATION);
    let body = call.body(payload).await?;
    let tokens = call
        .run(Lane::Database, move |core, sender| {
            let form = body.read(|members| {
                let form = TokenForm::read(members);
                match form.grant_type.as_str() {
                    "authorization_code" => {
                        for name in ["code", "redirect_uri", "code_verifier"] {
                            members.required_text(name);
                        }
                    }
                    "refresh_token" => drop(members.required_text("refresh_token")),
                    _ => {}
                }
                form
            })?;
            if has_credentials || form.client_secret.is_some() {
                return Err(invalid_client());
            }
            let (client_id, context) = (form.client_id, sender.context);
            match form.grant_type.as_str() {
                "authorization_code" => {
                    let (code, code_verifier) = (form.code.unwrap_or_default(), form.code_verifier.unwrap_or_default());
                    let redirect_uri = form.redirect_uri.unwrap_or_default();
                    Ok(ExchangeCode { client_id, code, redirect_uri, code_verifier, context }.execute(core)?)
                }
                "refresh_token" => {
                    let refresh_token = form.refresh_token.unwrap_or_default();
                    Ok(RefreshTokens { client_id, refresh_token, scope: form.scope, context }.execute(core)?)
                }
                _ => Err(UNSUPPORTED_GRANT_TYPE.into()),
            }
        })
        .await?;
    Ok(HttpResponse::Ok().insert_header((PRAGMA, "no-cache")).json(Tokens::from(tokens)))
}
