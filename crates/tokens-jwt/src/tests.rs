//! Valid, forged and expired tokens; ID tokens.

use jsonwebtoken::{DecodingKey, EncodingKey, jwk::Jwk};
use selfsame_domain::{SignInId, UserId, id::Id as _};
use selfsame_testing::fakes::TestVault;

use super::*;

fn now() -> Instant {
    "2026-06-01T12:00:00.700Z".parse().unwrap()
}

fn after(seconds: i64) -> Instant {
    now() + chrono::Duration::seconds(seconds)
}

fn options() -> Options {
    Options {
        issuer: "https://id.example.com".to_owned(),
        audiences: vec!["selfsame".to_owned(), "billing".to_owned()],
        leeway: Duration::from_secs(30),
    }
}

fn vault() -> Arc<dyn Vault> {
    Arc::new(TestVault::default())
}

fn pems(keys: &[(&str, &[u8])]) -> Vec<(String, Zeroizing<Vec<u8>>)> {
    keys.iter().map(|(id, pem)| ((*id).to_owned(), Zeroizing::new(pem.to_vec()))).collect()
}

/// A server with these keys, of which the last is active.
fn server(keys: &[(&str, &[u8])]) -> JwtTokens {
    JwtTokens::new(options(), &pems(keys), keys.last().unwrap().0, vault()).unwrap()
}

fn new_token() -> NewAccessToken {
    NewAccessToken {
        user_id: UserId::from_number(1234),
        sign_in_id: SignInId::from_number(5678),
        audience: "selfsame".to_owned(),
        scope: None,
        client_id: None,
        ttl: Duration::from_mins(5),
    }
}

fn part(token: &str, index: usize) -> Value {
    let part = token.split('.').nth(index).unwrap();
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(part).unwrap()).unwrap()
}

/// A server, and a forger who can sign anything with its key.
struct Forger {
    server: JwtTokens,
    header: Value,
    claims: Value,
}

impl Forger {
    fn new() -> Self {
        let server = server(&[("k1", &generate_signing_key().unwrap())]);
        let (token, _) = server.issue(&new_token(), now()).unwrap();
        Self { header: part(&token, 0), claims: part(&token, 1), server }
    }

    fn sign(&self, header: &Value, claims: &Value) -> String {
        let encode = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
        let message = format!("{}.{}", encode(header), encode(claims));
        let signature =
            jsonwebtoken::crypto::sign(message.as_bytes(), &self.server.ring().active().signing, Algorithm::ES256)
                .unwrap();
        format!("{message}.{signature}")
    }

    fn verify(&self, header: &Value, claims: &Value) -> Result<AccessClaims, AccessTokenError> {
        self.server.verify(&self.sign(header, claims), now())
    }

    fn with_header(&self, name: &str, value: Value) -> Result<AccessClaims, AccessTokenError> {
        self.verify(&changed(&self.header, name, value), &self.claims)
    }

    fn with_claim(&self, name: &str, value: Value) -> Result<AccessClaims, AccessTokenError> {
        self.verify(&self.header, &changed(&self.claims, name, value))
    }
}

/// `null` takes the field away.
fn changed(object: &Value, name: &str, value: Value) -> Value {
    let mut object = object.as_object().unwrap().clone();
    if value.is_null() {
        object.remove(name);
    } else {
        object.insert(name.to_owned(), value);
    }
    Value::Object(object)
}

const INVALID: Result<AccessClaims, AccessTokenError> = Err(AccessTokenError::Invalid);

#[test]
fn a_token_says_what_it_was_told_to() {
    let server = server(&[("k1", &generate_signing_key().unwrap())]);
    let (token, expires_at) = server.issue(&new_token(), now()).unwrap();
    let claims = server.verify(&token, now()).unwrap();
    assert_eq!(claims.user_id, UserId::from_number(1234));
    assert_eq!(claims.sign_in_id, SignInId::from_number(5678));
    assert_eq!(claims.expires_at, expires_at);
    assert_eq!(expires_at.to_rfc3339(), "2026-06-01T12:05:00+00:00");
}

