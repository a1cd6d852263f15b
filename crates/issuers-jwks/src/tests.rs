//! Tests with keys that are made for them, and a small server of key sets.

use std::{
    fs,
    io::{Read as _, Write as _},
    net::TcpListener,
    path::Path,
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
    thread,
    time::Duration,
};

use aws_lc_rs::{
    encoding::AsDer as _,
    rsa::{KeyPair as RsaKeyPair, KeySize},
    signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, Ed25519KeyPair},
};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use jsonwebtoken::{Algorithm, EncodingKey, jwk::Jwk};
use selfsame_domain::Instant;
use selfsame_ports::{ForeignClaims, ForeignTokenError, ForeignTokens as _};
use serde_json::{Value, json};

use crate::*;

const ISSUER: &str = "https://id.example.com";
const INVALID: Result<ForeignClaims, ForeignTokenError> = Err(ForeignTokenError::Invalid);

fn now() -> Instant {
    Instant::from_timestamp(1_800_000_000, 0).unwrap()
}

fn after(seconds: i64) -> Instant {
    now() + chrono::Duration::seconds(seconds)
}

/// A key of an issuer, with its algorithm and id.
struct Key {
    signing: EncodingKey,
    algorithm: Algorithm,
    id: &'static str,
}

impl Key {
    fn es256(id: &'static str) -> Self {
        let pair = EcdsaKeyPair::generate(&ECDSA_P256_SHA256_FIXED_SIGNING).unwrap();
        let der = pair.to_pkcs8v1().unwrap();
        Self { signing: EncodingKey::from_ec_der(der.as_ref()), algorithm: Algorithm::ES256, id }
    }

    fn rsa(id: &'static str, algorithm: Algorithm, size: KeySize) -> Self {
        let pair = RsaKeyPair::generate(size).unwrap();
        let der: aws_lc_rs::encoding::Pkcs8V1Der<'_> = pair.as_der().unwrap();
        let pem = pem(der.as_ref());
        Self { signing: EncodingKey::from_rsa_pem(pem.as_bytes()).unwrap(), algorithm, id }
    }

    fn ed25519(id: &'static str) -> Self {
        let pair = Ed25519KeyPair::generate().unwrap();
        let der = pair.to_pkcs8v1().unwrap();
        Self { signing: EncodingKey::from_ed_der(der.as_ref()), algorithm: Algorithm::EdDSA, id }
    }

    fn jwk(&self) -> Value {
        let mut jwk = serde_json::to_value(Jwk::from_encoding_key(&self.signing, self.algorithm).unwrap()).unwrap();
        (jwk["kid"], jwk["use"]) = (json!(self.id), json!("sig"));
        jwk
    }

    fn header(&self) -> Value {
        json!({"typ": "at+jwt", "alg": format!("{:?}", self.algorithm), "kid": self.id})
    }

    fn sign(&self, header: &Value, claims: &Value) -> String {
        let encode = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
        let text = format!("{}.{}", encode(header), encode(claims));
        let signature = jsonwebtoken::crypto::sign(text.as_bytes(), &self.signing, self.algorithm).unwrap();
        format!("{text}.{signature}")
    }

    fn token(&self) -> String {
        self.sign(&self.header(), &claims())
    }
}

fn pem(der: &[u8]) -> String {
    let text = base64::engine::general_purpose::STANDARD.encode(der);
    format!("-----BEGIN PRIVATE KEY-----\n{text}\n-----END PRIVATE KEY-----\n")
}

fn claims() -> Value {
    json!({
        "iss": ISSUER, "sub": "248289761001", "aud": "selfsame", "iat": now().timestamp(), "exp": now().timestamp() + 300,
        "email": "ada@example.com", "email_verified": true, "name": "Ada Lovelace", "scope": "read write",
        "client_id": "app", "auth_time": now().timestamp() - 60, "amr": ["pwd", "otp"],
    })
}

