//! The endpoints of webhooks: their senders, and what the core knows of them.

use std::collections::BTreeMap;

use selfsame_application::webhooks::{Endpoint, Webhooks};
use selfsame_domain::EndpointName;
use selfsame_webhooks_http::{EndpointOptions, HttpEndpoint, Secrets};

use super::{ComposeError, duration};
use crate::settings::schema::{Settings, WebhookEndpoint};

/// The senders, in the order of the settings.
pub(crate) fn open(settings: &Settings) -> Result<Vec<(EndpointName, HttpEndpoint)>, ComposeError> {
    let mut secrets = secrets(settings)?;
    let sender = |endpoint: &WebhookEndpoint| {
        let name = name(endpoint)?;
        let secrets = secrets.remove(&endpoint.name);
        let secrets = secrets.ok_or_else(|| of_secret(&endpoint.name, &"has no secret"))?;
        let url = endpoint.url.expose().to_owned();
        let options = EndpointOptions { url, secrets, timeout: settings.webhooks.timeout.get() };
        let sender = HttpEndpoint::new(options);
        let sender = sender.map_err(|error| of_endpoint(&endpoint.name, &format!("the URL {error}")))?;
        Ok((name, sender))
    };
    let senders = settings.webhooks.endpoints.iter().map(sender).collect::<Result<Vec<_>, ComposeError>>()?;
    match secrets.keys().next() {
        None => Ok(senders),
        Some(name) => Err(of_secret(name, &"is no endpoint")),
    }
}

/// What the core knows of them.
pub(super) fn policy(settings: &Settings) -> Result<Webhooks, ComposeError> {
    let endpoint = |endpoint: &WebhookEndpoint| {
        let events = endpoint.events.iter().map(|event| event.parse()).collect::<Result<_, _>>();
        let events = events.map_err(|error| of_endpoint(&endpoint.name, &error))?;
        Ok(Endpoint { name: name(endpoint)?, url: endpoint.url.to_string(), events })
    };
    let endpoints = settings.webhooks.endpoints.iter().map(endpoint).collect::<Result<_, ComposeError>>()?;
    Ok(Webhooks { endpoints, keep: duration(settings.webhooks.keep) })
}

/// The secrets by the name of the endpoint, from `NAME=SECRET,SECRET NAME=SECRET`. An error names no secret.
fn secrets(settings: &Settings) -> Result<BTreeMap<String, Secrets>, ComposeError> {
    let mut secrets = BTreeMap::new();
    for entry in settings.webhooks.secrets.expose().split_whitespace() {
        let message = &"must be entries NAME=whsec_… with spaces or line breaks between them";
        let (name, text) = entry.split_once('=').ok_or_else(|| ComposeError::new("webhooks.secrets", message))?;
        let parsed = Secrets::parse(text).map_err(|error| of_secret(name, &format!("has a secret that {error}")))?;
        if secrets.insert(name.to_owned(), parsed).is_some() {
            return Err(of_secret(name, &"has two entries; two secrets have a comma between them"));
        }
    }
    Ok(secrets)
}

fn name(endpoint: &WebhookEndpoint) -> Result<EndpointName, ComposeError> {
    endpoint.name.parse().map_err(|error| of_endpoint(&endpoint.name, &error))
}

fn of_endpoint(name: &str, error: &dyn ToString) -> ComposeError {
    ComposeError::new("webhooks.endpoints", &format!("{name:?}: {}", error.to_string()))
}

/// A name before `=` that is none could be a secret, so it is not shown.
fn of_secret(name: &str, error: &dyn ToString) -> ComposeError {
    let shown = name.parse::<EndpointName>().map_or_else(|_| "an entry".to_owned(), |name| format!("\"{name}\""));
    ComposeError::new("webhooks.secrets", &format!("{shown} {}", error.to_string()))
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;
    use crate::settings::{Surroundings, load};

    const SECRET: &str = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

    /// Opens one endpoint with these secrets; the error, if there is one.
    fn refused(url: &str, secrets: &str) -> Option<String> {
        let endpoints = serde_json::json!([{"name": "billing", "url": url, "events": ["*"]}]).to_string();
        let variables = [("SELFSAME__WEBHOOKS__ENDPOINTS", &*endpoints), ("SELFSAME__WEBHOOKS__SECRETS", secrets)];
        let variables = variables.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        let folder = tempfile::TempDir::new().unwrap();
        let surroundings = Surroundings { directory: folder.path().to_owned(), variables, ..Surroundings::default() };
        open(&load(&surroundings).unwrap().settings).err().map(|error| error.to_string())
    }

    #[test]
    fn each_endpoint_has_one_entry_of_one_or_two_secrets() {
        let url = "https://billing.example.com/";
        assert_eq!(refused(url, &format!("billing={SECRET}\n")), None);
        assert_eq!(refused(url, &format!("billing={SECRET},{SECRET}")), None);
        for (secrets, reason) in [
            (String::new(), "\"billing\" has no secret"),
            (format!("billing={SECRET} crm={SECRET}"), "\"crm\" is no endpoint"),
            (format!("billing={SECRET} billing={SECRET}"), "\"billing\" has two entries"),
            (SECRET.to_owned(), "must be entries NAME=whsec_…"),
            ("billing=swordfish".to_owned(), "\"billing\" has a secret that must be whsec_"),
        ] {
            let error = refused(url, &secrets).unwrap();
            assert!(error.starts_with("webhooks.secrets: ") && error.contains(reason), "{error}");
            assert!(!error.contains("MfKQ") && !error.contains("swordfish"), "{error}");
        }
    }

    #[test]
    fn a_url_that_nothing_can_be_posted_to_is_refused() {
        for url in ["", "billing", "ftp://billing.example.com/", "https://u:p@billing.example.com/"] {
            let error = refused(url, &format!("billing={SECRET}")).unwrap();
            assert!(error.starts_with("webhooks.endpoints: \"billing\": the URL "), "{error}");
        }
    }
}
