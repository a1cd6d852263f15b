//! Refused settings and their hints.

use std::collections::BTreeSet;

use super::*;

#[test]
fn an_unknown_environment_is_refused() {
    let error = loading(&[], &[("SELFSAME_ENV", "staging")]).unwrap_err().to_string();
    assert!(error.contains("expected \"local\" or \"production\", found \"staging\""), "{error}");
}

#[test]
fn an_unknown_key_is_refused_with_a_hint_wherever_it_stands() {
    let error = loading(&[("config/local.toml", "[server]\nbnd = '127.0.0.1:1'")], &[]).unwrap_err().to_string();
    assert!(error.contains("server.bnd: unknown key; did you mean server.bind? (config/local.toml)"), "{error}");
    let error = loading(&[], &[("SELFSAME__DATABSE__URL", "sqlite://x")]).unwrap_err().to_string();
    assert!(error.contains("did you mean SELFSAME__DATABASE__URL?"), "{error}");
    let error = loading(&[("config/local.toml", "[limits]\nmail_per_ips = '1/1s'")], &[]).unwrap_err().to_string();
    assert!(error.contains("limits.mail_per_ips: unknown key; did you mean limits.mail_per_ip?"), "{error}");
}

#[test]
fn a_section_in_place_of_a_key_and_the_other_way_round_are_unknown_keys() {
    assert_eq!(refused_keys(loading(&[], &[("SELFSAME__SERVER", "x")])), ["server"]);
    assert_eq!(refused_keys(loading(&[("config/local.toml", "server = 5")], &[])), ["server"]);
    assert_eq!(refused_keys(loading(&[("config/local.toml", "[data_dir]\nx = 1")], &[])), ["data_dir.x"]);
    assert_eq!(refused_keys(loading(&[("config/local.toml", "[unheard_of]")], &[])), ["unheard_of"]);
    loading(&[("config/local.toml", "[server]")], &[]).unwrap();
}

#[test]
fn a_value_of_the_wrong_type_names_key_and_source() {
    let variables = [
        ("SELFSAME__DATABASE__POOL_SIZE", "many"),
        ("SELFSAME__LIMITS__ENABLED", "perhaps"),
        ("SELFSAME__MAIL__POLL", "10"),
        ("SELFSAME__SERVER__BIND", "localhost"),
        ("SELFSAME__SERVER__COOKIE_SAME_SITE", "loose"),
        ("SELFSAME__SERVER__TRUSTED_PROXIES", "10.0.0.0/8,proxy"),
        ("SELFSAME__PASSWORDS__MIN_STRENGTH", "300"),
        ("SELFSAME__LIMITS__MAIL_PER_IP", "10MiB/1m"),
        ("SELFSAME__LIMITS__AUDIT_BYTES_PER_USER", "20/1h"),
    ];
    let error = loading(&[("config/local.toml", "[http]\nmax_body = ['1KiB']")], &variables).unwrap_err();
    let text = error.to_string();
    assert_eq!(error.problems.len(), 10, "all of them at once: {text}");
    for (name, _) in variables {
        assert!(text.contains(&format!("(environment variable {name})")), "{name}: {text}");
    }
    assert!(text.contains("http.max_body: ") && text.contains("(config/local.toml)"), "{text}");
    assert!(text.contains("limits.mail_per_ip: expected a budget such as \"5/1m\""), "{text}");
    assert!(text.contains("limits.audit_bytes_per_user: expected a budget such as \"20MiB/1h\""), "{text}");
    assert!(text.contains("mail.poll: expected a duration such as"), "{text}");
    assert!(text.contains("server.cookie_same_site: expected one of \"lax\", \"strict\", \"none\""), "{text}");
}

#[test]
fn a_right_of_a_claim_is_one_of_four_and_an_address_cannot_be_off() {
    use crate::settings::schema::FieldRight::{Off, Read, StepUp};
    let file = "[profile.fields]\nname = \"read\"\nlocale = \"step_up\"";
    let loaded = loading(&[("config/local.toml", file)], &[("SELFSAME__PROFILE__FIELDS__PICTURE", "off")]).unwrap();
    let fields = &loaded.settings.profile.fields;
    assert_eq!((fields.name, fields.locale, fields.picture), (Read, StepUp, Off));
    let error = loading(&[], &[("SELFSAME__PROFILE__FIELDS__NAME", "write")]).unwrap_err().to_string();
    assert!(error.contains("expected one of \"off\", \"read\", \"edit\", \"step_up\""), "{error}");
    assert_eq!(refused_keys(loading(&[], &[("SELFSAME__PROFILE__FIELDS__EMAIL", "off")])), ["profile.fields.email"]);
}