fn options(keys: KeySource) -> IssuerOptions {
    IssuerOptions {
        issuer: ISSUER.to_owned(),
        audience: "selfsame".to_owned(),
        keys,
        algorithms: ["ES256", "RS256", "EdDSA", "PS256"].map(ToOwned::to_owned).to_vec(),
        token_type: TokenType::AccessToken,
        claims: ClaimNames::default(),
    }
}

fn verifier(options: IssuerOptions) -> JwksIssuers {
    JwksIssuers::new(vec![options], Duration::from_secs(30), now()).unwrap()
}

fn write(path: &Path, keys: &[Value]) {
    fs::write(path, json!({"keys": keys}).to_string()).unwrap();
}

/// A verifier with these keys in a file, after a change of its options.
fn with_keys(keys: &[Value], change: impl FnOnce(&mut IssuerOptions)) -> JwksIssuers {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("jwks.json");
    write(&path, keys);
    let mut options = options(KeySource::File(path));
    change(&mut options);
    verifier(options)
}

/// A server of one answer, which can be replaced, and the number of requests that it had.
struct KeyServer {
    url: String,
    answer: Arc<Mutex<String>>,
    requests: Arc<AtomicUsize>,
}

impl KeyServer {
    fn new() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}/jwks.json", listener.local_addr().unwrap());
        let (answer, requests) = (Arc::new(Mutex::new(String::new())), Arc::new(AtomicUsize::new(0)));
        let (of_thread, counted) = (Arc::clone(&answer), Arc::clone(&requests));
        thread::spawn(move || {
            for stream in listener.incoming() {
                let mut stream = stream.unwrap();
                counted.fetch_add(1, Ordering::SeqCst);
                let mut request = [0; 4096];
                let _read = stream.read(&mut request).unwrap();
                let answer = of_thread.lock().unwrap().clone();
                stream.write_all(answer.as_bytes()).unwrap();
            }
        });
        Self { url, answer, requests }
    }

    fn answers(&self, status: &str, headers: &str, body: &str) {
        let length = body.len();
        *self.answer.lock().unwrap() =
            format!("HTTP/1.1 {status}\r\ncontent-length: {length}\r\nconnection: close\r\n{headers}\r\n{body}");
    }

    fn serves(&self, keys: &[Value], headers: &str) {
        self.answers("200 OK", headers, &json!({"keys": keys}).to_string());
    }

    fn requests(&self) -> usize {
        self.requests.load(Ordering::SeqCst)
    }
}

#[test]
fn a_token_of_each_algorithm_is_accepted_and_its_claims_are_mapped() {
    let keys = [
        Key::es256("a"),
        Key::rsa("b", Algorithm::RS256, KeySize::Rsa2048),
        Key::rsa("c", Algorithm::PS256, KeySize::Rsa2048),
        Key::ed25519("d"),
    ];
    let jwks: Vec<_> = keys.iter().map(Key::jwk).collect();
    let server = with_keys(&jwks, |_| ());
    for key in &keys {
        let claims = server.verify(&key.token(), now()).unwrap();
        assert_eq!((claims.issuer.as_str(), claims.subject.as_str()), (ISSUER, "248289761001"));
        assert_eq!((claims.issued_at, claims.authenticated_at), (now(), Some(after(-60))));
        assert_eq!(claims.verified_email.as_deref(), Some("ada@example.com"));
        assert_eq!(
            (claims.scopes.as_slice(), claims.methods.as_slice()),
            (&["read".to_owned(), "write".to_owned()][..], &["pwd".to_owned(), "otp".to_owned()][..])
        );
        assert_eq!((claims.name.as_deref(), claims.client_id.as_deref()), (Some("Ada Lovelace"), Some("app")));
    }
}

