//! Other issuers of tokens.

use super::*;
use crate::settings::schema::TokenType;

const FILE: &str = r#"
[[issuers]]
name = "Example ID"
issuer = "https://id.example.com"
audience = "account"
jwks_url = "https://id.example.com/jwks"
scopes = { "account.read" = "profile:read" }
claims = { scope = "scp" }
"#;

#[test]
fn issuers_are_tables_in_a_file_and_a_json_array_in_a_variable_and_trust_nothing_by_default() {
    let of_file = loading(&[("config/local.toml", FILE)], &[]).unwrap().settings.issuers;
    let text = serde_json::to_string(&of_file).unwrap();
    let of_variable = local(&[("SELFSAME__ISSUERS", &text)]).issuers;
    for issuers in [of_file, of_variable] {
        let [issuer] = &issuers[..] else { panic!("{issuers:?}") };
        assert!(!issuer.create_accounts && !issuer.trust_email && !issuer.trust_authentication);
        assert_eq!(issuer.algorithms, ["ES256", "RS256", "EdDSA", "PS256"]);
        assert_eq!((issuer.typ, issuer.claims.scope.as_str()), (TokenType::AccessToken, "scp"));
        assert_eq!(issuer.claims.sub, "sub");
    }
    assert!(local(&[]).issuers.is_empty());
}

#[test]
fn what_an_issuer_cannot_be_is_refused_all_at_once() {
    let issuers = r#"[
        {"name": "", "issuer": "", "audience": "", "jwks_url": "http://id.example.com/jwks", "algorithms": ["HS256", "none"]},
        {"name": "A", "issuer": "https://a.example", "audience": "x", "jwks_url": "https://a.example/jwks", "jwks_file": "a.json"},
        {"name": "A", "issuer": "https://a.example", "audience": "x", "algorithms": [], "scopes": {"all": "openid", "x": "y"}},
        {"name": "Own", "issuer": "https://own.example", "audience": "x", "jwks_file": "a.json"}
    ]"#;
    let variables = [("SELFSAME__ISSUERS", issuers), ("SELFSAME__TOKENS__ISSUER", "https://own.example")];
    let refused = refused_keys(loading(&[], &variables));
    assert_eq!(refused.iter().filter(|key| *key == "issuers").count(), 13, "{refused:?}");
}
