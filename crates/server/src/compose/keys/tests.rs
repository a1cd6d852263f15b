//! Key rings over files that are added, removed and broken, with the time as an argument.

use std::{fs, os::unix::fs::PermissionsExt as _};

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use selfsame_domain::{SignInId, UserId, id::Id as _, oauth::SigningAlgorithm};
use selfsame_ports::{AccessTokens as _, NewAccessToken, NewIdToken, Vault as _};

use super::*;
use crate::settings::{Surroundings, load};

/// A data directory with its keys, made at the first instant and used after ten minutes.
struct Fixture {
    folder: tempfile::TempDir,
    rings: KeyRings,
}

fn at(minutes: i64) -> Instant {
    "2026-01-01T00:00:00Z".parse::<Instant>().unwrap() + chrono::Duration::minutes(minutes)
}

fn settings(folder: &tempfile::TempDir, more: &[(&str, &str)]) -> Settings {
    let data = folder.path().join("data").display().to_string();
    let variables = [("SELFSAME__DATA_DIR", data.as_str())].into_iter().chain(more.iter().copied());
    let variables = variables.map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
    load(&Surroundings { directory: folder.path().to_owned(), variables, ..Surroundings::default() }).unwrap().settings
}

impl Fixture {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let rings = KeyRings::open(&settings(&folder, &[]), at(0)).unwrap();
        Self { folder, rings }
    }

    fn data(&self) -> DataDir {
        DataDir::at(&self.folder.path().join("data"))
    }

    fn add(&self, kind: KeyKind, minutes: i64) -> KeyId {
        let id = new_id(at(minutes));
        self.data().add(kind, &id, &new_key(kind).unwrap()).unwrap();
        id
    }

    fn token(&self) -> String {
        let token = NewAccessToken {
            user_id: UserId::from_number(1),
            sign_in_id: SignInId::from_number(2),
            audience: "selfsame".to_owned(),
            scope: None,
            client_id: None,
            ttl: std::time::Duration::from_hours(1),
        };
        self.rings.tokens().issue(&token, at(0)).unwrap().0
    }

    fn kid_of_an_id_token(&self) -> String {
        let token = NewIdToken {
            algorithm: SigningAlgorithm::Rs256,
            user_id: UserId::from_number(1),
            sign_in_id: SignInId::from_number(2),
            client_id: "app".to_owned(),
            nonce: None,
            authenticated_at: at(0),
            acr: "aal1",
            amr: Vec::new(),
            access_token: self.token(),
            ttl: std::time::Duration::from_mins(5),
        };
        let token = self.rings.tokens().issue_id_token(&token, at(0)).unwrap();
        let header = URL_SAFE_NO_PAD.decode(token.split('.').next().unwrap()).unwrap();
        let header: serde_json::Value = serde_json::from_slice(&header).unwrap();
        header["kid"].as_str().unwrap().to_owned()
    }

    fn takes(&self, token: &str) -> bool {
        self.rings.tokens().verify(token, at(0)).is_ok()
    }

    /// The ids of the published keys, newest first.
    fn published(&self) -> Vec<String> {
        let set = self.rings.tokens().jwks();
        set["keys"].as_array().unwrap().iter().map(|key| key["kid"].as_str().unwrap().to_owned()).collect()
    }

    /// Whether the key seals: a sealed text names its key.
    fn seals_with(&self, id: &KeyId) -> bool {
        let sealed = self.rings.vault().seal("test", b"text").unwrap();
        sealed.windows(id.as_str().len()).any(|part| part == id.as_str().as_bytes())
    }
}

#[test]
fn r95_a_new_key_is_published_at_once_and_used_after_a_while() {
    let keys = Fixture::new();
    let (old_token, mac) = (keys.token(), keys.rings.vault().mac("audit chain", b"row"));
    let (signing, sealing) = (keys.add(KeyKind::Signing, 100), keys.add(KeyKind::Sealing, 100));
    keys.rings.reload(at(100));
    assert_eq!((keys.published().len(), &keys.published()[0]), (2, &signing.to_string()));
    assert!(!keys.seals_with(&sealing));
    let before = keys.token();
    keys.rings.reload(at(109));
    assert!(!keys.seals_with(&sealing));

    keys.rings.reload(at(110));
    assert!(keys.seals_with(&sealing));
    let kid = |token: &str| token.split('.').next().unwrap().to_owned();
    assert_eq!(kid(&before), kid(&old_token), "the header is the old key's until then");
    assert_ne!(kid(&keys.token()), kid(&old_token));
    assert!([&old_token, &before, &keys.token()].into_iter().all(|token| keys.takes(token)));
    assert_eq!(keys.rings.vault().mac("audit chain", b"row"), mac);
}