#[test]
fn r45_a_key_serves_its_own_algorithm_and_type_only() {
    let (ec, rsa) = (Key::es256("a"), Key::rsa("b", Algorithm::RS256, KeySize::Rsa2048));
    let server = with_keys(&[ec.jwk(), rsa.jwk()], |_| ());
    for (key, alg) in [
        (&ec, "RS256"),
        (&ec, "none"),
        (&ec, "HS256"),
        (&ec, "ES384"),
        (&ec, "es256"),
        (&rsa, "PS256"),
        (&rsa, "ES256"),
    ] {
        let mut header = key.header();
        header["alg"] = json!(alg);
        assert_eq!(server.verify(&key.sign(&header, &claims()), now()), INVALID, "{alg}");
    }
    // The public key is no secret to sign with.
    let mut header = ec.header();
    header["alg"] = json!("HS256");
    let secret = EncodingKey::from_secret(ec.jwk()["x"].as_str().unwrap().as_bytes());
    let forger = Key { signing: secret, algorithm: Algorithm::HS256, id: "a" };
    assert_eq!(server.verify(&forger.sign(&header, &claims()), now()), INVALID);
    let octet = json!({"kty": "oct", "kid": "a", "k": ec.jwk()["x"]});
    assert_eq!(with_keys(&[octet], |_| ()).verify(&forger.sign(&header, &claims()), now()), INVALID);
    // An algorithm that the operator does not allow, a key for encryption, and one that is too short.
    let only_rsa = with_keys(&[ec.jwk()], |options| options.algorithms = vec!["RS256".to_owned()]);
    assert_eq!(only_rsa.verify(&ec.token(), now()), INVALID);
    let mut for_encryption = ec.jwk();
    for_encryption["use"] = json!("enc");
    assert_eq!(with_keys(&[for_encryption], |_| ()).verify(&ec.token(), now()), INVALID);
    let mut short = rsa.jwk();
    short["n"] = json!(&short["n"].as_str().unwrap()[..171]);
    assert_eq!(with_keys(&[short], |_| ()).verify(&rsa.token(), now()), INVALID);
    let refused = JwksIssuers::new(
        vec![IssuerOptions { algorithms: vec!["HS256".to_owned()], ..options(KeySource::Url(ISSUER.to_owned())) }],
        Duration::ZERO,
        now(),
    );
    assert!(matches!(refused.err(), Some(IssuerError::Algorithm(_))));
}

#[test]
fn r45_a_header_brings_neither_a_key_nor_a_rule_and_has_the_type() {
    let key = Key::es256("a");
    let server = with_keys(&[key.jwk()], |_| ());
    let with = |name: &str, value: Value| {
        let mut header = key.header();
        header[name] = value;
        key.sign(&header, &claims())
    };
    for name in ["jku", "jwk", "x5u", "x5c", "crit", "b64", "zip"] {
        assert_eq!(server.verify(&with(name, json!("x")), now()), INVALID, "{name}");
    }
    assert!(server.verify(&with("x5t", json!("x")), now()).is_ok(), "other issuers write it, and it changes nothing");
    for typ in [json!("JWT"), json!("id+jwt"), Value::Null, json!(1)] {
        assert_eq!(server.verify(&with("typ", typ.clone()), now()), INVALID, "{typ}");
    }
    assert!(server.verify(&with("typ", json!("application/AT+JWT")), now()).is_ok());
    for kid in [json!("b"), Value::Null, json!(1)] {
        assert_eq!(server.verify(&with("kid", kid.clone()), now()), INVALID, "{kid}");
    }
    let lenient = with_keys(&[key.jwk()], |options| options.token_type = TokenType::Jwt);
    assert!(lenient.verify(&with("typ", json!("JWT")), now()).is_ok());
    assert!(lenient.verify(&with("typ", Value::Null), now()).is_ok());
    assert_eq!(lenient.verify(&key.token(), now()), INVALID);
}

