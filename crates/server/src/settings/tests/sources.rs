//! Sources and derived values.

use std::time::Duration;

use super::{super::layer::BUILT_IN, *};

#[test]
fn nothing_set_is_enough() {
    let settings = local(&[]);
    assert_eq!(settings.server.public_url, "http://127.0.0.1:8080");
    assert_eq!(settings.database.url.expose(), "sqlite://data/selfsame.db");
    assert_eq!(settings.mail.url.expose(), "file://data/mailbox");
    assert_eq!(settings.blobs.url.expose(), "file://data/pictures");
    assert_eq!(settings.limits.url.expose(), "database://");
    assert_eq!(settings.tokens.issuer, settings.server.public_url);
    assert_eq!(settings.wacht.frontend_host, "127.0.0.1:8080");
    assert!((1..=8).contains(&settings.passwords.permits));
    assert!(settings.server.workers >= 1);
    assert_eq!(settings.sessions.idle.get(), Duration::from_hours(12));
}

#[test]
fn pictures_are_in_the_database_where_replicas_share_one_unless_they_are_said_to_be_elsewhere() {
    for database in ["postgres://u@h/db", "postgresql://u@h/db"] {
        let loaded = loading(&[], &[("SELFSAME__DATABASE__URL", database)]).unwrap();
        assert_eq!(loaded.settings.blobs.url.expose(), "database://");
        assert_eq!(loaded.sources["blobs.url"], "derived from database.url");
    }
    let loaded = loading(&[], &[]).unwrap();
    assert_eq!(loaded.sources["blobs.url"], "derived from data_dir");
    let database = ("SELFSAME__DATABASE__URL", "postgres://u@h/db");
    let settings = local(&[database, ("SELFSAME__BLOBS__URL", "file:///srv/pictures")]);
    assert_eq!(settings.blobs.url.expose(), "file:///srv/pictures");
    assert_eq!(local(&[("SELFSAME__BLOBS__URL", "database://")]).blobs.url.expose(), "database://", "on SQLite too");
}

#[test]
fn the_largest_picture_fits_into_the_bodies_that_bring_it() {
    let settings = local(&[]);
    let (picture, beside) = (settings.pictures.max_upload.bytes(), settings.http.max_body.bytes());
    assert!(settings.http.max_data_uri_body.bytes() >= picture.div_ceil(3) * 4 + beside);
    assert!(settings.http.max_multipart.bytes() >= picture + beside);
    let defaults = selfsame_http::SizeLimits::default();
    assert_eq!(defaults.data_uri_body as u64, settings.http.max_data_uri_body.bytes());
    assert_eq!(defaults.multipart as u64, settings.http.max_multipart.bytes());
    assert_eq!(defaults.bodies_in_flight as u64, settings.http.max_bodies_in_flight.bytes());
    let pictures = selfsame_pictures_image::PictureOptions::default();
    assert_eq!(pictures.max_memory, settings.pictures.max_memory.bytes());
    assert_eq!(pictures.max_megapixels, settings.pictures.max_megapixels);
}

#[test]
fn a_file_wins_over_the_defaults_and_a_variable_over_the_file() {
    let file = (
        "config/local.toml",
        "[server]\nbind = '127.0.0.1:1'\nworkers = 3\nallowed_origins = ['http://a.test', 'http://b.test']",
    );
    let variables = [("SELFSAME__SERVER__BIND", "127.0.0.1:2"), ("SELFSAME__SERVER__ALLOWED_ORIGINS", "http://c.test")];
    let loaded = loading(&[file], &variables).unwrap();
    assert_eq!(loaded.settings.server.bind, "127.0.0.1:2".parse().unwrap());
    assert_eq!(loaded.settings.server.workers, 3);
    assert_eq!(loaded.settings.server.allowed_origins, ["http://c.test"], "lists replace, they don't add up");
    assert_eq!(loaded.sources["server.bind"], "environment variable SELFSAME__SERVER__BIND");
    assert_eq!(loaded.sources["server.workers"], "config/local.toml");
    assert_eq!(loaded.sources["data_dir"], BUILT_IN);
    assert_eq!(loaded.sources["database.url"], "derived from data_dir");
}

#[test]
fn the_environment_chooses_the_file() {
    let files = [
        ("config/local.toml", "data_dir = 'l'"),
        ("config/production.toml", "data_dir = 'p'\n[limits]\nenabled = false"),
    ];
    assert_eq!(loading(&files, &[]).unwrap().settings.data_dir.to_str(), Some("l"));
    assert_eq!(loading(&files, &[("SELFSAME_ENV", "local")]).unwrap().settings.data_dir.to_str(), Some("l"));
    let error = loading(&files, &[("SELFSAME_ENV", "production")]).unwrap_err();
    assert!(error.problems.iter().any(|problem| problem.source == "config/production.toml"), "{error}");
}

