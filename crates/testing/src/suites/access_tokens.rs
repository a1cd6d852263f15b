//! What every [`AccessTokens`] promises: see [`access_tokens_contract!`](crate::access_tokens_contract).
//!
//! A promise gets the signer, and an audience whose tokens it takes.

use std::time::Duration;

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use selfsame_domain::Instant;
use selfsame_ports::{AccessClaims, AccessTokenError, AccessTokens, NewAccessToken};

use crate::builders::{a_token, fresh_id, t0};

const TTL: Duration = Duration::from_mins(5);
/// The greatest leeway for clocks that differ (R45).
const LEEWAY: Duration = Duration::from_mins(1);

fn a_new_token(audience: &str) -> NewAccessToken {
    NewAccessToken {
        user_id: fresh_id(),
        sign_in_id: fresh_id(),
        audience: audience.to_owned(),
        scope: None,
        client_id: None,
        ttl: TTL,
    }
}

fn issued(tokens: &dyn AccessTokens, audience: &str) -> (String, Instant) {
    tokens.issue(&a_new_token(audience), t0()).unwrap()
}

fn refused(tokens: &dyn AccessTokens, token: &str) {
    let answer = tokens.verify(token, t0());
    assert_eq!(answer, Err(AccessTokenError::Invalid), "{token}");
}

pub fn a_token_reads_back_what_it_was_issued_for(tokens: &dyn AccessTokens, audience: &str) {
    let scopes = [None, Some("profile"), Some("openid profile email:read")];
    let clients = [None, Some("4711"), Some("https://app.example.com")];
    for (scope, client_id) in scopes.into_iter().zip(clients) {
        let (scope, client_id) = (scope.map(str::to_owned), client_id.map(str::to_owned));
        let new = NewAccessToken { scope, client_id, ..a_new_token(audience) };
        let (token, expires_at) = tokens.issue(&new, t0()).unwrap();
        let NewAccessToken { user_id, sign_in_id, scope, client_id, .. } = new;
        let claims = AccessClaims { user_id, sign_in_id, scope, client_id, expires_at };
        assert_eq!(tokens.verify(&token, t0()), Ok(claims));
    }
}

pub fn a_token_that_is_issued_is_short_enough_to_be_taken(tokens: &dyn AccessTokens, audience: &str) {
    for length in [10, 1000, 100_000] {
        let new = NewAccessToken { scope: Some("s".repeat(length)), ..a_new_token(audience) };
        if let Ok((token, _)) = tokens.issue(&new, t0()) {
            assert!(tokens.verify(&token, t0()).is_ok(), "a scope of {length} characters");
        }
    }
}

pub fn a_token_lives_as_long_as_was_asked_to_the_second(tokens: &dyn AccessTokens, audience: &str) {
    let (_, expires_at) = issued(tokens, audience);
    let off = (expires_at - (t0() + TTL)).abs();
    assert!(off < chrono::Duration::seconds(1), "off by {off}");
}

pub fn r45_a_token_is_good_until_it_expires_and_not_a_leeway_longer(tokens: &dyn AccessTokens, audience: &str) {
    let (token, expires_at) = issued(tokens, audience);
    let last_moment = expires_at - Duration::from_secs(1);
    assert!(tokens.verify(&token, last_moment).is_ok());
    for late in [LEEWAY + Duration::from_secs(1), LEEWAY * 60] {
        let answer = tokens.verify(&token, expires_at + late);
        assert_eq!(answer, Err(AccessTokenError::Expired));
    }
}

pub fn r45_a_token_for_somebody_else_is_refused(tokens: &dyn AccessTokens, audience: &str) {
    for other in ["https://elsewhere.example", "", &audience[1..], &format!("{audience}/")] {
        // A signer may also refuse to sign it in the first place.
        if let Ok((token, _)) = tokens.issue(&a_new_token(other), t0()) {
            refused(tokens, &token);
        }
    }
}