#[test]
fn a_file_that_is_not_toml_is_refused_without_quoting_it() {
    let error = loading(&[("config/local.toml", "[database]\nurl = \"postgres://u:hunter2@h\n")], &[]).unwrap_err();
    let text = error.to_string();
    assert!(text.contains("config/local.toml: not valid TOML") && text.contains("line 2"), "{text}");
    assert!(!text.contains("hunter2"), "{text}");
}

#[test]
fn what_lies_out_of_bounds_is_refused_all_at_once() {
    let variables = [
        ("SELFSAME__PASSWORDS__MIN_LENGTH", "65"),
        ("SELFSAME__TOKENS__LEEWAY", "61s"),
        ("SELFSAME__HTTP__MAX_BODY", "1GiB"),
        ("SELFSAME__SESSIONS__ABSOLUTE", "1h"),
        ("SELFSAME__MAIL__LEASE", "5s"),
        ("SELFSAME__MAIL__FROM", "a@b\r\nBcc: c@d"),
        ("SELFSAME__DATABASE__URL", "mysql://h/db"),
        ("SELFSAME__LIMITS__URL", "redis://h"),
        ("SELFSAME__SERVER__PUBLIC_URL", "https://example.com/account"),
        ("SELFSAME__SERVER__ALLOWED_ORIGINS", "*"),
        ("SELFSAME__WACHT__SIGN_IN_PAGE_URL", "/sign-in"),
        ("SELFSAME__LOG__FILTER", "a=b=c"),
    ];
    let refused = refused_keys(loading(&[], &variables)).into_iter().collect::<BTreeSet<_>>();
    let expected = variables.map(|(name, _)| name.trim_start_matches("SELFSAME__").to_lowercase().replace("__", "."));
    assert_eq!(refused, expected.into_iter().collect());
}

#[test]
fn r46_tokens_for_other_backends_have_an_audience_of_their_own() {
    let refused = |audience| refused_keys(loading(&[], &[("SELFSAME__TOKENS__SESSION_TOKEN_AUDIENCE", audience)]));
    assert_eq!(refused("selfsame"), ["tokens.session_token_audience"]);
    assert_eq!(refused(""), ["tokens.session_token_audience"]);
    let other = [("SELFSAME__TOKENS__AUDIENCE", "selfsame-session")];
    assert_eq!(refused_keys(loading(&[], &other)), ["tokens.session_token_audience"]);
}

#[test]
fn r95_a_key_must_be_published_for_longer_than_servers_take_to_look() {
    let keys = |after, reload| {
        let variables = [("SELFSAME__KEYS__ACTIVATE_AFTER", after), ("SELFSAME__KEYS__RELOAD", reload)];
        loading(&[], &variables)
    };
    for (after, reload) in [("0s", "5s"), ("5s", "5s"), ("7d", "10m"), ("1s", "100ms")] {
        keys(after, reload).unwrap();
    }
    assert_eq!(refused_keys(keys("4s", "5s")), ["keys.activate_after"]);
    assert_eq!(refused_keys(keys("8d", "5s")), ["keys.activate_after"]);
    assert_eq!(refused_keys(keys("10m", "99ms")), ["keys.reload"]);
    assert_eq!(refused_keys(keys("1h", "11m")), ["keys.reload"]);
}

#[test]
fn pictures_are_in_a_folder_that_has_a_name_or_in_the_one_database() {
    for url in ["database://elsewhere", "database:", "file://", "s3://bucket", "data/pictures"] {
        let error = loading(&[], &[("SELFSAME__BLOBS__URL", url)]).unwrap_err().to_string();
        assert!(error.contains("blobs.url: must begin with one of file://, database://"), "{url}: {error}");
    }
}

#[test]
fn r55_an_origin_must_be_spelled_as_browsers_send_it() {
    for origin in
        ["https://a.example.com/page", "https://u@a.example.com", "a.example.com", "https://*.example.com", "null"]
    {
        assert_eq!(
            refused_keys(loading(&[], &[("SELFSAME__SERVER__ALLOWED_ORIGINS", origin)])),
            ["server.allowed_origins"],
            "{origin}"
        );
    }
}