#[test]
fn the_fixed_variables_are_understood() {
    let settings = local(&[
        ("SELFSAME__SERVER__BIND", "[::1]:9000"),
        ("SELFSAME__SERVER__PUBLIC_URL", "https://account.example.com/"),
        ("SELFSAME__SERVER__ALLOWED_ORIGINS", "https://a.example.com, http://localhost:3000,"),
        ("SELFSAME__DATABASE__URL", "postgres://u:p@h/db"),
        ("SELFSAME__MAIL__URL", "smtp://localhost:1025"),
        ("SELFSAME__MAIL__FROM", "123@example.com"),
        ("SELFSAME__BLOBS__URL", "file:///srv/pictures"),
        ("SELFSAME__DATA_DIR", "/srv/selfsame"),
        ("SELFSAME__PASSWORDS__MIN_LENGTH", "8"),
        ("SELFSAME__LIMITS__ENABLED", "false"),
    ]);
    assert_eq!(settings.server.bind, "[::1]:9000".parse().unwrap());
    assert_eq!(settings.server.public_url, "https://account.example.com", "a slash at the end is dropped");
    assert_eq!(settings.server.allowed_origins, ["https://a.example.com", "http://localhost:3000"]);
    assert_eq!(settings.database.url.expose(), "postgres://u:p@h/db");
    assert_eq!((settings.mail.url.scheme(), settings.mail.from.as_str()), ("smtp", "123@example.com"));
    assert_eq!(settings.blobs.url.after_scheme(), "/srv/pictures");
    assert_eq!(settings.data_dir.to_str(), Some("/srv/selfsame"));
    assert_eq!(settings.passwords.min_length, 8);
    assert!(!settings.limits.enabled);
}

#[test]
fn text_that_looks_like_a_number_stays_text() {
    assert_eq!(local(&[("SELFSAME__MAIL__FROM_NAME", "007")]).mail.from_name, "007");
    assert_eq!(local(&[("SELFSAME__TOKENS__AUDIENCE", "true")]).tokens.audience, "true");
}

#[test]
fn the_port_that_the_system_chose_reaches_derived_addresses() {
    let mut loaded = loading(&[], &[("SELFSAME__SERVER__BIND", "127.0.0.1:0")]).unwrap();
    loaded.bound_to("127.0.0.1:41234".parse().unwrap());
    assert_eq!(loaded.settings.server.public_url, "http://127.0.0.1:41234");
    assert_eq!(loaded.settings.tokens.issuer, "http://127.0.0.1:41234");
    assert_eq!(loaded.settings.wacht.frontend_host, "127.0.0.1:41234");

    let set = ("SELFSAME__SERVER__PUBLIC_URL", "https://account.example.com");
    let mut loaded = loading(&[], &[("SELFSAME__SERVER__BIND", "127.0.0.1:0"), set]).unwrap();
    loaded.bound_to("127.0.0.1:41234".parse().unwrap());
    assert_eq!(loaded.settings.server.public_url, "https://account.example.com");
}

#[test]
fn a_server_on_every_address_is_reached_by_name() {
    assert_eq!(local(&[("SELFSAME__SERVER__BIND", "0.0.0.0:9000")]).server.public_url, "http://localhost:9000");
}

#[test]
fn r51_a_value_may_be_in_a_file_that_a_variable_names() {
    let files = [
        ("run/mail", "smtps://ada:s3cret-s3cret@mail.example.com\n"),
        ("run/database", "postgres://u:p@h/db\r\n"),
        ("run/name", " 007 "),
    ];
    let variables = [
        ("SELFSAME__MAIL__URL_FILE", "run/mail"),
        ("SELFSAME__DATABASE__URL_FILE", "run/database"),
        ("SELFSAME__MAIL__FROM_NAME_FILE", "run/name"),
        ("SELFSAME__BLOBS__URL_FILE", ""),
        ("SELFSAME__BLOBS__URL", "database://"),
        ("SELFSAME__DATABASE__URL", ""),
    ];
    let loaded = loading(&files, &variables).unwrap();
    let settings = &loaded.settings;
    assert_eq!(settings.mail.url.expose(), "smtps://ada:s3cret-s3cret@mail.example.com");
    assert_eq!(settings.database.url.expose(), "postgres://u:p@h/db");
    assert_eq!((settings.mail.from_name.as_str(), settings.blobs.url.expose()), (" 007 ", "database://"));
    assert_eq!(loaded.sources["mail.url"], "environment variable SELFSAME__MAIL__URL_FILE, run/mail");
}

#[test]
fn every_setting_may_be_in_a_file() {
    let defaults = super::super::layer::documented_keys();
    for key in defaults.iter().filter(|key| key.ends_with("url")) {
        let name = format!("{}_FILE", super::super::hint::variable(key));
        let error = loading(&[], &[(&name, "nowhere")]).unwrap_err().to_string();
        assert!(error.contains(&format!("{key}: the file cannot be read")), "{error}");
    }
}