#[test]
fn r95_a_key_that_is_gone_is_forgotten() {
    let keys = Fixture::new();
    let (token, sealed) = (keys.token(), keys.rings.vault().seal("test", b"text").unwrap());
    let first = [KeyKind::Signing, KeyKind::Sealing].map(|kind| keys.data().key_ids(kind).unwrap().remove(0));
    keys.add(KeyKind::Signing, 100);
    keys.add(KeyKind::Sealing, 100);
    keys.rings.reload(at(200));
    assert!(keys.takes(&token) && keys.rings.vault().open("test", &sealed).is_ok());
    keys.data().remove(KeyKind::Signing, &first[0]).unwrap();
    keys.data().remove(KeyKind::Sealing, &first[1]).unwrap();
    keys.rings.reload(at(200));
    assert!(!keys.takes(&token) && keys.rings.vault().open("test", &sealed).is_err());
}

#[test]
fn r95_what_is_broken_exposed_or_gone_altogether_leaves_the_ring_of_its_kind_as_it_was() {
    let keys = Fixture::new();
    let token = keys.token();
    let broken = keys.add(KeyKind::Signing, 50);
    let path = keys.data().key_path(KeyKind::Signing, &broken);
    let whole = fs::read(&path).unwrap();
    fs::write(&path, "-----BEGIN PRIVATE KEY-----").unwrap();
    let sealing = keys.add(KeyKind::Sealing, 50);
    keys.rings.reload(at(100));
    assert_eq!(keys.published().len(), 1);
    assert!(keys.takes(&token));
    assert!(keys.seals_with(&sealing), "the other kind has nothing to do with it");

    fs::write(&path, whole).unwrap();
    fs::set_permissions(&path, fs::Permissions::from_mode(0o644)).unwrap();
    keys.rings.reload(at(100));
    assert_eq!(keys.published().len(), 1);

    fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).unwrap();
    keys.rings.reload(at(100));
    assert_eq!(keys.published().len(), 2);

    fs::remove_dir_all(keys.data().keys_folder()).unwrap();
    keys.rings.reload(at(100));
    assert!(keys.takes(&token) && keys.seals_with(&sealing));
}

#[test]
fn a_key_is_read_again_only_when_something_changed() {
    let keys = Fixture::new();
    keys.rings.reload(at(0));
    let ring =
        |keys: &Fixture| keys.rings.taken.lock().unwrap().iter().map(|taken| taken.from.clone()).collect::<Vec<_>>();
    let before = ring(&keys);
    keys.rings.reload(at(5000));
    assert_eq!(ring(&keys), before);
    keys.add(KeyKind::Signing, 0);
    keys.rings.reload(at(5000));
    assert_ne!(ring(&keys), before);
}

#[test]
fn an_examination_finds_what_would_stop_the_server_and_changes_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let strict = settings(&folder, &[("SELFSAME__KEYS__CREATE_MISSING", "false")]);
    let lenient = settings(&folder, &[]);
    assert!(KeyRings::examine(&lenient).is_empty());
    assert_eq!(KeyRings::examine(&strict).len(), 3, "none of the keys is there");
    assert!(!folder.path().join("data").exists());

    drop(KeyRings::open(&lenient, at(0)).unwrap());
    assert!(KeyRings::examine(&strict).is_empty());

    let data = DataDir::at(&folder.path().join("data"));
    let path = |kind| data.keys(kind).unwrap().remove(0).path;
    let (mac, sealing, signing) = (path(KeyKind::Mac), path(KeyKind::Sealing), path(KeyKind::Signing));
    fs::set_permissions(&mac, fs::Permissions::from_mode(0o644)).unwrap();
    fs::write(sealing, "short").unwrap();
    fs::write(signing, "short").unwrap();
    let found = KeyRings::examine(&lenient);
    assert!(
        matches!(
            found[..],
            [
                KeysError::Files(DataDirError::Exposed { .. }),
                KeysError::Files(DataDirError::Malformed { .. }),
                KeysError::Tokens(_)
            ]
        ),
        "{found:?}"
    );
    assert!(KeyRings::open(&lenient, at(0)).is_err());
    fs::remove_file(mac).unwrap();
    let found = KeyRings::examine(&lenient);
    assert!(matches!(found[0], KeysError::Files(DataDirError::MacLost { .. })), "{found:?}");
}