#[test]
fn r96_production_accepts_what_is_safe() {
    let loaded = production(&[]).unwrap();
    assert_eq!(loaded.environment, Environment::Production);
    assert_eq!(loaded.settings.database.url.scheme(), "sqlite");
    production(&[("SELFSAME__DATABASE__URL", "postgres://selfsame:kX3vQ9tLw2pZ@db/selfsame?sslmode=verify-full")])
        .unwrap();
    production(&[("SELFSAME__DATABASE__URL", "postgres://selfsame@localhost/selfsame")]).unwrap();
}

const IN_CLEAR: [(&str, &str); 14] = [
    ("SELFSAME__DATABASE__URL", "postgres://selfsame@db/selfsame"),
    ("SELFSAME__DATABASE__URL", "postgres://selfsame@db/selfsame?sslmode=disable"),
    ("SELFSAME__DATABASE__URL", "postgres://selfsame@db/selfsame?sslmode=allow"),
    ("SELFSAME__DATABASE__URL", "postgresql://selfsame@10.0.0.5:5432/selfsame?sslmode=prefer"),
    ("SELFSAME__DATABASE__URL", "postgres://selfsame@db/selfsame?sslmode=require&sslmode=disable"),
    ("SELFSAME__DATABASE__URL", "postgres://selfsame@localhost,db/selfsame"),
    ("SELFSAME__DATABASE__URL", "postgres:///selfsame?host=db"),
    ("SELFSAME__DATABASE__URL", "postgres://localhost/selfsame?hostaddr=10.0.0.5"),
    ("SELFSAME__DATABASE__URL", "postgres://localhost.example.com/selfsame"),
    ("SELFSAME__MAIL__URL", "smtp://mail.example.com?tls=none"),
    ("SELFSAME__MAIL__URL", "smtp://selfsame:kX3vQ9tLw2pZ@mail.example.com?tls=none"),
    ("SELFSAME__MAIL__URL", "smtp://selfsame:kX3vQ9tLw2pZ@mail.example.com?tls=opportunistic"),
    ("SELFSAME__MAIL__URL", "smtp://selfsame:kX3vQ9tLw2pZ@localhost?tls=none"),
    ("SELFSAME__MAIL__URL", "smtp://10.0.0.5:25/?tls=none"),
];

#[test]
fn r96_production_refuses_to_send_passwords_and_accounts_in_clear() {
    for (name, value) in IN_CLEAR {
        let key = name.trim_start_matches("SELFSAME__").to_lowercase().replace("__", ".");
        assert_eq!(refused_keys(production(&[(name, value)])), [key], "{value}");
        loading(&[], &[(name, value)]).unwrap();
        production(&[(name, value), ("SELFSAME__SERVER__PRIVATE_NETWORK", "true")]).unwrap();
    }
}

#[test]
fn r96_production_takes_what_is_encrypted_or_stays_on_the_machine() {
    for (name, value) in [
        ("SELFSAME__DATABASE__URL", "postgres://selfsame@db/selfsame?sslmode=require"),
        ("SELFSAME__DATABASE__URL", "postgres://selfsame@db/selfsame?sslmode=verify-ca&sslrootcert=/ca.crt"),
        ("SELFSAME__DATABASE__URL", "postgres://selfsame@a,b/selfsame?sslmode=verify-full&sslrootcert=/ca.crt"),
        ("SELFSAME__DATABASE__URL", "postgres://selfsame@db/selfsame?sslrootcert=system"),
        ("SELFSAME__DATABASE__URL", "postgres:///selfsame"),
        ("SELFSAME__DATABASE__URL", "postgres:///selfsame?host=/run/postgresql"),
        ("SELFSAME__DATABASE__URL", "postgres://%2Frun%2Fpostgresql/selfsame"),
        ("SELFSAME__DATABASE__URL", "postgres://127.0.0.1:5433,[::1]/selfsame?sslmode=disable"),
        ("SELFSAME__MAIL__URL", "smtp://127.0.0.1:25?tls=none"),
        ("SELFSAME__MAIL__URL", "smtp://mail.example.com"),
        ("SELFSAME__MAIL__URL", "smtp://selfsame:kX3vQ9tLw2pZ@mail.example.com"),
    ] {
        production(&[(name, value)]).unwrap_or_else(|error| panic!("{value}: {error}"));
    }
}

