//! Settings that are allowed and probably not what the operator wants. `serve` logs them, `config check` prints them.

use url::{Host, Url};

use super::{
    Environment, Loaded,
    schema::{SameSite, Server},
};

/// Every warning, as a sentence.
pub(crate) fn warnings(loaded: &Loaded) -> Vec<String> {
    let server = &loaded.settings.server;
    let Ok(public) = Url::parse(&server.public_url) else { return Vec::new() };
    let mut warnings = Vec::new();
    if public.scheme() == "http"
        && !is_loopback(&public)
        && (server.cookie_same_site == SameSite::None || server.cookie_host_prefix)
    {
        warnings.push(format!(
            "server.public_url: browsers keep no session cookie of {public}: it is Secure, because of \
             server.cookie_same_site or server.cookie_host_prefix, and {public} is neither https nor this machine"
        ));
    }
    warnings.extend(other_sites(server, &public));
    if loaded.environment == Environment::Production && server.trusted_proxies.is_empty() {
        warnings.push(
            "server.trusted_proxies: empty, so behind a reverse proxy all users share the rate limits of its address"
                .to_owned(),
        );
    }
    warnings
}

/// Origins on another site: their pages get no cookie with `lax` or `strict`.
fn other_sites<'a>(server: &'a Server, public: &'a Url) -> impl Iterator<Item = String> + 'a {
    let origins = server.allowed_origins.iter().filter(move |_| server.cookie_same_site != SameSite::None);
    let others = origins.filter(move |origin| !Url::parse(origin).is_ok_and(|origin| is_same_site(&origin, public)));
    others.map(move |origin| {
        format!(
            "server.allowed_origins: {origin} is another site than {}, so its pages get no session cookie; use one host \
             name for both, or server.cookie_same_site = \"none\" over https",
            public.origin().ascii_serialization()
        )
    })
}

/// Scheme and registrable domain, which is taken to be the last two labels: enough for a warning.
fn is_same_site(one: &Url, other: &Url) -> bool {
    let site = |url: &Url| match url.host() {
        Some(Host::Domain(name)) => {
            let mut labels: Vec<&str> = name.rsplit('.').take(2).collect();
            labels.reverse();
            labels.join(".")
        }
        Some(ip) => ip.to_string(),
        None => String::new(),
    };
    one.scheme() == other.scheme() && site(one) == site(other)
}

fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => name == "localhost" || name.ends_with(".localhost"),
        Some(Host::Ipv4(ip)) => ip.is_loopback(),
        Some(Host::Ipv6(ip)) => ip.is_loopback(),
        None => false,
    }
}
