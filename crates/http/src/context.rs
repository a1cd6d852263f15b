//! The client of a request: its address, its user agent, and its remembered device.

use std::{
    net::{IpAddr, SocketAddr},
    sync::Once,
};

use actix_web::{HttpMessage as _, HttpRequest, http::header::USER_AGENT};
use selfsame_domain::{IdempotencyClaim, RequestContext};

use crate::{HttpOptions, credentials::device, language::accepted, request_id::RequestId};

/// Maximum length of a stored `User-Agent`, in characters.
const USER_AGENT_LENGTH: usize = 512;

/// Reads address, user agent and request id from the request.
pub(crate) fn request_context(request: &HttpRequest, options: &HttpOptions) -> RequestContext {
    let user_agent = request.headers().get(USER_AGENT).map(|agent| String::from_utf8_lossy(agent.as_bytes()));
    RequestContext {
        ip: request.peer_addr().map(|peer| client_address(request, peer.ip(), options)),
        user_agent: user_agent.map(|agent| sanitized(&agent)).filter(|agent| !agent.is_empty()),
        request_id: RequestId::of(request).to_string(),
        device: device(request, options.cookie).map(|token| token.hash()),
        locale: accepted(request),
        idempotency: request.extensions().get::<IdempotencyClaim>().copied(),
    }
}

/// Shortens a text of the client and removes control characters, which could forge a log line (R81).
fn sanitized(text: &str) -> String {
    text.chars().filter(|char| !char.is_control()).take(USER_AGENT_LENGTH).collect()
}

/// The right-most address that is not a trusted proxy (R59). The client itself may have written the ones left of it.
/// The header of a peer that is not a trusted proxy is ignored.
fn client_address(request: &HttpRequest, peer: IpAddr, options: &HttpOptions) -> IpAddr {
    let mut nearest = peer.to_canonical();
    if !options.trusts(&nearest) {
        if request.headers().contains_key("x-forwarded-for") {
            warn_once(&nearest);
        }
        return nearest;
    }
    let hops: Vec<_> = request.headers().get_all("x-forwarded-for").collect();
    let hops = hops.iter().rev().flat_map(|header| header.as_bytes().rsplit(|byte| *byte == b','));
    for hop in hops {
        let Some(hop) = std::str::from_utf8(hop).ok().and_then(|hop| parse(hop.trim())) else { break };
        nearest = hop;
        if !options.trusts(&nearest) {
            break;
        }
    }
    nearest
}

/// Logs the first header that is ignored: probably a proxy is missing in the settings, and all of its users share the rate
/// limits of its address.
fn warn_once(peer: &IpAddr) {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        tracing::warn!(
            %peer,
            "X-Forwarded-For from an address that is not in server.trusted_proxies is not used; if it is your proxy, add it"
        );
    });
}

/// Parses an address with or without a port.
fn parse(hop: &str) -> Option<IpAddr> {
    let bare = hop.trim_start_matches('[').trim_end_matches(']');
    let ip = bare.parse().ok().or_else(|| hop.parse::<SocketAddr>().ok().map(|address| address.ip()))?;
    Some(IpAddr::to_canonical(&ip))
}

#[cfg(test)]
mod tests {
    use actix_web::test::TestRequest;

    use super::*;

    fn options() -> HttpOptions {
        let trusted = ["10.0.0.0/8", "2001:db8:f::/48"].map(|network| network.parse().unwrap());
        HttpOptions { trusted_proxies: trusted.to_vec(), ..HttpOptions::new("https://id.example".parse().unwrap()) }
    }

    fn seen_from(peer: &str, forwarded: &[&str]) -> String {
        let mut request = TestRequest::get().peer_addr(SocketAddr::new(peer.parse().unwrap(), 4711));
        for header in forwarded {
            request = request.append_header(("X-Forwarded-For", *header));
        }
        request_context(&request.to_http_request(), &options()).ip.unwrap().to_string()
    }

    #[test]
    fn r59_a_stranger_cannot_choose_its_own_address() {
        assert_eq!(seen_from("203.0.113.5", &["198.51.100.1"]), "203.0.113.5");
        assert_eq!(seen_from("10.0.0.1", &["198.51.100.1, 203.0.113.5"]), "203.0.113.5");
    }

    #[test]
    fn r59_behind_trusted_proxies_the_rightmost_untrusted_address_counts() {
        assert_eq!(seen_from("10.0.0.1", &["203.0.113.5"]), "203.0.113.5");
        assert_eq!(seen_from("10.0.0.1", &["1.1.1.1, 203.0.113.5, 10.9.9.9"]), "203.0.113.5");
        assert_eq!(seen_from("10.0.0.1", &["203.0.113.5", "10.1.1.1,10.2.2.2"]), "203.0.113.5");
        assert_eq!(seen_from("2001:db8:f::1", &["[2001:db8:1::7]:443"]), "2001:db8:1::7");
        assert_eq!(seen_from("10.0.0.1", &["203.0.113.5:8080"]), "203.0.113.5");
    }

    #[test]
    fn r59_what_cannot_be_read_is_not_stepped_over() {
        assert_eq!(seen_from("10.0.0.1", &["203.0.113.5, unknown"]), "10.0.0.1");
        assert_eq!(seen_from("10.0.0.1", &["203.0.113.5, junk, 10.3.3.3"]), "10.3.3.3");
        assert_eq!(seen_from("10.0.0.1", &[]), "10.0.0.1");
    }

    #[test]
    fn an_ipv4_address_in_ipv6_clothes_is_the_same_address() {
        assert_eq!(seen_from("::ffff:203.0.113.5", &[]), "203.0.113.5");
        assert_eq!(seen_from("::ffff:10.0.0.1", &["::ffff:203.0.113.5"]), "203.0.113.5");
    }

    #[test]
    fn r81_a_user_agent_is_shortened_and_has_no_control_characters() {
        let agent = format!("evil\u{9}agent\u{85}{}", "x".repeat(600));
        let request = TestRequest::get().insert_header((USER_AGENT, agent.as_bytes())).to_http_request();
        let agent = request_context(&request, &options()).user_agent.unwrap();
        assert!(agent.starts_with("evilagentxxx"), "{agent}");
        assert_eq!(agent.chars().count(), USER_AGENT_LENGTH);
    }
}