#[test]
fn r96_production_refuses_what_is_unsafe() {
    for (name, value) in [
        ("SELFSAME__SERVER__PUBLIC_URL", ""),
        ("SELFSAME__SERVER__PUBLIC_URL", "http://account.example.com"),
        ("SELFSAME__SERVER__ALLOWED_ORIGINS", "*"),
        ("SELFSAME__SERVER__ALLOWED_ORIGINS", "https://a.example.com,http://b.example.com"),
        ("SELFSAME__SERVER__COOKIE_SAME_SITE", "none"),
        ("SELFSAME__SERVER__TRUSTED_PROXIES", "0.0.0.0/0"),
        ("SELFSAME__MAIL__URL", ""),
        ("SELFSAME__MAIL__URL", "file:///var/mail"),
        ("SELFSAME__MAIL__URL", "smtps://selfsame:short@mail.example.com"),
        ("SELFSAME__MAIL__FROM", "selfsame@localhost"),
        ("SELFSAME__DATABASE__URL", "postgres://selfsame:changeme-changeme@db/selfsame?sslmode=require"),
        ("SELFSAME__DATABASE__URL", "postgres://longusername:longusername@db/selfsame?sslmode=require"),
        ("SELFSAME__LIMITS__ENABLED", "false"),
        ("SELFSAME__SESSIONS__REQUIRE_VERIFIED_EMAIL", "false"),
        ("SELFSAME__PASSWORDS__MIN_LENGTH", "14"),
        ("SELFSAME__PASSWORDS__ARGON2_MEMORY_KIB", "19455"),
        ("SELFSAME__LOG__FILTER", "debug"),
        ("SELFSAME__LOG__FILTER", "info,selfsame_http=TRACE"),
        ("SELFSAME__WACHT__MODE", "staging"),
    ] {
        let key = name.trim_start_matches("SELFSAME__").to_lowercase().replace("__", ".");
        assert_eq!(refused_keys(production(&[(name, value)])), [key], "{name}={value}");
        assert!(
            value.contains('*') || loading(&[], &[(name, value)]).is_ok(),
            "fine on a developer's machine: {name}={value}"
        );
    }
}

#[test]
fn r16_r96_production_sends_text_messages_through_a_gateway_to_countries_on_a_list() {
    let gateway = ("SELFSAME__SMS__URL", "https://api.example.com/messages");
    let countries = ("SELFSAME__SMS__COUNTRIES", "NL,de");
    assert_eq!(production(&[]).unwrap().settings.sms.url.expose(), "", "none without a gateway");
    production(&[gateway, countries]).unwrap();
    assert_eq!(refused_keys(production(&[gateway])), ["sms.countries"]);
    assert_eq!(refused_keys(production(&[("SELFSAME__SMS__URL", "file:///var/sms")])), ["sms.url"]);
    let in_clear = ("SELFSAME__SMS__URL", "http://api.example.com/messages");
    assert_eq!(refused_keys(production(&[in_clear, countries])), ["sms.url"]);
    production(&[in_clear, countries, ("SELFSAME__SERVER__PRIVATE_NETWORK", "true")]).unwrap();
    production(&[("SELFSAME__SMS__URL", "http://localhost:9000/"), countries]).unwrap();

    assert_eq!(refused_keys(loading(&[], &[("SELFSAME__SMS__URL", "smpp://h")])), ["sms.url"]);
    assert_eq!(refused_keys(loading(&[], &[("SELFSAME__SMS__COUNTRIES", "NL,Holland")])), ["sms.countries"]);
    assert_eq!(refused_keys(production(&[("SELFSAME__SMS__SIGN_IN", "true")])), ["sms.sign_in"], "no gateway");
    assert_eq!(refused_keys(production(&[("SELFSAME__SMS__SECOND_FACTOR", "true")])), ["sms.second_factor"]);
    assert_eq!(refused_keys(loading(&[], &[gateway, ("SELFSAME__SMS__TIMEOUT", "61s")])), ["sms.timeout"]);
    assert_eq!(
        refused_keys(loading(&[], &[("SELFSAME__VERIFICATION__SMS_CODE_TTL", "11m")])),
        ["verification.sms_code_ttl"]
    );
}

