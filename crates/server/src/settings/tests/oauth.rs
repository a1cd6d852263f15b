//! Applications and resource servers.

use super::*;
use crate::settings::schema::IdTokenAlgorithm;

const FILE: &str = r#"
[[oauth.clients]]
id = "my-app"
name = "My App"
redirect_uris = ["https://app.example.com/callback", "http://127.0.0.1/callback", "com.example.app:/callback"]
scopes = ["openid", "profile:write"]

[[oauth.resource_servers]]
id = "orders"
secret = "kX3vQ9tLw2pZkX3vQ9tLw2pZkX3vQ9tLw2pZ"
"#;

#[test]
fn applications_are_tables_in_a_file_and_a_json_array_in_a_variable_or_its_file() {
    let of_file = loading(&[("config/local.toml", FILE)], &[]).unwrap().settings.oauth;
    let text = serde_json::to_string(&of_file.clients).unwrap();
    let of_variable = local(&[("SELFSAME__OAUTH__CLIENTS", &text)]).oauth;
    let named = [("SELFSAME__OAUTH__CLIENTS_FILE", "clients.json")];
    let of_named_file = loading(&[("clients.json", &text)], &named).unwrap().settings.oauth;
    for clients in [of_variable.clients, of_named_file.clients, of_file.clients] {
        assert_eq!((clients[0].id.as_str(), clients[0].redirect_uris.len()), ("my-app", 3));
        assert!(!clients[0].skip_consent && clients[0].post_logout_redirect_uris.is_empty());
        assert_eq!(clients[0].id_token_signed_response_alg, IdTokenAlgorithm::Es256);
    }
    assert!(local(&[]).oauth.clients.is_empty() && !local(&[]).oauth.needs_rs256());
}

#[test]
fn the_algorithm_of_id_tokens_is_es256_or_rs256() {
    let with = |algorithm: &str| {
        FILE.replace("scopes = ", &format!("id_token_signed_response_alg = \"{algorithm}\"\nscopes = "))
    };
    let loaded = loading(&[("config/local.toml", &with("RS256"))], &[]).unwrap();
    assert!(loaded.settings.oauth.needs_rs256());
    assert!(effective(&loaded).unwrap().contains("RS256"));
    for unknown in ["none", "HS256", "rs256", "PS256"] {
        let refused = loading(&[("config/local.toml", &with(unknown))], &[]).unwrap_err().to_string();
        assert!(refused.contains("oauth.clients"), "{unknown}: {refused}");
    }
}

#[test]
fn r51_the_settings_in_force_read_back_and_show_no_secret() {
    let loaded = loading(&[("config/local.toml", FILE)], &[]).unwrap();
    let shown = effective(&loaded).unwrap();
    assert!(shown.contains("\"orders\"") && !shown.contains("kX3v"), "{shown}");
    let clients = shown.lines().find(|line| line.starts_with("clients = ")).unwrap();
    let again = format!("[oauth]\n{}", clients.split("  # ").next().unwrap());
    let read = loading(&[("config/local.toml", &again)], &[]).unwrap().settings.oauth.clients;
    assert_eq!(read[0].scopes, ["openid", "profile:write"]);
}

#[test]
fn what_an_application_cannot_be_is_refused_all_at_once() {
    let clients = r#"[
        {"id": "a b", "name": "", "redirect_uris": [], "scopes": []},
        {"id": "x", "name": "X", "redirect_uris": ["http://app.example.com/cb"], "scopes": ["everything"]},
        {"id": "y", "name": "Y", "redirect_uris": ["http://127.0.0.1/cb"], "scopes": ["openid"], "skip_consent": true},
        {"id": "x", "name": "X", "redirect_uris": ["https://app.example.com/cb#x"], "scopes": ["openid"]}
    ]"#;
    let servers = r#"[{"id": "orders", "secret": "short"}]"#;
    let variables = [
        ("SELFSAME__OAUTH__CLIENTS", clients),
        ("SELFSAME__OAUTH__RESOURCE_SERVERS", servers),
        ("SELFSAME__OAUTH__CODE_TTL", "1h"),
        ("SELFSAME__TOKENS__ISSUER", "https://other.example.com"),
    ];
    let refused = refused_keys(loading(&[], &variables));
    let count = |key: &str| refused.iter().filter(|refused| *refused == key).count();
    assert_eq!(count("oauth.clients"), 9, "{refused:?}");
    assert_eq!(count("oauth.resource_servers"), 1);
    assert_eq!((count("oauth.code_ttl"), count("tokens.issuer")), (1, 1));
}

#[test]
fn r51_an_unreadable_list_is_refused_without_showing_it() {
    for text in ["[{\"id\": \"orders\", \"secret\": \"kX3vQ9tLw2pZ\", \"typo\": 1}]", "kX3vQ9tLw2pZ"] {
        let refused = loading(&[], &[("SELFSAME__OAUTH__RESOURCE_SERVERS", text)]).unwrap_err().to_string();
        assert!(refused.contains("oauth.resource_servers") && !refused.contains("kX3v"), "{refused}");
    }
}