#[test]
fn r45_a_token_has_exactly_the_documented_fields() {
    let forger = Forger::new();
    assert_eq!(forger.header, json!({"typ": "at+jwt", "alg": "ES256", "kid": "k1"}));
    let iat = now().timestamp();
    let expected = json!({
        "iss": "https://id.example.com", "sub": "1234", "aud": "selfsame", "sid": "5678",
        "iat": iat, "nbf": iat, "exp": iat + 300, "jti": forger.claims["jti"],
    });
    assert_eq!(forger.claims, expected);
    assert_eq!(forger.claims["jti"].as_str().unwrap().len(), 22);
    assert!(forger.verify(&forger.header, &forger.claims).is_ok(), "the forger signs well");
}

#[test]
fn scope_and_client_stand_in_a_token_that_was_issued_with_them() {
    let server = server(&[("k1", &generate_signing_key().unwrap())]);
    let (scope, client_id) = (Some("openid profile".to_owned()), Some("4711".to_owned()));
    let (token, _) = server.issue(&NewAccessToken { scope, client_id, ..new_token() }, now()).unwrap();
    let claims = part(&token, 1);
    assert_eq!((&claims["scope"], &claims["client_id"]), (&json!("openid profile"), &json!("4711")));
}

#[test]
fn two_tokens_of_one_second_differ() {
    let server = server(&[("k1", &generate_signing_key().unwrap())]);
    let issue = || part(&server.issue(&new_token(), now()).unwrap().0, 1)["jti"].clone();
    assert_ne!(issue(), issue());
}

#[test]
fn r45_a_header_that_brings_a_key_or_demands_something_is_refused() {
    let forger = Forger::new();
    let jwk = forger.server.jwks()["keys"][0].clone();
    for (name, value) in [
        ("jku", json!("https://evil.example/jwks")),
        ("x5u", json!("https://evil.example/cert")),
        ("jwk", jwk),
        ("x5c", json!(["MIIB"])),
        ("crit", json!(["exp"])),
        ("zip", json!("DEF")),
        ("anything", json!(1)),
    ] {
        assert_eq!(forger.with_header(name, value), INVALID, "{name}");
    }
}

#[test]
fn r45_algorithm_key_id_and_type_must_be_the_ones_that_are_written() {
    let forger = Forger::new();
    for (name, values) in [
        ("alg", vec![json!("none"), json!("HS256"), json!("ES384"), json!("es256"), json!(1), Value::Null]),
        ("kid", vec![json!("k2"), json!(""), json!(1), json!("../k1"), Value::Null]),
        ("typ", vec![json!("JWT"), json!("application/at+jwt"), json!("rt+jwt"), json!(""), Value::Null]),
    ] {
        for value in values {
            assert_eq!(forger.with_header(name, value.clone()), INVALID, "{name}: {value}");
        }
    }
}

#[test]
fn r45_the_public_key_is_no_secret_to_sign_with() {
    let forger = Forger::new();
    let jwk: Jwk = serde_json::from_value(forger.server.jwks()["keys"][0].clone()).unwrap();
    let public = DecodingKey::from_jwk(&jwk).unwrap();
    let mut header = Header::new(Algorithm::HS256);
    header.typ = Some(TYPE.to_owned());
    header.kid = Some("k1".to_owned());
    let secret = EncodingKey::from_secret(public.try_get_as_bytes().unwrap());
    let token = jsonwebtoken::encode(&header, &forger.claims, &secret).unwrap();
    assert_eq!(forger.server.verify(&token, now()), INVALID);
    // The same signature under a header that names the right algorithm.
    let (_, rest) = token.split_once('.').unwrap();
    let dressed = format!("{}.{rest}", URL_SAFE_NO_PAD.encode(forger.header.to_string()));
    assert_eq!(forger.server.verify(&dressed, now()), INVALID);
}