#[test]
fn a_development_server_shows_text_messages_where_it_shows_mails() {
    let settings = local(&[]);
    assert_eq!(settings.sms.url, settings.mail.url);
    assert_eq!(local(&[("SELFSAME__MAIL__URL", "smtp://localhost:25")]).sms.url.expose(), "");
}

#[test]
fn r96_every_reason_to_refuse_is_given_at_once() {
    let keys = refused_keys(loading(&[], &[("SELFSAME_ENV", "production"), ("SELFSAME__LIMITS__ENABLED", "0")]));
    assert_eq!(keys, ["server.public_url", "mail.url", "mail.from", "limits.enabled"]);
}

#[test]
fn same_site_none_is_fine_with_the_origins_that_need_it() {
    let origins = ("SELFSAME__SERVER__ALLOWED_ORIGINS", "https://app.example.com");
    production(&[("SELFSAME__SERVER__COOKIE_SAME_SITE", "none"), origins]).unwrap();
}

#[test]
fn every_variable_that_begins_with_selfsame_is_known_or_refused() {
    for (name, hint) in [
        ("SELFSAME_DATABASE__URL", "did you mean SELFSAME__DATABASE__URL?"),
        ("SELFSAME_ENVIRONMENT", "SELFSAME_ENV"),
        ("SELFSAME_SERVER_BIND", "did you mean SELFSAME__SERVER__BIND?"),
        ("Selfsame__Server__Bind", "did you mean SELFSAME__SERVER__BIND?"),
        ("SELFSAMEENV", "SELFSAME_ENV"),
        ("SELFSAME", "SELFSAME__SECTION__KEY"),
    ] {
        let error = loading(&[], &[(name, "x")]).unwrap_err().to_string();
        assert!(error.contains(hint) && error.contains(&format!("(environment variable {name})")), "{error}");
    }
    let links = [
        ("SELFSAME_SERVICE_HOST", "10.0.0.1"),
        ("SELFSAME_SERVICE_PORT", "8080"),
        ("SELFSAME_SERVICE_PORT_HTTP", "8080"),
        ("SELFSAME_PORT", "tcp://10.0.0.1:8080"),
        ("SELFSAME_PORT_8080_TCP", "tcp://10.0.0.1:8080"),
        ("SELFSAME_PORT_8080_TCP_ADDR", "10.0.0.1"),
        ("SELFSAME_DB_PORT_5432_TCP_PROTO", "tcp"),
        ("OTHER_SELFSAME", "x"),
    ];
    loading(&[], &links).unwrap();
    let folder = TempDir::new().unwrap();
    let unreadable = vec!["SELFSAME__SERVER__BIND".to_owned(), "LANG".to_owned()];
    let error = load(&Surroundings { directory: folder.path().to_owned(), unreadable, ..Surroundings::default() });
    assert_eq!(refused_keys(error), ["SELFSAME__SERVER__BIND"]);
}