#[test]
fn r46_issuer_audience_subject_and_instants_must_be_right() {
    let key = Key::es256("a");
    let server = with_keys(&[key.jwk()], |_| ());
    let with = |name: &str, value: Value| {
        let mut claims = claims();
        claims[name] = value;
        server.verify(&key.sign(&key.header(), &claims), now())
    };
    for iss in [json!("https://id.example.com/"), json!("https://evil.example"), json!([ISSUER]), Value::Null] {
        assert_eq!(with("iss", iss.clone()), INVALID, "{iss}");
    }
    for aud in [json!("shop"), json!(["shop"]), json!([]), Value::Null, json!({"selfsame": 1})] {
        assert_eq!(with("aud", aud.clone()), INVALID, "{aud}");
    }
    assert!(with("aud", json!(["shop", "selfsame"])).is_ok());
    for sub in [json!(""), json!("a".repeat(256)), json!("a\u{0}b"), json!(7), Value::Null] {
        assert_eq!(with("sub", sub.clone()), INVALID, "{sub}");
    }
    assert!(with("sub", json!("ü".repeat(255))).is_ok());
    for name in ["iat", "exp"] {
        for value in [Value::Null, json!("1800000000"), json!(-1), json!(1e300), json!([])] {
            assert_eq!(with(name, value.clone()), INVALID, "{name}: {value}");
        }
    }
    let at = |seconds: i64| json!(now().timestamp() + seconds);
    for name in ["iat", "nbf"] {
        assert!(with(name, at(30)).is_ok());
        assert_eq!(with(name, at(31)), INVALID, "{name}");
    }
    assert_eq!(with("nbf", json!("soon")), INVALID);
    assert!(with("exp", at(-29)).is_ok());
    assert_eq!(with("exp", at(-30)), Err(ForeignTokenError::Expired));
    assert_eq!(with("exp", json!(1_800_000_100.5)).map(|claims| claims.issued_at), Ok(now()));
    for verified in [json!(false), Value::Null, json!("yes"), json!(1)] {
        assert_eq!(with("email_verified", verified.clone()).unwrap().verified_email, None, "{verified}");
    }
}

#[test]
fn a_claim_is_where_the_operator_says() {
    let key = Key::es256("a");
    let server = with_keys(&[key.jwk()], |options| {
        options.claims.subject = "oid".to_owned();
        options.claims.scope = "scp".to_owned();
    });
    let mut claims = claims();
    (claims["oid"], claims["scp"]) = (json!("42"), json!(["Profile.Read", 7]));
    let read = server.verify(&key.sign(&key.header(), &claims), now()).unwrap();
    assert_eq!((read.subject.as_str(), read.scopes), ("42", vec!["Profile.Read".to_owned()]));
    assert_eq!(server.verify(&key.token(), now()), INVALID, "without the claim");
}

#[test]
fn r46_what_is_no_token_of_an_issuer_is_refused() {
    let key = Key::es256("a");
    let server = with_keys(&[key.jwk()], |_| ());
    let token = key.token();
    for text in ["", ".", "..", "a.b.c", &token[..token.len() - 2], &format!("{token}."), &"a".repeat(9000)] {
        assert_eq!(server.verify(text, now()), INVALID, "{text}");
    }
    let other = Key::es256("a");
    assert_eq!(server.verify(&other.token(), now()), INVALID, "the id alone does not do");
}

#[test]
fn r95_an_unknown_key_is_fetched_at_most_once_in_ten_seconds() {
    let (old, new) = (Key::es256("old"), Key::es256("new"));
    let server = KeyServer::new();
    server.serves(&[old.jwk()], "");
    let issuers = verifier(options(KeySource::Url(server.url.clone())));
    assert!(issuers.verify(&old.token(), now()).is_ok());
    server.serves(&[old.jwk(), new.jwk()], "");
    for seconds in 0..10 {
        assert_eq!(issuers.verify(&new.token(), after(seconds)), INVALID);
    }
    assert_eq!(server.requests(), 1);
    assert!(issuers.verify(&new.token(), after(10)).is_ok());
    assert!(issuers.verify(&old.token(), after(11)).is_ok());
    assert_eq!(server.requests(), 2);
}

