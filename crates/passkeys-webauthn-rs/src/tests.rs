//! Ceremonies with a software authenticator, and what is refused (R36).

use selfsame_testing::{
    authenticator::{ORIGIN, SoftwareKey},
    builders::{a_passkey, a_user},
};

use super::*;

fn party(id: &str) -> RelyingParty {
    RelyingParty {
        id: id.to_owned(),
        name: "Selfsame".to_owned(),
        origins: vec![ORIGIN.parse().unwrap()],
        timeout: Duration::from_mins(5),
    }
}

fn webauthn() -> WebauthnRs {
    WebauthnRs::new(&party("localhost")).unwrap()
}

const OWNER: NewPasskeyOwner<'_> =
    NewPasskeyOwner { handle: &[7; 32], name: "ada@example.com", display_name: "Ada", existing: &[] };

fn stored(credential: NewCredential) -> Passkey {
    Passkey {
        credential_id: credential.credential_id,
        public_key: credential.public_key,
        sign_count: credential.sign_count,
        is_backup_eligible: credential.is_backup_eligible,
        is_backed_up: credential.is_backed_up,
        transports: credential.transports,
        ..a_passkey(&a_user().build())
    }
}

fn registered(key: &SoftwareKey) -> Passkey {
    let ceremony = webauthn().begin_registration(&OWNER).unwrap();
    let response = key.register(&ceremony.options);
    assert_eq!(webauthn().read_registration(&response), Ok(ceremony.challenge));
    stored(webauthn().finish_registration(&ceremony.state, &response).unwrap())
}

fn finish(ceremony: &Ceremony, response: &Value, passkey: &Passkey) -> Result<VerifiedAssertion, WebAuthnError> {
    webauthn().finish_authentication(&ceremony.state, response, passkey)
}

#[test]
fn the_id_of_a_relying_party_is_a_host_name() {
    for id in ["localhost", "accounts.example.com"] {
        assert!(WebauthnRs::new(&party(id)).is_ok(), "{id}");
    }
    for id in ["127.0.0.1", "[::1]", "", "https://example.com", "Example.com", "example.com:8080"] {
        assert_eq!(WebauthnRs::new(&party(id)).err(), Some(NotAHostName(id.to_owned())));
    }
}

#[test]
fn a_passkey_is_registered_and_proves_its_owner() {
    let key = SoftwareKey::new();
    let passkey = registered(&key);
    assert!(passkey.is_platform());
    let ceremony = webauthn().begin_authentication(&[]).unwrap();
    assert_eq!(ceremony.options["allowCredentials"], json!([]));
    let response = key.sign(&ceremony.options);
    let claims = webauthn().read_assertion(&response).unwrap();
    assert_eq!(claims.challenge, ceremony.challenge);
    assert_eq!(claims.credential_id, passkey.credential_id);
    assert_eq!(claims.user_handle.as_deref(), Some(OWNER.handle));
    assert_eq!(finish(&ceremony, &response, &passkey).unwrap().sign_count, 0);
}

#[test]
fn r36_user_verification_and_a_discoverable_credential_are_asked_for_and_attestation_is_not() {
    let passkey = Passkey { transports: vec!["usb".to_owned()], ..a_passkey(&a_user().build()) };
    let owner = NewPasskeyOwner { existing: std::slice::from_ref(&passkey), ..OWNER };
    let Ceremony { options, challenge, .. } = webauthn().begin_registration(&owner).unwrap();
    assert!(challenge.len() >= 16);
    assert_eq!(options["rp"], json!({"id": "localhost", "name": "Selfsame"}));
    assert_eq!(options["attestation"], "none");
    assert_eq!(options["authenticatorSelection"]["residentKey"], "required");
    assert_eq!(options["authenticatorSelection"]["userVerification"], "required");
    assert_eq!(
        options["excludeCredentials"],
        json!([{"type": "public-key", "id": passkey.credential_id.to_text(), "transports": ["usb"]}])
    );
    let algorithms: Vec<i64> =
        options["pubKeyCredParams"].as_array().unwrap().iter().map(|one| one["alg"].as_i64().unwrap()).collect();
    assert_eq!(algorithms, [-7, -35, -257]);
    let options = webauthn().begin_authentication(std::slice::from_ref(&passkey)).unwrap().options;
    assert_eq!(options["userVerification"], "required");
    assert_eq!(options["allowCredentials"][0]["id"], passkey.credential_id.to_text());
}

#[test]
fn r36_no_two_challenges_are_equal() {
    let [one, other] = [(); 2].map(|()| webauthn().begin_authentication(&[]).unwrap().challenge);
    assert_ne!(one, other);
    assert_eq!(one.len(), 32);
}

#[test]
fn r36_a_response_from_another_origin_is_refused() {
    let key = SoftwareKey::new();
    let ceremony = webauthn().begin_registration(&OWNER).unwrap();
    let elsewhere = key.register_at("http://localhost:9999", &ceremony.options);
    let refused = webauthn().finish_registration(&ceremony.state, &elsewhere);
    assert!(matches!(refused, Err(WebAuthnError::Refused(_))), "{refused:?}");
    let passkey = registered(&key);
    let ceremony = webauthn().begin_authentication(&[]).unwrap();
    let elsewhere = key.sign_at("http://localhost:9999", &ceremony.options);
    assert!(matches!(finish(&ceremony, &elsewhere, &passkey), Err(WebAuthnError::Refused(_))));
}