#[test]
fn r45_every_claim_must_be_there_and_of_its_type() {
    let forger = Forger::new();
    for name in ["iss", "sub", "aud", "exp", "nbf", "iat", "jti", "sid"] {
        for value in [Value::Null, json!([1]), json!({}), json!(true)] {
            assert_eq!(forger.with_claim(name, value.clone()), INVALID, "{name}: {value}");
        }
    }
    for name in ["scope", "client_id"] {
        for value in [json!(["profile"]), json!({}), json!(true), json!(1)] {
            assert_eq!(forger.with_claim(name, value.clone()), INVALID, "{name}: {value}");
        }
        let mut claims = forger.claims.clone();
        claims[name] = Value::Null;
        assert_eq!(forger.verify(&forger.header, &claims), INVALID, "{name}: null");
    }
    for name in ["exp", "nbf", "iat"] {
        for value in [json!("1780315500"), json!(1_780_315_500.5), json!(1e300)] {
            assert_eq!(forger.with_claim(name, value.clone()), INVALID, "{name}: {value}");
        }
    }
    for name in ["sub", "sid"] {
        for value in ["", "0", "-1", "+1", "01", "1 ", "0x1", "1e3", "9223372036854775808"] {
            assert_eq!(forger.with_claim(name, json!(value)), INVALID, "{name}: {value}");
        }
        assert_eq!(forger.with_claim(name, json!(1234)), INVALID, "{name} as a number");
    }
}

#[test]
fn r46_another_issuer_and_another_audience_are_refused() {
    let forger = Forger::new();
    assert_eq!(forger.with_claim("iss", json!("https://id.example.com/")), INVALID);
    assert_eq!(forger.with_claim("aud", json!("shop")), INVALID);
    assert_eq!(forger.with_claim("aud", json!(["selfsame"])), INVALID);
    assert!(forger.with_claim("aud", json!("billing")).is_ok());
}

#[test]
fn r46_what_is_no_jwt_is_refused() {
    let forger = Forger::new();
    let token = forger.sign(&forger.header, &forger.claims);
    let (message, signature) = token.rsplit_once('.').unwrap();
    for text in [
        "",
        ".",
        "..",
        "q83vASNFZ4mrze8BI0VniavN7wEjRWeJq83vASNFZ4k",
        message,
        &format!("{message}."),
        &format!("{token}."),
        &format!("{token}="),
        &format!(" {token}"),
        &format!("{token}\n"),
        &format!("{message}.{}", signature.to_lowercase()),
        &"a".repeat(TOKEN_MAX_BYTES + 1),
    ] {
        assert_eq!(forger.server.verify(text, now()), INVALID, "{text}");
    }
}

#[test]
fn a_change_to_any_character_is_noticed() {
    let forger = Forger::new();
    let token = forger.sign(&forger.header, &forger.claims);
    assert!(forger.server.verify(&token, now()).is_ok(), "and is remembered");
    for at in 0..token.len() {
        let mut changed = token.clone().into_bytes();
        changed[at] = if changed[at] == b'A' { b'B' } else { b'A' };
        let changed = String::from_utf8(changed).unwrap();
        assert_eq!(forger.server.verify(&changed, now()), INVALID, "{at}");
    }
}

#[test]
fn r97_expiry_is_judged_by_the_callers_instant_at_every_use() {
    let forger = Forger::new();
    let token = forger.sign(&forger.header, &forger.claims);
    let verify = |seconds| forger.server.verify(&token, after(seconds)).map(|_| ());
    assert_eq!(verify(0), Ok(()));
    assert_eq!(verify(329), Ok(()), "within the leeway");
    assert_eq!(verify(330), Err(AccessTokenError::Expired));
    assert_eq!(verify(0), Ok(()));
    assert_eq!(verify(-30), Ok(()), "a server whose clock is behind");
    assert_eq!(verify(-31), Err(AccessTokenError::Invalid));
}