pub fn r45_a_token_changed_in_any_character_is_refused(tokens: &dyn AccessTokens, audience: &str) {
    let (token, _) = issued(tokens, audience);
    for (index, old) in token.char_indices() {
        // The last character of a part may hold bits that no byte is made of.
        let ends_part = token[index + 1..].chars().next().is_none_or(|next| next == '.');
        if !ends_part {
            let new = if old == 'A' { 'B' } else { 'A' };
            refused(tokens, &format!("{}{new}{}", &token[..index], &token[index + 1..]));
        }
    }
}

pub fn a_changed_token_is_invalid_also_after_it_expired(tokens: &dyn AccessTokens, audience: &str) {
    let (token, expires_at) = issued(tokens, audience);
    let changed = format!("{}AAAAAAAA", &token[..token.len() - 8]);
    let answer = tokens.verify(&changed, expires_at + LEEWAY * 60);
    assert_eq!(answer, Err(AccessTokenError::Invalid));
}

pub fn r45_a_token_without_a_signature_is_refused(tokens: &dyn AccessTokens, audience: &str) {
    let (token, _) = issued(tokens, audience);
    let unsigned = token.rsplit_once('.').map_or("", |(unsigned, _)| unsigned);
    let claims = unsigned.rsplit_once('.').map_or(unsigned, |(_, claims)| claims);
    refused(tokens, unsigned);
    refused(tokens, &format!("{unsigned}."));
    for algorithm in ["none", "None", "NONE", "HS256"] {
        let header = format!(r#"{{"alg":"{algorithm}","typ":"at+jwt"}}"#);
        refused(tokens, &format!("{}.{claims}.", URL_SAFE_NO_PAD.encode(header)));
    }
}

pub fn r46_what_is_no_access_token_is_refused(tokens: &dyn AccessTokens, audience: &str) {
    let (token, _) = issued(tokens, audience);
    let twice = format!("{token}.{token}");
    let padded = format!(" {token}");
    let line = format!("{token}\n");
    for text in ["", ".", "..", "a.b.c", "null", a_token().expose(), &twice, &padded, &line] {
        refused(tokens, text);
    }
}

pub fn r46_a_signed_document_is_no_access_token(tokens: &dyn AccessTokens, audience: &str) {
    let (token, _) = tokens.issue(&a_new_token(audience), t0()).unwrap();
    let claims = token.split('.').nth(1).map(|claims| URL_SAFE_NO_PAD.decode(claims).unwrap()).unwrap();
    let signed = tokens.sign("document+jws", &claims).unwrap();
    assert_eq!(tokens.verify(&signed, t0()), Err(AccessTokenError::Invalid));
}

pub fn no_two_tokens_are_alike(tokens: &dyn AccessTokens, audience: &str) {
    let new = a_new_token(audience);
    let [(first, _), (second, _)] = [(); 2].map(|()| tokens.issue(&new, t0()).unwrap());
    assert_ne!(first, second);
}

pub fn the_published_keys_are_public(tokens: &dyn AccessTokens, _audience: &str) {
    let set = tokens.jwks();
    let keys = set["keys"].as_array().expect("a JWK set");
    for key in keys {
        let key = key.as_object().expect("a JWK");
        for private in ["d", "k", "p", "q", "dp", "dq", "qi", "oth"] {
            assert!(!key.contains_key(private), "{private}");
        }
    }
}

/// One `#[test]` for each promise of [`AccessTokens`].
///
/// `with` is a `fn(promise: fn(&dyn AccessTokens, audience: &str))`.
#[macro_export]
macro_rules! access_tokens_contract {
    ($with:ident) => {
        $crate::promises! { $with, $crate::suites;
            access_tokens {
                a_token_reads_back_what_it_was_issued_for
                a_token_that_is_issued_is_short_enough_to_be_taken
                a_token_lives_as_long_as_was_asked_to_the_second
                r45_a_token_is_good_until_it_expires_and_not_a_leeway_longer
                r45_a_token_for_somebody_else_is_refused
                r45_a_token_changed_in_any_character_is_refused
                a_changed_token_is_invalid_also_after_it_expired
                r45_a_token_without_a_signature_is_refused
                r46_what_is_no_access_token_is_refused
                r46_a_signed_document_is_no_access_token
                no_two_tokens_are_alike
                the_published_keys_are_public
            }
        }
    };
}
