//! The gateway: one POST for each message. A status of the class 2xx means that the message was accepted; the body of the
//! answer does not count.

use std::sync::Arc;

use base64::{Engine as _, engine::general_purpose::STANDARD};
use rustls::crypto::aws_lc_rs;
use selfsame_domain::Instant;
use selfsame_ports::{SmsError, SmsSender, TextMessage};
use selfsame_texts::Language;
use ureq::{
    Agent, Error, Timeout,
    http::header::{AUTHORIZATION, CONTENT_TYPE, HeaderValue},
    tls::{RootCerts, TlsConfig},
};
use url::Url;

use crate::{GatewayOptions, SetupError, template::Template};

/// Statuses that may become another one although the message stays the same: the credentials, the address or the account
/// are to be put right, or the provider is busy.
const TEMPORARY: [u16; 8] = [401, 402, 403, 404, 405, 408, 425, 429];

/// A sender of text messages through a gateway.
pub struct HttpGateway {
    agent: Agent,
    url: String,
    template: Template,
    authorization: Option<HeaderValue>,
    from: String,
    app_name: String,
    language: Language,
}

impl HttpGateway {
    /// Makes a gateway from the options. It connects with the first message only.
    pub fn new(options: &GatewayOptions) -> Result<Self, SetupError> {
        let is_web = Url::parse(&options.url)
            .is_ok_and(|url| matches!(url.scheme(), "http" | "https") && url.has_host() && url.username().is_empty());
        if !is_web {
            return Err(SetupError::Url);
        }
        let tls = TlsConfig::builder()
            .unversioned_rustls_crypto_provider(Arc::new(aws_lc_rs::default_provider()))
            .root_certs(RootCerts::WebPki)
            .build();
        let config = Agent::config_builder()
            .timeout_global(Some(options.timeout))
            .max_redirects(0)
            .max_redirects_will_error(false)
            .http_status_as_error(false)
            .proxy(None)
            .tls_config(tls)
            .user_agent("selfsame")
            .build();
        Ok(Self {
            agent: config.into(),
            url: options.url.clone(),
            template: Template::parse(options.format, &options.body)?,
            authorization: authorization(options)?,
            from: options.from.clone(),
            app_name: options.app_name.clone(),
            language: options.language,
        })
    }
}

impl SmsSender for HttpGateway {
    /// Returns when the deadline of the options is over.
    fn send(&self, message: &TextMessage, _now: Instant) -> Result<(), SmsError> {
        let mut request = self.agent.post(&self.url).header(CONTENT_TYPE, self.template.content_type());
        if let Some(authorization) = &self.authorization {
            request = request.header(AUTHORIZATION, authorization);
        }
        let text = message.text(&self.app_name, self.language);
        let text = text.map_err(|error| SmsError::Permanent(error.to_string()))?;
        let body = self.template.render(message, &text, &self.from);
        let answer = request.send(body).map_err(|error| SmsError::Temporary(words(&error).to_owned()))?;
        match answer.status().as_u16() {
            200..300 => Ok(()),
            status if status >= 500 || TEMPORARY.contains(&status) => {
                Err(SmsError::Temporary(format!("the gateway answered {status}")))
            }
            status => Err(SmsError::Permanent(format!("the gateway answered {status}"))),
        }
    }
}

fn authorization(options: &GatewayOptions) -> Result<Option<HeaderValue>, SetupError> {
    let (scheme, secret) = (options.scheme.as_str(), options.secret.as_str());
    if scheme.is_empty() && secret.is_empty() {
        return Ok(None);
    }
    let is_token = |text: &str| !text.is_empty() && text.chars().all(|c| c.is_ascii_graphic());
    if !is_token(scheme) || secret.is_empty() {
        return Err(SetupError::Authorization);
    }
    let credentials = if scheme.eq_ignore_ascii_case("basic") { STANDARD.encode(secret) } else { secret.to_owned() };
    let value = HeaderValue::from_str(&format!("{scheme} {credentials}"));
    let mut value = value.map_err(|_unprintable| SetupError::Authorization)?;
    value.set_sensitive(true);
    Ok(Some(value))
}

/// An error in words that contain no part of the request.
fn words(error: &Error) -> &'static str {
    match error {
        Error::Timeout(Timeout::Resolve | Timeout::Connect) => "no connection within the deadline",
        Error::Timeout(_) => "no answer within the deadline",
        Error::HostNotFound => "the host of the gateway has no address",
        Error::ConnectionFailed => "no connection",
        Error::Tls(_) | Error::Rustls(_) => "no TLS connection: the certificate or the protocol is not accepted",
        Error::Io(_) => "the connection broke",
        _ => "the gateway does not speak HTTP as expected",
    }
}

#[cfg(test)]
mod tests;