#[test]
fn r18_r35_production_refuses_values_that_break_a_promise() {
    for (name, value, key) in [
        ("SELFSAME__PASSWORDS__MIN_STRENGTH", "2", "passwords.min_strength"),
        ("SELFSAME__VERIFICATION__CODE_TTL", "24h", "verification.code_ttl"),
        ("SELFSAME__VERIFICATION__RESET_TTL", "24h", "verification.reset_ttl"),
        ("SELFSAME__VERIFICATION__EMAIL_CHANGE_TTL", "2h", "verification.email_change_ttl"),
        ("SELFSAME__TOKENS__ACCESS_TTL", "24h", "tokens.access_ttl"),
        ("SELFSAME__TOKENS__RIVERGEN_ACCESS_TTL", "24h", "tokens.rivergen_access_ttl"),
        ("SELFSAME__SESSIONS__STEP_UP", "24h", "sessions.step_up"),
        ("SELFSAME__LIMITS__CODE_PER_ACCOUNT", "1000000/1ms", "limits.code_per_account"),
        ("SELFSAME__LIMITS__CODE_PER_ACCOUNT", "5/1s", "limits.code_per_account"),
        ("SELFSAME__LIMITS__PASSWORD_PER_ACCOUNT", "1000/15m", "limits.password_per_account"),
        ("SELFSAME__LIMITS__PASSWORD_PER_IP", "1000000/1ms", "limits.password_per_ip"),
        ("SELFSAME__LIMITS__MAIL_PER_ADDRESS", "1000/1s", "limits.mail_per_address"),
        ("SELFSAME__LIMITS__RESET_PER_ADDRESS", "1000/1s", "limits.reset_per_address"),
        ("SELFSAME__LIMITS__SIGN_UP_PER_IP", "1000000/1ms", "limits.sign_up_per_ip"),
        ("SELFSAME__LIMITS__NEW_PASSWORD_PER_IP", "1000000/1s", "limits.new_password_per_ip"),
        ("SELFSAME__LIMITS__NOTICE_PER_USER", "1000000/1s", "limits.notice_per_user"),
        ("SELFSAME__LIMITS__REFRESH_PER_IP", "1000000/1s", "limits.refresh_per_ip"),
        ("SELFSAME__LIMITS__PASSKEY_PER_IP", "1000000/1s", "limits.passkey_per_ip"),
        ("SELFSAME__LIMITS__PASSKEY_PER_USER", "1000000/1s", "limits.passkey_per_user"),
        ("SELFSAME__LIMITS__PICTURE_PER_USER", "1000000/1s", "limits.picture_per_user"),
        ("SELFSAME__LIMITS__PROFILE_WRITE_PER_USER", "1000000/1s", "limits.profile_write_per_user"),
        ("SELFSAME__LIMITS__PROFILE_WRITE_PER_USER", "60/1ms", "limits.profile_write_per_user"),
        ("SELFSAME__LIMITS__AUDIT_BYTES_PER_USER", "1GiB/365d", "limits.audit_bytes_per_user"),
        ("SELFSAME__LIMITS__AUDIT_BYTES_PER_USER", "20MiB/1s", "limits.audit_bytes_per_user"),
    ] {
        assert_eq!(refused_keys(production(&[(name, value)])), [key], "{name}={value}");
        loading(&[], &[(name, value)]).unwrap();
    }
    production(&[("SELFSAME__LIMITS__AUDIT_BYTES_PER_USER", "100MiB/30m")]).unwrap();
}

#[test]
fn r86_production_bounds_every_budget() {
    let names = std::cell::RefCell::new(Vec::new());
    local(&[]).limits.map(|name, _| names.borrow_mut().push(name), |name, _| names.borrow_mut().push(name));
    for key in names.into_inner() {
        let value = if key.contains("bytes") { "1GiB/1ms" } else { "1000000/1ms" };
        let name = format!("SELFSAME__LIMITS__{}", key.to_uppercase());
        assert_eq!(refused_keys(production(&[(&name, value)])), [format!("limits.{key}")]);
    }
}

#[test]
fn r58_an_address_of_the_application_is_https_or_of_this_machine() {
    let urls = |list: &str| loading(&[], &[("SELFSAME__SERVER__APP_URLS", list)]);
    assert_eq!(
        urls("https://app.example.com/account,http://localhost:3000").unwrap().settings.server.app_urls.len(),
        2
    );
    for refused in ["http://app.example.com", "app.example.com", "https://user@app.example.com", "https://a.test?x=1"] {
        assert_eq!(refused_keys(urls(refused)), ["server.app_urls"], "{refused}");
    }
    for (name, value) in [
        ("NAME", " "),
        ("LOGO_URL", "http://a.example/l.png"),
        ("LOGO_URL", "l.png"),
        ("COLOR", "#fff000"),
        ("LOCALE", "tlh"),
        ("LOCALE", ""),
    ] {
        let refused = refused_keys(loading(&[], &[(&format!("SELFSAME__BRAND__{name}"), value)]));
        assert_eq!(refused, [format!("brand.{}", name.to_lowercase())], "{value}");
    }
}

const BILLING: &str = r#"{"name": "billing", "url": "https://billing.example.com/", "events": ["user.*"]}"#;