#[test]
fn r95_a_lost_key_is_not_replaced_and_the_operator_may_make_another_one() {
    for kind in [KeyKind::Sealing, KeyKind::Signing] {
        let Fixture { folder, rings } = Fixture::new();
        assert_eq!(rings.made.len(), 3);
        let settings = settings(&folder, &[]);
        let again = KeyRings::open(&settings, at(1)).unwrap();
        assert!(again.made.is_empty(), "{:?}", again.made);
        let data = DataDir::at(&settings.data_dir);
        fs::remove_file(data.keys(kind).unwrap().remove(0).path).unwrap();
        let error = KeyRings::open(&settings, at(2)).err().unwrap();
        assert!(matches!(error, KeysError::Files(DataDirError::Lost { .. })), "{error}");
        assert!(error.to_string().contains(&format!("selfsame keys rotate {kind}")), "{error}");
        let found = KeyRings::examine(&settings);
        assert!(matches!(found[..], [KeysError::Files(DataDirError::Lost { .. })]), "{found:?}");
        data.add(kind, &new_id(at(3)), &new_key(kind).unwrap()).unwrap();
        KeyRings::open(&settings, at(4)).unwrap();
    }
}

#[test]
fn a_first_start_that_was_killed_is_completed_by_the_next_one() {
    let folder = tempfile::tempdir().unwrap();
    let settings = settings(&folder, &[]);
    let data = DataDir::open(&settings.data_dir).unwrap();
    data.begin().unwrap();
    data.add(KeyKind::Mac, &new_id(at(0)), &new_key(KeyKind::Mac).unwrap()).unwrap();
    let rings = KeyRings::open(&settings, at(1)).unwrap();
    assert_eq!(rings.made.len(), 2);
    rings.discard_made();
    assert!(data.lost().unwrap().is_some());
}

#[test]
fn r95_a_key_for_rs256_is_made_when_an_application_needs_it_and_rotates_like_the_others() {
    let folder = tempfile::tempdir().unwrap();
    drop(KeyRings::open(&settings(&folder, &[]), at(0)).unwrap());
    let data = DataDir::at(&folder.path().join("data"));
    assert!(data.keys(KeyKind::Rs256).unwrap().is_empty(), "no application needs it");

    let clients = r#"[{"id": "app", "name": "App", "redirect_uris": ["https://app.example/cb"], "scopes": ["openid"],
        "id_token_signed_response_alg": "RS256"}]"#;
    let strict = [("SELFSAME__OAUTH__CLIENTS", clients), ("SELFSAME__KEYS__CREATE_MISSING", "false")];
    let strict = settings(&folder, &strict);
    let is_missing =
        |error: &KeysError| matches!(error, KeysError::Files(DataDirError::Missing { kind: KeyKind::Rs256, .. }));
    let found = KeyRings::examine(&strict);
    assert!(found.len() == 1 && is_missing(&found[0]), "{found:?}");
    let error = KeyRings::open(&strict, at(1)).err().unwrap();
    assert!(is_missing(&error) && error.to_string().contains("selfsame keys rotate rs256"), "{error}");

    let rings = KeyRings::open(&settings(&folder, &[("SELFSAME__OAUTH__CLIENTS", clients)]), at(1)).unwrap();
    assert_eq!(rings.made.len(), 1);
    let keys = Fixture { folder, rings };
    let first = keys.data().key_ids(KeyKind::Rs256).unwrap().remove(0);
    assert_eq!(keys.published()[1..], [format!("rs256-{first}")]);
    assert_eq!(keys.kid_of_an_id_token(), format!("rs256-{first}"));
    let second = keys.add(KeyKind::Rs256, 100);
    keys.rings.reload(at(100));
    assert_eq!(keys.published()[1..], [format!("rs256-{second}"), format!("rs256-{first}")]);
    assert_eq!(keys.kid_of_an_id_token(), format!("rs256-{first}"));
    keys.rings.reload(at(110));
    assert_eq!(keys.kid_of_an_id_token(), format!("rs256-{second}"));
    keys.data().remove(KeyKind::Rs256, &first).unwrap();
    keys.rings.reload(at(200));
    assert_eq!(keys.published().len(), 2);
    keys.data().remove(KeyKind::Rs256, &second).unwrap();
    keys.rings.reload(at(200));
    assert_eq!(keys.kid_of_an_id_token(), format!("rs256-{second}"), "the ring stays as it was");
}