#[test]
fn r36_a_response_to_another_challenge_or_of_another_kind_is_refused() {
    let key = SoftwareKey::new();
    let passkey = registered(&key);
    let [mine, theirs] = [(); 2].map(|()| webauthn().begin_authentication(&[]).unwrap());
    assert!(matches!(finish(&mine, &key.sign(&theirs.options), &passkey), Err(WebAuthnError::Refused(_))));
    let registration = webauthn().begin_registration(&OWNER).unwrap();
    let response = SoftwareKey::new().register(&registration.options);
    assert_eq!(finish(&mine, &response, &passkey), Err(WebAuthnError::Malformed));
}

#[test]
fn r36_a_response_without_user_verification_is_refused() {
    let key = SoftwareKey::new();
    let passkey = registered(&key);
    key.be_careless();
    let ceremony = webauthn().begin_authentication(&[]).unwrap();
    assert!(matches!(finish(&ceremony, &key.sign(&ceremony.options), &passkey), Err(WebAuthnError::Refused(_))));
    let ceremony = webauthn().begin_registration(&OWNER).unwrap();
    let careless = SoftwareKey::new();
    careless.be_careless();
    let refused = webauthn().finish_registration(&ceremony.state, &careless.register(&ceremony.options));
    assert!(matches!(refused, Err(WebAuthnError::Refused(_))), "{refused:?}");
}

#[test]
fn r36_a_signature_of_another_key_or_of_changed_data_is_refused() {
    let (key, other) = (SoftwareKey::new(), SoftwareKey::new());
    let (passkey, foreign) = (registered(&key), registered(&other));
    let ceremony = webauthn().begin_authentication(&[]).unwrap();
    let response = key.sign(&ceremony.options);
    let mixed = Passkey { public_key: foreign.public_key.clone(), ..passkey.clone() };
    assert!(matches!(finish(&ceremony, &response, &mixed), Err(WebAuthnError::Refused(_))));
    assert!(matches!(finish(&ceremony, &response, &foreign), Err(WebAuthnError::Refused(_))));
    let mut changed = response.clone();
    changed["response"]["signature"] = other.sign(&ceremony.options)["response"]["signature"].clone();
    assert!(matches!(finish(&ceremony, &changed, &passkey), Err(WebAuthnError::Refused(_))));
    assert!(finish(&ceremony, &response, &passkey).is_ok());
}

#[test]
fn r36_a_counter_that_goes_back_is_told_from_other_refusals() {
    let key = SoftwareKey::with_counter();
    let mut passkey = registered(&key);
    let copy = key.copy();
    for _ in 0..2 {
        let ceremony = webauthn().begin_authentication(&[]).unwrap();
        let used = finish(&ceremony, &key.sign(&ceremony.options), &passkey).unwrap();
        assert!(used.sign_count > passkey.sign_count);
        passkey.sign_count = used.sign_count;
    }
    let ceremony = webauthn().begin_authentication(&[]).unwrap();
    let refused = finish(&ceremony, &copy.sign(&ceremony.options), &passkey);
    assert_eq!(refused, Err(WebAuthnError::CounterWentBack));
}

#[test]
fn r36_a_frame_of_another_site_is_refused() {
    let framed = br#"{"type":"webauthn.get","challenge":"AAAA","origin":"http://localhost:8080","crossOrigin":true}"#;
    assert!(matches!(refuse_frames(framed), Err(WebAuthnError::Refused(_))));
    let top = br#"{"type":"webauthn.get","challenge":"AAAA","origin":"http://localhost:8080","crossOrigin":false}"#;
    assert_eq!(refuse_frames(top), Ok(()));
}

#[test]
fn what_is_no_response_is_malformed() {
    let key = SoftwareKey::new();
    registered(&key);
    let response = key.sign(&webauthn().begin_authentication(&[]).unwrap().options);
    let without = |pointer: &str, value: Value| {
        let mut response = response.clone();
        *response.pointer_mut(pointer).unwrap() = value;
        response
    };
    for response in [
        json!(null),
        json!({}),
        json!([]),
        json!("response"),
        without("/type", json!("password")),
        without("/rawId", json!("")),
        without("/rawId", json!("not base64url!")),
        without("/response/clientDataJSON", json!("AAAA")),
        without("/response", json!(null)),
    ] {
        assert_eq!(webauthn().read_assertion(&response), Err(WebAuthnError::Malformed), "{response}");
    }
    assert_eq!(webauthn().read_registration(&response), Err(WebAuthnError::Malformed));
}

#[test]
fn transports_are_kept_if_they_are_words() {
    let response = json!({"response": {"transports": ["internal", "smart-card", "a b", "", 7, "x".repeat(33), "USB"]}});
    assert_eq!(transports(&response), ["internal", "smart-card"]);
    assert!(transports(&json!({"response": {"transports": "internal"}})).is_empty());
    assert_eq!(transports(&json!({"response": {"transports": vec!["usb"; 99]}})).len(), 8);
}

#[test]
fn a_stored_key_that_cannot_be_read_is_an_internal_fault() {
    let key = SoftwareKey::new();
    let passkey = Passkey { public_key: "{}".to_owned(), ..registered(&key) };
    let ceremony = webauthn().begin_authentication(&[]).unwrap();
    let refused = finish(&ceremony, &key.sign(&ceremony.options), &passkey);
    assert!(matches!(refused, Err(WebAuthnError::Internal(_))));
}