#[test]
fn a_token_from_the_future_is_refused() {
    let forger = Forger::new();
    for name in ["iat", "nbf"] {
        let of = |seconds| json!(now().timestamp() + seconds);
        assert!(forger.with_claim(name, of(30)).is_ok());
        assert_eq!(forger.with_claim(name, of(31)), INVALID, "{name}");
    }
}

#[test]
fn r95_the_active_key_signs_and_all_keys_verify() {
    let (first, second) = (generate_signing_key().unwrap(), generate_signing_key().unwrap());
    let (old, _) = server(&[("k1", &first)]).issue(&new_token(), now()).unwrap();
    let rotated = server(&[("k1", &first), ("k2", &second)]);
    let (new, _) = rotated.issue(&new_token(), now()).unwrap();
    assert_eq!(part(&new, 0)["kid"], "k2");
    assert!(rotated.verify(&old, now()).is_ok());
    assert!(rotated.verify(&new, now()).is_ok());
    let without = server(&[("k2", &second)]);
    assert_eq!(without.verify(&old, now()), INVALID);
    let impostor = server(&[("k2", &first)]);
    assert_eq!(impostor.verify(&new, now()), INVALID, "the id alone does not do");
}

#[test]
fn r95_a_new_key_verifies_and_is_published_before_it_signs() {
    let (first, second) = (generate_signing_key().unwrap(), generate_signing_key().unwrap());
    let (both, behind) = ([("k1", &first[..]), ("k2", &second)], server(&[("k1", &first)]));
    let (new, _) = server(&both).issue(&new_token(), now()).unwrap();
    assert_eq!(behind.verify(&new, now()), INVALID, "not copied here yet");

    behind.replace(&pems(&both), "k1").unwrap();
    let kid = |tokens: &JwtTokens| part(&tokens.issue(&new_token(), now()).unwrap().0, 0)["kid"].clone();
    assert_eq!(kid(&behind), "k1");
    assert!(behind.verify(&new, now()).is_ok());
    assert_eq!(behind.jwks()["keys"].as_array().unwrap().len(), 2);
    behind.replace(&pems(&both), "k2").unwrap();
    assert_eq!(kid(&behind), "k2");
}

#[test]
fn r95_a_token_does_not_outlive_its_key_although_it_was_verified_before() {
    let (first, second) = (generate_signing_key().unwrap(), generate_signing_key().unwrap());
    let server = server(&[("k1", &first)]);
    let (old, _) = server.issue(&new_token(), now()).unwrap();
    assert!(server.verify(&old, now()).is_ok(), "and is remembered");
    server.replace(&pems(&[("k2", &second)]), "k2").unwrap();
    assert_eq!(server.verify(&old, now()), INVALID);
}

#[test]
fn r95_keys_that_cannot_be_used_leave_the_ring_as_it_was() {
    let pem = generate_signing_key().unwrap();
    let server = server(&[("k1", &pem)]);
    let (token, _) = server.issue(&new_token(), now()).unwrap();
    let broken = pems(&[("k1", &pem), ("k2", b"-----BEGIN PRIVATE KEY-----")]);
    assert_eq!(server.replace(&broken, "k1"), Err(KeyError::Unreadable("k2".to_owned())));
    assert_eq!(server.replace(&pems(&[("k1", &pem)]), "k2"), Err(KeyError::Unknown("k2".to_owned())));
    assert_eq!(server.replace(&[], "k1"), Err(KeyError::None));
    assert!(server.verify(&token, now()).is_ok());
    assert!(server.issue(&new_token(), now()).is_ok());
}

