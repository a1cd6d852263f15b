//! `POST /oauth/introspect` (RFC 7662), for resource servers.

use actix_web::{
    HttpResponse,
    http::header::{AUTHORIZATION, HeaderMap},
    web::Payload,
};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use percent_encoding::percent_decode_str;
use selfsame_application::{
    Core,
    oauth::introspect::{Introspect, Introspection},
};
use serde::Serialize;
use utoipa::ToSchema;

use super::{
    Call, Fails,
    reasons::{INVALID_CLIENT, invalid_client},
};
use crate::{Lane, body::Members, call::HandlerResult, document::RateLimited};

/// The token that a resource server has received.
#[derive(ToSchema)]
#[schema(as = oauth::IntrospectionForm)]
struct IntrospectionForm {
    /// An access token. Every other text is answered as inactive.
    #[schema(example = "eyJ0eXAiOiJhdCtqd3QiLCJhbGciOiJFUzI1NiJ9.eyJzdWIiOiIxMjMifQ.c2lnbmF0dXJl")]
    token: String,
}

impl IntrospectionForm {
    /// Reads the form. Other fields are ignored, `token_type_hint` too.
    fn read(members: &mut Members<'_>) -> Self {
        Self { token: members.required_text("token") }
    }
}

/// What the token is good for (RFC 7662 section 2.2). Of an inactive token there is only `active`.
#[derive(Serialize, ToSchema)]
#[schema(as = oauth::Introspection)]
struct Answer {
    #[schema(example = true)]
    active: bool,
    #[serde(flatten)]
    claims: Option<Claims>,
}

/// The claims of an active token.
#[derive(Serialize, ToSchema)]
#[schema(as = oauth::IntrospectionClaims)]
struct Claims {
    #[schema(example = "openid profile:read")]
    scope: String,
    /// Left out for a token of the user's own sign-in, which has no application.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, example = "my-app")]
    client_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, example = "ada")]
    username: Option<String>,
    #[schema(example = "Bearer")]
    token_type: &'static str,
    /// Seconds since 1970.
    #[schema(example = 1_773_500_966_i64)]
    exp: i64,
    #[schema(example = "445301278613501")]
    sub: String,
    #[schema(example = "selfsame")]
    aud: String,
    #[schema(example = "https://id.example.com")]
    iss: String,
    /// The sign-in.
    #[schema(example = "445301278613502")]
    sid: String,
    #[schema(example = "aal1")]
    acr: &'static str,
    /// Seconds since 1970.
    #[schema(example = 1_773_500_066_i64)]
    auth_time: i64,
}

impl Claims {
    fn of(core: &Core, token: Introspection) -> Self {
        Self {
            scope: token.scopes.to_text(),
            client_id: token.client_id,
            username: token.username,
            token_type: "Bearer",
            exp: token.expires_at.timestamp(),
            sub: token.user_id.to_string(),
            aud: token.audience,
            iss: core.issuer().to_owned(),
            sid: token.sign_in_id.to_string(),
            acr: token.acr,
            auth_time: token.authenticated_at.timestamp(),
        }
    }
}

/// Id and secret of HTTP Basic, each encoded as in a form (RFC 6749 section 2.3.1).
fn credentials(headers: &HeaderMap) -> Option<(String, String)> {
    let mut values = headers.get_all(AUTHORIZATION);
    let (value, None) = (values.next()?.to_str().ok()?, values.next()) else { return None };
    let (scheme, encoded) = value.split_once(' ')?;
    let decoded = STANDARD.decode(encoded.trim()).ok().filter(|_| scheme.eq_ignore_ascii_case("basic"))?;
    let text = String::from_utf8(decoded).ok()?;
    let (id, secret) = text.split_once(':')?;
    let decode = |text: &str| Some(percent_decode_str(&text.replace('+', " ")).decode_utf8().ok()?.into_owned());
    Some((decode(id)?, decode(secret)?))
}

/// Ask what an access token is good for
///
/// For resource servers that the operator has registered, with HTTP Basic. It is checked as a request with the token would be:
/// sign-in, account and registration of the application.
#[utoipa::path(
    post, path = "/oauth/introspect", operation_id = "oauth_introspect_token", tag = "oauth",
    security(("resource_server" = [])),
    request_body(content((IntrospectionForm = "application/x-www-form-urlencoded"))),
    responses(
        (status = 200, description = "What it is good for.", body = Answer),
        Fails<(INVALID_CLIENT, RateLimited)>,
    ),
)]
pub(super) async fn introspect(call: Call, payload: Payload) -> HandlerResult {
    let body = call.body(payload).await?;
    let (server_id, secret) = credentials(call.request().headers()).ok_or_else(|| call.refuse(invalid_client()))?;
    let claims = call
        .run(Lane::Database, move |core, sender| {
            let IntrospectionForm { token } = body.read(IntrospectionForm::read)?;
            let found = Introspect { server_id, secret, token, context: sender.context }.execute(core)?;
            Ok(found.map(|found| Claims::of(core, found)))
        })
        .await?;
    Ok(HttpResponse::Ok().json(Answer { active: claims.is_some(), claims }))
}

#[cfg(test)]
mod tests {
    use actix_web::test::TestRequest;

    use super::*;

    #[test]
    fn credentials_are_those_of_basic_and_decoded_as_a_form() {
        let read = |value: &str| {
            let request = TestRequest::get().insert_header((AUTHORIZATION, value)).to_http_request();
            credentials(request.headers())
        };
        let basic = |text: &str| format!("Basic {}", STANDARD.encode(text));
        let expected = Some(("a:b".to_owned(), "c d+".to_owned()));
        assert_eq!(read(&basic("a%3Ab:c+d%2B")), expected);
        assert_eq!(read(&basic("a:b:c")), Some(("a".to_owned(), "b:c".to_owned())));
        for bad in ["", "Basic", "Basic !", "Bearer abc", &basic("no colon"), &basic("%ff:x")] {
            assert_eq!(read(bad), None, "{bad}");
        }
    }
}
