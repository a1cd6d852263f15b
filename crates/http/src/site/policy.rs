//! The content security policy of a page (R56). It allows nothing but what the page lists.

use url::Url;

/// A placeholder in a policy for the nonce of the response. Browsers run only inline scripts, and apply only inline
/// styles, that have the nonce (`nonce="{{ nonce }}"` in the template).
pub(crate) const NONCE: &str = "'nonce'";

/// The allowed sources of each directive in which pages differ.
#[derive(Clone, Copy, Debug)]
pub(crate) struct ContentPolicy {
    /// `script-src`
    pub(crate) scripts: &'static str,
    /// `style-src`
    pub(crate) styles: &'static str,
    /// `connect-src`
    pub(crate) connections: &'static str,
    /// `font-src`
    pub(crate) fonts: &'static str,
    /// `form-action`. A form that posts to this server needs `'self'`.
    pub(crate) forms: &'static str,
}

impl ContentPolicy {
    /// Text, pictures, and styles of this server.
    pub(crate) const STATIC: Self =
        Self { scripts: "'none'", styles: "'self'", connections: "'none'", fonts: "'none'", forms: "'none'" };

    /// Also scripts of this server, which may connect to this server.
    pub(crate) const SCRIPTED: Self = Self { scripts: "'self'", connections: "'self'", ..Self::STATIC };

    /// Whether the policy has a nonce.
    pub(super) fn needs_nonce(&self) -> bool {
        self.scripts.contains(NONCE) || self.styles.contains(NONCE)
    }

    /// The value of the header. The operator's logo may be of another origin. `leads_to` is a further source of `form-action`:
    /// browsers apply it to the redirect that answers a form too.
    pub(super) fn value(&self, nonce: &str, logo: Option<&Url>, leads_to: Option<&str>) -> String {
        let Self { scripts, styles, connections, fonts, forms } = self;
        let leads_to = leads_to.map(|source| format!(" {source}")).unwrap_or_default();
        let logo = logo.map(|logo| format!(" {}", logo.origin().ascii_serialization())).unwrap_or_default();
        format!(
            "default-src 'none'; script-src {scripts}; style-src {styles}; img-src 'self' data:{logo}; font-src {fonts}; \
             connect-src {connections}; object-src 'none'; base-uri 'none'; form-action {forms}{leads_to}; frame-ancestors 'none'"
        )
        .replace(NONCE, &format!("'nonce-{nonce}'"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn r56_a_page_may_do_what_it_says_and_nothing_else() {
        assert_eq!(
            ContentPolicy::STATIC.value("", None, None),
            "default-src 'none'; script-src 'none'; style-src 'self'; img-src 'self' data:; font-src 'none'; \
             connect-src 'none'; object-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
        );
        let inline = ContentPolicy { scripts: "'self' 'nonce'", forms: "'self'", ..ContentPolicy::STATIC };
        assert!(inline.needs_nonce() && !ContentPolicy::SCRIPTED.needs_nonce());
        let value = inline.value("abc", Url::parse("https://cdn.example:8443/logo.svg").ok().as_ref(), None);
        assert!(value.contains("script-src 'self' 'nonce-abc';") && value.contains("form-action 'self';"), "{value}");
        assert!(value.contains("img-src 'self' data: https://cdn.example:8443; "), "{value}");
    }
}