#[test]
fn the_jwk_set_shows_every_public_key_and_nothing_private() {
    let (first, second) = (generate_signing_key().unwrap(), generate_signing_key().unwrap());
    let server = server(&[("k1", &first), ("k2", &second)]);
    let set = server.jwks();
    let keys = set["keys"].as_array().unwrap();
    assert_eq!(keys.iter().map(|key| &key["kid"]).collect::<Vec<_>>(), ["k2", "k1"]);
    for key in keys {
        let names: Vec<_> = key.as_object().unwrap().keys().map(String::as_str).collect();
        assert_eq!(names.len(), 7, "{names:?}");
        assert!(!names.contains(&"d"));
        assert_eq!(
            (&key["kty"], &key["use"], &key["alg"], &key["crv"]),
            (&json!("EC"), &json!("sig"), &json!("ES256"), &json!("P-256"))
        );
    }
    // The key set is enough to verify.
    let jwk: Jwk = serde_json::from_value(keys[0].clone()).unwrap();
    let (token, _) = server.issue(&new_token(), now()).unwrap();
    let read =
        jsonwebtoken::decode::<Value>(&token, &DecodingKey::from_jwk(&jwk).unwrap(), &signature_only(Algorithm::ES256));
    assert_eq!(read.unwrap().claims["sub"], "1234");
}

#[test]
fn a_key_is_pkcs8_in_pem_and_anything_else_is_refused() {
    let pem = generate_signing_key().unwrap();
    let text = str::from_utf8(&pem).unwrap();
    assert!(text.starts_with("-----BEGIN PRIVATE KEY-----\n"));
    assert!(text.lines().all(|line| line.len() <= 64));

    let refused = |keys: &[(&str, &[u8])]| JwtTokens::new(options(), &pems(keys), "a", vault()).err();
    assert_eq!(refused(&[]), Some(KeyError::None));
    assert_eq!(refused(&[("a", &pem), ("a", &pem)]), Some(KeyError::Twice("a".to_owned())));
    let cut = &pem[..pem.len() / 2];
    let ed25519: &[u8] = b"-----BEGIN PRIVATE KEY-----\n\
        MC4CAQAwBQYDK2VwBCIEIJ1hsZ3v/VpguoRK9JLsLMREScVpezJpGXA7rAMcrn9g\n\
        -----END PRIVATE KEY-----\n";
    for pem in [b"".as_slice(), b"secret", cut, ed25519] {
        assert_eq!(refused(&[("a", pem)]), Some(KeyError::Unreadable("a".to_owned())));
    }
}

#[test]
fn r95_a_signed_document_verifies_with_the_published_keys_and_is_no_token() {
    let server = server(&[("k1", &generate_signing_key().unwrap()), ("k2", &generate_signing_key().unwrap())]);
    let document = br#"{"files": []}"#;
    let signed = server.sign("document+jws", document).unwrap();
    assert_eq!(part(&signed, 0), json!({"typ": "document+jws", "alg": "ES256", "kid": "k2"}));
    let payload = URL_SAFE_NO_PAD.decode(signed.split('.').nth(1).unwrap()).unwrap();
    assert_eq!(payload, document);
    let key: Jwk = serde_json::from_value(server.jwks()["keys"][0].clone()).unwrap();
    let (text, signature) = signed.rsplit_once('.').unwrap();
    let key = DecodingKey::from_jwk(&key).unwrap();
    assert!(jsonwebtoken::crypto::verify(signature, text.as_bytes(), &key, Algorithm::ES256).unwrap());
    assert_eq!(server.verify(&signed, now()), Err(AccessTokenError::Invalid));
}

/// A server with a key for ES256 and these for RS256, of which the last is active.
fn server_with_rs256(keys: &[(&str, &[u8])]) -> JwtTokens {
    let server = server(&[("k1", &generate_signing_key().unwrap())]);
    server.replace_rs256(&pems(keys), keys.last().unwrap().0).unwrap();
    server
}

