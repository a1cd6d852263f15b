//! Documentation and output of settings.

use std::collections::BTreeSet;

use super::{
    super::layer::{BUILT_IN, DEFAULTS, Layer, documented_keys},
    *,
};

fn leaves(prefix: &str, value: &serde_json::Value, into: &mut BTreeSet<String>) {
    match value.as_object() {
        Some(object) => object.iter().for_each(|(key, value)| leaves(&format!("{prefix}.{key}"), value, into)),
        None => _ = into.insert(prefix.trim_start_matches('.').to_owned()),
    }
}

#[test]
fn the_defaults_document_exactly_the_keys_that_exist() {
    let mut fields = BTreeSet::new();
    leaves("", &serde_json::to_value(local(&[])).unwrap(), &mut fields);
    let documented = Layer::of_toml(BUILT_IN, DEFAULTS).unwrap().0.into_keys().collect::<BTreeSet<_>>();
    assert_eq!(fields, documented);
    assert_eq!(documented_keys().into_iter().collect::<BTreeSet<_>>(), documented);
}

#[test]
fn every_key_has_a_comment_of_its_own_or_shares_that_of_the_line_above() {
    let mut explained = false;
    for line in DEFAULTS.lines() {
        match line {
            _ if line.starts_with('#') => explained = true,
            "" => explained = false,
            _ if line.starts_with('[') => {}
            _ => assert!(explained, "{line}"),
        }
    }
}

#[test]
fn the_files_shipped_beside_the_defaults_are_accepted() {
    let local = include_str!("../../../../../config/local.toml");
    loading(&[("config/local.toml", local)], &[]).unwrap();

    let file = ("config/production.toml", include_str!("../../../../../config/production.toml"));
    let env = ("SELFSAME_ENV", "production");
    assert_eq!(
        refused_keys(loading(&[file], &[env])),
        ["server.public_url", "mail.from"],
        "what only the operator knows"
    );
    let url = ("SELFSAME__SERVER__PUBLIC_URL", "https://account.example.com");
    let from = ("SELFSAME__MAIL__FROM", "account@example.com");
    loading(&[file], &[env, url, from]).unwrap();
}

#[test]
fn r51_no_output_holds_a_password() {
    let variables = [
        ("SELFSAME__DATABASE__URL", "postgres://u:hunter2hunter2@h/db?sslmode=require"),
        ("SELFSAME__MAIL__URL", "smtps://u:hunter2hunter2@mail.example.com"),
    ];
    let loaded = loading(&[], &variables).unwrap();
    let text = effective(&loaded).unwrap();
    assert!(text.contains("url = \"postgres://u:***@h/db?sslmode=require\""), "{text}");
    assert!(!format!("{text}{loaded:?}").contains("hunter2"));
    let error =
        loading(&[], &[variables[0], ("SELFSAME__MAIL__URL", "hunter2"), ("SELFSAME__BLOBS__URL", "s3://k:hunter2@b")]);
    let error = error.unwrap_err();
    assert!(!format!("{error}{error:?}").contains("hunter2"), "{error}");
}

#[test]
fn r51_no_output_holds_a_secret_of_a_webhook() {
    let secrets = ("SELFSAME__WEBHOOKS__SECRETS", "crm=whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw");
    let loaded = loading(&[], &[secrets]).unwrap();
    let text = effective(&loaded).unwrap();
    assert!(text.contains("secrets = \"***\"") && !format!("{text}{loaded:?}").contains("whsec_"), "{text}");
}

#[test]
fn the_settings_printed_can_be_read_back() {
    let variables = [
        ("SELFSAME__MAIL__FROM_NAME", "Ada \"the\" Countess \\"),
        ("SELFSAME__SERVER__ALLOWED_ORIGINS", "https://a.example.com,https://b.example.com"),
        ("SELFSAME__SERVER__TRUSTED_PROXIES", "10.1.2.3"),
        ("SELFSAME__WACHT__APP_NAME", "a\u{7f}b"),
        ("SELFSAME__WEBHOOKS__ENDPOINTS", r#"[{"name": "crm", "url": "https://a.example/?key=1", "events": ["*"]}]"#),
    ];
    let loaded = loading(&[], &variables).unwrap();
    let printed = effective(&loaded).unwrap();
    let again = loading(&[("config/local.toml", &printed)], &[]).unwrap();
    assert_eq!(serde_json::to_value(&again.settings).unwrap(), serde_json::to_value(&loaded.settings).unwrap());
}