#[test]
fn a_file_that_has_no_value_is_refused() {
    let named = |files: &[(&str, &str)], path: &str, more: &[(&str, &str)]| {
        let variables = [&[("SELFSAME__MAIL__URL_FILE", path)], more].concat();
        loading(files, &variables).unwrap_err().to_string()
    };
    for (text, reason) in [("", "the file is empty"), ("\n", "the file is empty")] {
        let error = named(&[("secret", text)], "secret", &[]);
        assert!(error.contains(&format!("mail.url: {reason}")), "{error}");
        assert!(error.contains("SELFSAME__MAIL__URL_FILE, secret"), "{error}");
    }
    let error = named(&[("secret", "smtp://h")], "secret", &[("SELFSAME__MAIL__URL", "smtp://other")]);
    assert!(error.contains("set twice: leave out SELFSAME__MAIL__URL or SELFSAME__MAIL__URL_FILE"), "{error}");
    assert!(named(&[("folder/secret", "")], "folder", &[]).contains("cannot be read"));
    let error = loading(&[], &[("SELFSAME__MAIL__ULR_FILE", "x")]).unwrap_err().to_string();
    assert!(error.contains("unknown key"), "{error}");
}

#[test]
fn a_sender_has_the_name_beside_the_address_unless_it_has_one_of_its_own() {
    let loaded = loading(&[], &[("SELFSAME__MAIL__FROM", "Acme <no-reply@example.com>")]).unwrap();
    assert_eq!((&*loaded.settings.mail.from, &*loaded.settings.mail.from_name), ("no-reply@example.com", "Acme"));
    assert_eq!(loaded.sources["mail.from_name"], "derived from mail.from");
    let own = [("SELFSAME__MAIL__FROM", "Acme <no-reply@example.com>"), ("SELFSAME__MAIL__FROM_NAME", "Support")];
    assert_eq!(local(&own).mail.from_name, "Support");
    assert_eq!(local(&[("SELFSAME__MAIL__FROM", "<a@example.com>")]).mail.from_name, "Selfsame");
    for wrong in ["Acme <no-reply>", "Acme <a@b.example", "a@b.example, c@d.example", "Acme <a@b.example> x"] {
        assert_eq!(refused_keys(loading(&[], &[("SELFSAME__MAIL__FROM", wrong)])), ["mail.from"], "{wrong}");
    }
}

#[test]
fn origins_are_spelled_as_browsers_spell_them() {
    let origins = "https://App.Example.com:443/, capacitor://localhost, TAURI://localhost, app://bundle";
    let settings = local(&[("SELFSAME__SERVER__ALLOWED_ORIGINS", origins)]);
    let expected = ["https://app.example.com", "capacitor://localhost", "tauri://localhost", "app://bundle"];
    assert_eq!(settings.server.allowed_origins, expected);
    let settings = local(&[("SELFSAME__SERVER__PUBLIC_URL", "https://Account.Example.com:443/")]);
    assert_eq!(settings.server.public_url, "https://account.example.com");
}

#[test]
fn what_probably_is_a_mistake_is_warned_of() {
    let warned = |variables: &[(&str, &str)]| warnings(&loading(&[], variables).unwrap());
    assert_eq!(warned(&[]), [""; 0]);
    let other = warned(&[("SELFSAME__SERVER__ALLOWED_ORIGINS", "http://localhost:5300")]);
    assert!(other.len() == 1 && other[0].contains("is another site than http://127.0.0.1:8080"), "{other:?}");
    let public = ("SELFSAME__SERVER__PUBLIC_URL", "http://app.test");
    assert_eq!(warned(&[public]), [""; 0]);
    let plain = warned(&[public, ("SELFSAME__SERVER__COOKIE_HOST_PREFIX", "true")]);
    assert!(plain.len() == 1 && plain[0].contains("keep no session cookie"), "{plain:?}");
    let same = [
        ("SELFSAME__SERVER__PUBLIC_URL", "https://id.example.com"),
        ("SELFSAME__SERVER__ALLOWED_ORIGINS", "https://app.example.com"),
    ];
    assert_eq!(warned(&same), [""; 0]);
    let proxy = warnings(&production(&[]).unwrap());
    assert!(proxy.len() == 1 && proxy[0].starts_with("server.trusted_proxies"), "{proxy:?}");
    assert_eq!(warnings(&production(&[("SELFSAME__SERVER__TRUSTED_PROXIES", "10.0.0.0/8")]).unwrap()), [""; 0]);
}

#[test]
fn what_users_see_follows_the_brand_unless_it_is_set() {
    let settings = local(&[
        ("SELFSAME__BRAND__NAME", "Acme"),
        ("SELFSAME__BRAND__LOGO_URL", "https://acme.example/logo.svg"),
        ("SELFSAME__MAIL__FROM_NAME", "Acme Accounts"),
    ]);
    assert_eq!((settings.wacht.app_name.as_str(), settings.mail.from_name.as_str()), ("Acme", "Acme Accounts"));
    assert_eq!(settings.wacht.logo_image_url, "https://acme.example/logo.svg");
}