#[test]
fn endpoints_of_webhooks_are_tables_in_a_file_and_json_in_a_variable() {
    let file = "[[webhooks.endpoints]]\nname = 'crm'\nurl = 'https://crm.example.com/'\nevents = ['*']\n";
    let two =
        format!("{file}[[webhooks.endpoints]]\nname = 'b-2'\nurl = 'http://localhost:1/'\nevents = ['email.changed']");
    let endpoints = loading(&[("config/local.toml", &two)], &[]).unwrap().settings.webhooks.endpoints;
    assert_eq!(endpoints.iter().map(|endpoint| endpoint.name.as_str()).collect::<Vec<_>>(), ["crm", "b-2"]);
    let json = format!("[{BILLING}]");
    let settings =
        loading(&[("config/local.toml", file)], &[("SELFSAME__WEBHOOKS__ENDPOINTS", &json)]).unwrap().settings;
    assert_eq!(settings.webhooks.endpoints[0].name, "billing");
    assert!(local(&[("SELFSAME__WEBHOOKS__ENDPOINTS", "")]).webhooks.endpoints.is_empty());
}

#[test]
fn an_endpoint_of_webhooks_that_could_get_nothing_is_refused() {
    let refused = |endpoints: &str| {
        let error = loading(&[], &[("SELFSAME__WEBHOOKS__ENDPOINTS", endpoints)]).unwrap_err();
        assert!(error.problems.iter().all(|problem| problem.key == "webhooks.endpoints"), "{error}");
        error.to_string()
    };
    let twice = refused(&format!("[{BILLING}, {BILLING}]"));
    assert!(twice.contains("two endpoints have the name \"billing\""), "{twice}");
    for (changed, to, reason) in [
        (r#""billing","#, r#""Billing Service","#, "is not a name"),
        (r#"["user.*"]"#, "[]", "has no events"),
        (r#"["user.*"]"#, r#"["users.*"]"#, "\"users.*\" of \"billing\" is not *"),
        (r#", "events": ["user.*"]"#, "", "missing field `events`"),
        (r#""events""#, r#""secret": "x", "events""#, "unknown field `secret`"),
    ] {
        let error = refused(&format!("[{}]", BILLING.replace(changed, to)));
        assert!(error.contains(reason), "{to}: {error}");
    }
    assert!(refused("billing").contains("as JSON"));
}

#[test]
fn r96_production_tells_no_endpoint_in_clear_over_a_network() {
    let keys = |url: &str, private: &str| {
        let json = format!("[{}]", BILLING.replace("https://billing.example.com/", url));
        let variables = [("SELFSAME__WEBHOOKS__ENDPOINTS", &*json), ("SELFSAME__SERVER__PRIVATE_NETWORK", private)];
        production(&variables).map_or_else(|error| refused_keys(Err(error)), |_| Vec::new())
    };
    assert_eq!(keys("http://billing.internal/", "false"), ["webhooks.endpoints"]);
    for (url, private) in
        [("http://billing.internal/", "true"), ("http://127.0.0.1:9000/", "false"), ("https://10.0.0.7/", "false")]
    {
        assert_eq!(keys(url, private), [""; 0], "{url}");
    }
}

#[test]
fn what_is_published_about_security_must_be_what_rfc_9116_demands() {
    let contact =
        ("SELFSAME__WELL_KNOWN__SECURITY_CONTACTS", "mailto:security@example.com, https://example.com/report");
    let expires = ("SELFSAME__WELL_KNOWN__SECURITY_EXPIRES", "2027-06-30T00:00:00Z");
    loading(&[], &[contact, expires]).unwrap();
    assert_eq!(refused_keys(loading(&[], &[contact])), ["well_known.security_expires"]);
    for (name, value) in [
        ("SECURITY_CONTACTS", "security@example.com"),
        ("SECURITY_CONTACTS", "http://example.com/report"),
        ("SECURITY_EXPIRES", "next year"),
        ("SECURITY_POLICY", "http://example.com/policy"),
        ("SECURITY_POLICY", "https://example.com/\nContact: mailto:eve@example.com"),
        ("SECURITY_LANGUAGES", "english language"),
        ("CHANGE_PASSWORD_URL", "javascript:alert(1)"),
        ("CHANGE_PASSWORD_URL", "https://app.example.com/#password"),
    ] {
        let variable = format!("SELFSAME__WELL_KNOWN__{name}");
        let others = [contact, expires].into_iter().filter(|(other, _)| *other != variable);
        let variables: Vec<_> = others.chain([(&*variable, value)]).collect();
        let refused = refused_keys(loading(&[], &variables));
        assert_eq!(refused, [format!("well_known.{}", name.to_lowercase())], "{value}");
    }
}
