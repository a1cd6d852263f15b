//! The relying party of passkeys.

use std::{sync::Arc, time::Duration};

use selfsame_passkeys_webauthn_rs::{RelyingParty, WebauthnRs};
use selfsame_ports::WebAuthn;
use url::{Host, Url};

use super::ComposeError;
use crate::settings::schema::Settings;

/// How long a browser waits for the user: the life of a challenge.
const TIMEOUT: Duration = Duration::from_mins(5);

/// The relying party; none where the operator switched passkeys off, and at an IP address.
pub(super) fn open(settings: &Settings) -> Result<Option<Arc<dyn WebAuthn>>, ComposeError> {
    if !settings.passkeys.enabled {
        return Ok(None);
    }
    let Some(id) = rp_id(settings)? else { return Ok(None) };
    let party = RelyingParty { id, name: settings.brand.name.clone(), origins: origins(settings)?, timeout: TIMEOUT };
    match WebauthnRs::new(&party) {
        Ok(webauthn) => Ok(Some(Arc::new(webauthn))),
        Err(error) => Err(ComposeError::new("passkeys.rp_id", &error)),
    }
}

/// The id in the settings, or the host of the public address if it is a name.
fn rp_id(settings: &Settings) -> Result<Option<String>, ComposeError> {
    let id = &settings.passkeys.rp_id;
    if !id.is_empty() {
        return Ok(Some(id.clone()));
    }
    let public_url = url("server.public_url", &settings.server.public_url)?;
    Ok(match public_url.host() {
        Some(Host::Domain(name)) => Some(name.to_owned()),
        Some(Host::Ipv4(_) | Host::Ipv6(_)) | None => None,
    })
}

/// The origins whose pages may use the passkeys: of this server, and those that the operator lists.
fn origins(settings: &Settings) -> Result<Vec<Url>, ComposeError> {
    let server = &settings.server;
    let lists = [
        ("server.public_url", std::slice::from_ref(&server.public_url)),
        ("server.allowed_origins", &server.allowed_origins),
        ("server.app_urls", &server.app_urls),
        ("passkeys.related_origins", &settings.passkeys.related_origins),
    ];
    let urls = lists.into_iter().flat_map(|(key, urls)| urls.iter().map(move |text| url(key, text)));
    urls.collect()
}

fn url(key: &'static str, text: &str) -> Result<Url, ComposeError> {
    Url::parse(text).map_err(|error| ComposeError::new(key, &error))
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;
    use crate::settings::{Surroundings, load};

    fn settings(variables: &[(&str, &str)]) -> Settings {
        let folder = tempfile::TempDir::new().unwrap();
        let variables = variables.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        let surroundings = Surroundings { directory: folder.path().to_owned(), variables, ..Surroundings::default() };
        load(&surroundings).unwrap().settings
    }

    fn opened(variables: &[(&str, &str)]) -> Option<String> {
        open(&settings(variables)).unwrap().map(|webauthn| webauthn.rp_id().to_owned())
    }

    #[test]
    fn the_relying_party_is_the_host_of_the_public_address_unless_it_is_set() {
        let public_url = ("SELFSAME__SERVER__PUBLIC_URL", "https://account.example.com");
        assert_eq!(opened(&[public_url]).as_deref(), Some("account.example.com"));
        let parent = ("SELFSAME__PASSKEYS__RP_ID", "example.com");
        assert_eq!(opened(&[public_url, parent]).as_deref(), Some("example.com"));
        assert_eq!(opened(&[public_url, ("SELFSAME__PASSKEYS__ENABLED", "false")]), None);
    }

    #[test]
    fn passkeys_are_off_at_an_ip_address() {
        assert_eq!(opened(&[("SELFSAME__SERVER__PUBLIC_URL", "http://127.0.0.1:8080")]), None);
        assert_eq!(opened(&[("SELFSAME__SERVER__PUBLIC_URL", "http://[::1]:8080")]), None);
    }

    #[test]
    fn pages_of_the_listed_origins_may_use_passkeys() {
        let settings = settings(&[
            ("SELFSAME__SERVER__PUBLIC_URL", "https://account.example.com"),
            ("SELFSAME__SERVER__ALLOWED_ORIGINS", "https://app.example.com,capacitor://localhost"),
            ("SELFSAME__PASSKEYS__RELATED_ORIGINS", "https://example.net"),
        ]);
        let origins = origins(&settings).unwrap();
        let origins: Vec<&str> = origins.iter().map(Url::as_str).collect();
        assert_eq!(
            origins,
            [
                "https://account.example.com/",
                "https://app.example.com/",
                "capacitor://localhost",
                "https://example.net/"
            ]
        );
    }
}
