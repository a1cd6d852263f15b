//! The gateway: one POST for each message. A status of the class 2xx means that the message was accepted; the body of the
//! answer does not count.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use selfsame_domain::Instant;
use selfsame_http_client::{
    agent,
    ureq::{
        Agent,
        http::header::{AUTHORIZATION, CONTENT_TYPE, HeaderValue},
    },
    words,
};
use selfsame_ports::{SmsError, SmsSender, TextMessage};
use selfsame_texts::Language;
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
        Ok(Self {
            agent: agent(options.timeout),
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
        let answer = request.send(body).map_err(|error| SmsError::Temporary(words(&error, "gateway")))?;
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

#[cfg(test)]
mod tests;