fn new_id_token(algorithm: SigningAlgorithm) -> NewIdToken {
    NewIdToken {
        algorithm,
        user_id: UserId::from_number(1234),
        sign_in_id: SignInId::from_number(5678),
        client_id: "app".to_owned(),
        nonce: Some("the nonce".to_owned()),
        authenticated_at: after(-60),
        acr: "aal2",
        amr: vec!["pwd", "otp", "mfa"],
        // OpenID Connect Core appendix A.4 has this token and its at_hash.
        access_token: "jHkWEdUXMU1BwAsC4vtUsZwnNvTIxEl0z9K3vx5KF0Y".to_owned(),
        ttl: Duration::from_mins(5),
    }
}

#[test]
fn an_id_token_has_the_claims_of_the_sign_in_and_the_algorithm_of_its_application() {
    let server = server_with_rs256(&[("r1", &generate_rs256_key().unwrap())]);
    let iat = now().timestamp();
    for (algorithm, kid) in [(SigningAlgorithm::Es256, "k1"), (SigningAlgorithm::Rs256, "r1")] {
        let token = server.issue_id_token(&new_id_token(algorithm), now()).unwrap();
        assert_eq!(part(&token, 0), json!({"typ": "JWT", "alg": algorithm.as_str(), "kid": kid}));
        let expected = json!({
            "iss": "https://id.example.com", "sub": "1234", "aud": "app", "sid": "5678", "nonce": "the nonce",
            "iat": iat, "exp": iat + 300, "auth_time": iat - 60, "acr": "aal2", "amr": ["pwd", "otp", "mfa"],
            "at_hash": "77QmUPtjPfzWtF2AnpK9RQ",
        });
        assert_eq!(part(&token, 1), expected);
        // The key set is enough to verify.
        let keys = server.jwks()["keys"].as_array().unwrap().clone();
        let jwk = keys.into_iter().find(|key| key["kid"] == kid).unwrap();
        assert_eq!((&jwk["use"], &jwk["alg"]), (&json!("sig"), &json!(algorithm.as_str())));
        let key = DecodingKey::from_jwk(&serde_json::from_value::<Jwk>(jwk).unwrap()).unwrap();
        let alg = if kid == "k1" { Algorithm::ES256 } else { Algorithm::RS256 };
        assert!(jsonwebtoken::decode::<Value>(&token, &key, &signature_only(alg)).is_ok());
    }
    let bare = NewIdToken { nonce: None, amr: Vec::new(), ..new_id_token(SigningAlgorithm::Rs256) };
    let claims = part(&server.issue_id_token(&bare, now()).unwrap(), 1);
    assert!(claims.get("nonce").is_none() && claims.get("amr").is_none(), "{claims}");
}

#[test]
fn an_id_token_is_read_back_by_its_own_algorithm_and_no_other() {
    let server = server_with_rs256(&[("r1", &generate_rs256_key().unwrap())]);
    let expected = IdTokenHint {
        user_id: UserId::from_number(1234),
        sign_in_id: SignInId::from_number(5678),
        client_id: "app".to_owned(),
    };
    for (algorithm, other) in [("ES256", "RS256"), ("RS256", "ES256")] {
        let token = new_id_token(SigningAlgorithm::parse(algorithm).unwrap());
        let token = server.issue_id_token(&token, now()).unwrap();
        assert_eq!(server.read_id_token(&token), Some(expected.clone()), "{algorithm}");
        let (header, rest) = token.split_once('.').unwrap();
        let heading: Value = serde_json::from_slice(&URL_SAFE_NO_PAD.decode(header).unwrap()).unwrap();
        for alg in [other, "none", "HS256", "RS512", "PS256"] {
            let header = URL_SAFE_NO_PAD.encode(changed(&heading, "alg", json!(alg)).to_string());
            assert_eq!(server.read_id_token(&format!("{header}.{rest}")), None, "{algorithm} as {alg}");
        }
        assert_eq!(server.verify(&token, now()), INVALID, "R46: an ID token is no access token");
    }
    let without = self::server(&[("k1", &generate_signing_key().unwrap())]);
    let error = without.issue_id_token(&new_id_token(SigningAlgorithm::Rs256), now());
    assert_eq!(error, Err(AccessTokenError::Signing), "there is no key");
}