#[test]
fn parallel_requests_fetch_once() {
    let key = Key::es256("a");
    let server = KeyServer::new();
    server.serves(&[key.jwk()], "");
    let issuers = verifier(options(KeySource::Url(server.url.clone())));
    thread::scope(|scope| {
        for _ in 0..20 {
            scope.spawn(|| assert!(issuers.verify(&key.token(), now()).is_ok()));
        }
    });
    assert_eq!(server.requests(), 1);
}

#[test]
fn keys_are_fresh_for_as_long_as_their_issuer_says_within_bounds() {
    let key = Key::es256("a");
    for (header, fresh) in [
        ("", 300),
        ("cache-control: public, max-age=600\r\n", 600),
        ("cache-control: max-age=5\r\n", 60),
        ("cache-control: no-store\r\n", 60),
        ("cache-control: max-age=999999999\r\n", 86_400),
    ] {
        let server = KeyServer::new();
        server.serves(&[key.jwk()], header);
        let issuers = verifier(options(KeySource::Url(server.url.clone())));
        issuers.refresh(now());
        issuers.refresh(after(fresh - 1));
        assert_eq!(server.requests(), 1, "{header}");
        issuers.refresh(after(fresh));
        assert_eq!(server.requests(), 2, "{header}");
    }
}

#[test]
fn the_last_good_keys_are_kept_when_a_fetch_fails() {
    let key = Key::es256("a");
    let server = KeyServer::new();
    let issuers = verifier(options(KeySource::Url(server.url.clone())));
    let large = format!("{{\"keys\": [], \"padding\": \"{}\"}}", "a".repeat(300 << 10));
    let redirect = format!("location: {}\r\n", server.url);
    let failures = [
        ("500 Internal Server Error", "", "{\"keys\": []}"),
        ("302 Found", redirect.as_str(), ""),
        ("200 OK", "", "{\"keys\": 1}"),
        ("200 OK", "", "<html>"),
        ("200 OK", "", large.as_str()),
    ];
    server.answers("503 Service Unavailable", "", "");
    let unavailable = Err(ForeignTokenError::Unavailable(ISSUER.to_owned()));
    assert_eq!(issuers.verify(&key.token(), now()), unavailable);
    assert_eq!(issuers.verify(&key.token(), after(1)), unavailable);
    server.serves(&[key.jwk()], "");
    issuers.refresh(after(10));
    for (place, (status, headers, body)) in failures.into_iter().enumerate() {
        server.answers(status, headers, body);
        let before = server.requests();
        issuers.refresh(after(10_000 * (i64::try_from(place).unwrap() + 1)));
        assert_eq!(server.requests(), before + 1, "{status}");
        assert!(issuers.verify(&key.token(), after(20)).is_ok(), "{status}");
    }
}

#[test]
fn keys_in_a_file_are_read_again_and_one_that_is_no_set_is_refused_at_the_start() {
    let (old, new) = (Key::es256("old"), Key::es256("new"));
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("jwks.json");
    write(&path, &[old.jwk()]);
    let issuers = verifier(options(KeySource::File(path.clone())));
    assert!(issuers.verify(&old.token(), now()).is_ok());
    write(&path, &[new.jwk()]);
    assert!(issuers.verify(&new.token(), now()).is_ok());
    assert_eq!(issuers.verify(&old.token(), now()), INVALID);
    fs::write(&path, "secret").unwrap();
    for source in [KeySource::File(path), KeySource::File(folder.path().join("none"))] {
        let refused = JwksIssuers::new(vec![options(source)], Duration::ZERO, now());
        assert!(matches!(refused.err(), Some(IssuerError::Keys(..))));
    }
}

#[test]
fn keys_come_over_https_or_from_this_machine() {
    for url in
        ["https://id.example.com/jwks", "http://localhost:1/jwks", "http://127.0.0.1/", "https://id.example/?a=b"]
    {
        assert!(check_url(url).is_ok(), "{url}");
    }
    for url in [
        "http://id.example.com/jwks",
        "ftp://localhost/",
        "https://u:p@id.example/",
        "https://id.example/#a",
        "jwks",
        "",
    ] {
        assert!(check_url(url).is_err(), "{url}");
    }
}
