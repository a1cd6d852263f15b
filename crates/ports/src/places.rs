//! Places of IP addresses.

use std::net::IpAddr;

use selfsame_domain::Place;

/// Looks up where an IP address is. In memory: it neither blocks nor fails.
pub trait Places: Send + Sync {
    /// The place, in words of a language (BCP 47) where there are some, else in English. `None` if it is not known.
    fn place(&self, ip: IpAddr, locale: Option<&str>) -> Option<Place>;
}
