//! The HTTP client of the adapters that call a service of the operator. What it may do is decided here for all of them: no
//! redirects, which would let a service choose where this server sends what it knows; no proxy of the environment; one TLS stack.
//!
//! May know: ureq, rustls. Must not know: ports.

use std::{sync::Arc, time::Duration};

use rustls::crypto::aws_lc_rs;
pub use ureq;
use ureq::{
    Agent, Error, Timeout,
    tls::{RootCerts, TlsConfig, TlsProvider},
};
use url::{Host, Url};

/// A client whose requests end within `timeout`, from the look-up of the host to the end of the answer (R85). An answer of any
/// status, a redirect too, is an answer and no error. Nothing is connected.
pub fn agent(timeout: Duration) -> Agent {
    let tls = TlsConfig::builder()
        .provider(TlsProvider::Rustls)
        .unversioned_rustls_crypto_provider(Arc::new(aws_lc_rs::default_provider()))
        .root_certs(RootCerts::WebPki)
        .build();
    let config = Agent::config_builder()
        .timeout_global(Some(timeout))
        .max_redirects(0)
        .max_redirects_will_error(false)
        .http_status_as_error(false)
        .proxy(None)
        .tls_config(tls)
        .user_agent("selfsame")
        .build();
    config.into()
}

/// An error in words that contain no part of the request. `service` is what was called, such as `gateway`.
pub fn words(error: &Error, service: &str) -> String {
    match error {
        Error::Timeout(Timeout::Resolve | Timeout::Connect) => "no connection within the deadline".to_owned(),
        Error::Timeout(_) => "no answer within the deadline".to_owned(),
        Error::HostNotFound => format!("the host of the {service} has no address"),
        Error::ConnectionFailed => "no connection".to_owned(),
        Error::Tls(_) | Error::Rustls(_) => {
            "no TLS connection: the certificate or the protocol is not accepted".to_owned()
        }
        Error::Io(_) => "the connection broke".to_owned(),
        _ => format!("the {service} does not speak HTTP as expected"),
    }
}

/// Whether a URL leads to this machine, by its name or by a loopback address.
pub fn is_this_machine(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => name == "localhost",
        Some(Host::Ipv4(ip)) => ip.is_loopback(),
        Some(Host::Ipv6(ip)) => ip.is_loopback(),
        None => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn this_machine_is_localhost_and_the_loopback_addresses() {
        for (url, expected) in [
            ("http://localhost:1/", true),
            ("http://127.0.0.1/", true),
            ("http://[::1]/", true),
            ("http://localhost.example/", false),
            ("http://192.0.2.1/", false),
            ("data:,", false),
        ] {
            assert_eq!(Url::parse(url).map(|url| is_this_machine(&url)), Ok(expected), "{url}");
        }
    }
}
