//! The operator's list of addresses of the application, to which mailed links and pages may lead (R58).

use url::{Host, Url};

/// The longest address that is accepted in a request, in bytes.
const LONGEST: usize = 2048;

/// Prefixes of addresses: scheme, host, port and the first segments of the path. The first is the way on from the pages
/// of this server.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AppUrls(Vec<Url>);

impl AppUrls {
    /// These prefixes; `None` if [`AppUrls::is_prefix`] refuses one.
    pub fn parse<S: AsRef<str>>(prefixes: &[S]) -> Option<Self> {
        prefixes.iter().map(|text| prefix(text.as_ref())).collect::<Option<_>>().map(Self)
    }

    /// Whether this is an https address, or an http one of this machine, without user, query and fragment.
    pub fn is_prefix(text: &str) -> bool {
        prefix(text).is_some()
    }

    /// The first prefix.
    pub fn first(&self) -> Option<&Url> {
        self.0.first()
    }

    /// The address as a browser reads it, if it is below a prefix: the same scheme, host and port, and whole segments of
    /// the path. One with a user, a fragment, or an escaped slash is none.
    pub fn allowed(&self, text: &str) -> Option<Url> {
        let url =
            Url::parse(text).ok().filter(|url| text.len() <= LONGEST && is_plain(url) && url.fragment().is_none())?;
        self.0.iter().any(|prefix| is_below(&url, prefix)).then_some(url)
    }
}

fn prefix(text: &str) -> Option<Url> {
    let url = Url::parse(text).ok()?;
    (is_plain(&url) && url.query().is_none() && url.fragment().is_none()).then_some(url)
}

fn is_plain(url: &Url) -> bool {
    let is_loopback = match url.host() {
        Some(Host::Domain(name)) => name == "localhost",
        Some(Host::Ipv4(ip)) => ip.is_loopback(),
        Some(Host::Ipv6(ip)) => ip.is_loopback(),
        None => return false,
    };
    let path = url.path().to_ascii_lowercase();
    (url.scheme() == "https" || (url.scheme() == "http" && is_loopback))
        && url.username().is_empty()
        && url.password().is_none()
        && !path.contains("%2f")
        && !path.contains("%5c")
}

fn is_below(url: &Url, prefix: &Url) -> bool {
    let folder = prefix.path().trim_end_matches('/');
    let rest = url.path().strip_prefix(folder);
    url.origin() == prefix.origin() && rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn r58_only_an_address_below_an_entry_of_the_list_is_led_to() {
        let Some(urls) = AppUrls::parse(&["https://app.example/account", "http://localhost:3000/"]) else { return };
        for allowed in [
            "https://app.example/account",
            "https://app.example/account/",
            "https://app.example/account/verify?from=mail",
            "https://APP.example:443/account/x",
            "http://localhost:3000",
            "http://localhost:3000/any/path",
        ] {
            assert!(urls.allowed(allowed).is_some(), "{allowed}");
        }
        for refused in [
            "",
            "/account",
            "//app.example/account",
            "https://app.example/",
            "https://app.example/accounts",
            "https://app.example/account/../admin",
            "https://app.example/account/%2e%2e/admin",
            "https://app.example/account/..%2fadmin",
            "https://app.example/account/..\\admin",
            "https://app.example/account/%5c..",
            "http://app.example/account",
            "https://app.example:8443/account",
            "https://app.example.evil.example/account",
            "https://app.example@evil.example/account",
            "https://user@app.example/account",
            "https://user:word@app.example/account",
            "https://app.example/account#token=x",
            "https://evil.example/https://app.example/account",
            "https://evil.example\\@app.example/account",
            "javascript:alert(1)//app.example/account",
            "http://localhost:3001/",
            "http://localhost.evil.example:3000/",
        ] {
            assert_eq!(urls.allowed(refused), None, "{refused}");
        }
        assert_eq!(urls.allowed(&format!("https://app.example/account/{}", "x".repeat(LONGEST))), None);
        assert_eq!(AppUrls::default().allowed("https://app.example/account"), None);
    }

    #[test]
    fn a_prefix_is_https_or_of_this_machine_and_has_no_other_parts() {
        for prefix in ["https://app.example", "https://app.example/a", "http://127.0.0.1:5173", "http://localhost"] {
            assert!(AppUrls::is_prefix(prefix), "{prefix}");
        }
        for refused in [
            "app.example",
            "http://app.example",
            "https://u@app.example",
            "https://app.example?x",
            "https://app.example#x",
        ] {
            assert!(!AppUrls::is_prefix(refused), "{refused}");
        }
    }
}