#[test]
fn r45_an_access_token_that_the_rsa_key_has_signed_is_refused() {
    let forger = Forger::new();
    let rsa = generate_rs256_key().unwrap();
    forger.server.replace_rs256(&pems(&[("r1", &rsa)]), "r1").unwrap();
    let key = EncodingKey::from_rsa_pem(&rsa).unwrap();
    for (alg, kid) in [("RS256", "r1"), ("RS256", "k1"), ("ES256", "r1"), ("ES256", "k1")] {
        let header = json!({"typ": TYPE, "alg": alg, "kid": kid});
        let encode = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
        let message = format!("{}.{}", encode(&header), encode(&forger.claims));
        let signature = jsonwebtoken::crypto::sign(message.as_bytes(), &key, Algorithm::RS256).unwrap();
        assert_eq!(forger.server.verify(&format!("{message}.{signature}"), now()), INVALID, "{alg} {kid}");
    }
}

#[test]
fn r95_keys_for_rs256_rotate_by_themselves() {
    let (first, second) = (generate_rs256_key().unwrap(), generate_rs256_key().unwrap());
    let server = server_with_rs256(&[("r1", &first)]);
    let issue = || server.issue_id_token(&new_id_token(SigningAlgorithm::Rs256), now()).unwrap();
    let (old, access) = (issue(), server.issue(&new_token(), now()).unwrap().0);
    server.replace_rs256(&pems(&[("r1", &first), ("r2", &second)]), "r1").unwrap();
    let kids = || server.jwks()["keys"].as_array().unwrap().iter().map(|key| key["kid"].clone()).collect::<Vec<_>>();
    assert_eq!(kids(), ["k1", "r2", "r1"], "published before it signs");
    assert_eq!(part(&issue(), 0)["kid"], "r1");
    server.replace_rs256(&pems(&[("r1", &first), ("r2", &second)]), "r2").unwrap();
    assert_eq!(part(&issue(), 0)["kid"], "r2");
    assert!(server.read_id_token(&old).is_some());
    server.replace_rs256(&pems(&[("r2", &second)]), "r2").unwrap();
    assert!(server.read_id_token(&old).is_none());
    assert!(server.verify(&access, now()).is_ok(), "the other keys have nothing to do with it");

    let error = server.replace_rs256(&pems(&[("r3", &generate_signing_key().unwrap())]), "r3");
    assert_eq!(error, Err(KeyError::UnreadableRsa("r3".to_owned())));
    let error = server.replace(&pems(&[("k2", &first)]), "k2");
    assert_eq!(error, Err(KeyError::Unreadable("k2".to_owned())));
    assert_eq!(kids(), ["k1", "r2"], "unchanged");
}

#[test]
fn a_published_rsa_key_has_3072_bits_and_nothing_private() {
    let server = server_with_rs256(&[("r1", &generate_rs256_key().unwrap())]);
    let jwk = server.jwks()["keys"][1].clone();
    let mut names: Vec<_> = jwk.as_object().unwrap().keys().map(String::as_str).collect();
    names.sort_unstable();
    assert_eq!(names, ["alg", "e", "kid", "kty", "n", "use"]);
    assert_eq!((&jwk["kty"], &jwk["e"]), (&json!("RSA"), &json!("AQAB")));
    assert_eq!(URL_SAFE_NO_PAD.decode(jwk["n"].as_str().unwrap()).unwrap().len(), 384);
    let pem = generate_rs256_key().unwrap();
    assert!(str::from_utf8(&pem).unwrap().lines().all(|line| line.len() <= 64));
}
