//! A refused request: a [`Reason`], details in the form of the contract, and headers.

use std::{fmt, time::Duration};

use actix_web::{
    HttpResponse,
    http::header::{HeaderName, HeaderValue, RETRY_AFTER, TryIntoHeaderValue, WWW_AUTHENTICATE},
};
use selfsame_application::{
    Fault,
    sessions::{authenticate::AuthenticateError, principal::StepUpRequired},
};
use selfsame_domain::Scope;
use selfsame_texts::Language;

use crate::{
    blocking::LaneError,
    body::BodyError,
    contract::Contract,
    failure::Failure,
    language,
    reason::{Message, Reason, in_words},
    request_id::RequestId,
};

/// A refused request.
pub(crate) struct Rejection<C: Contract> {
    reason: Reason,
    /// In place of the message of the reason.
    message: Option<Box<Message>>,
    details: C::Details,
    headers: Vec<(HeaderName, HeaderValue)>,
    closes_connection: bool,
    /// For the log alone.
    cause: Option<Box<str>>,
}

impl<C: Contract> Rejection<C> {
    /// The reason.
    pub(crate) fn reason(&self) -> Reason {
        self.reason
    }

    /// The same with a message for this response, in place of that of the reason.
    pub(crate) fn with_message(self, message: impl Into<String>) -> Self {
        Self { message: Some(Box::new(Message::Owned(message.into()))), ..self }
    }

    /// The same with `Retry-After`.
    pub(crate) fn with_retry_after(self, wait: Duration) -> Self {
        self.with_header(RETRY_AFTER, whole_seconds(wait))
    }

    /// The same with details.
    pub(crate) fn with_details(self, details: C::Details) -> Self {
        Self { details, ..self }
    }

    /// The same with a header, if the value is valid.
    pub(crate) fn with_header(mut self, name: HeaderName, value: impl TryIntoHeaderValue) -> Self {
        self.headers.extend(value.try_into_value().ok().map(|value| (name, value)));
        self
    }

    /// The same with its cause, for the log alone.
    pub(crate) fn with_cause(self, cause: impl fmt::Display) -> Self {
        Self { cause: Some(cause.to_string().into()), ..self }
    }

    /// The caller must prove who they are again, with the challenge of RFC 9470 for an access token. The cookie has no
    /// scheme of authentication.
    #[expect(clippy::needless_pass_by_value, reason = "for the match over an error that is taken apart")]
    pub(crate) fn step_up(reason: Reason, required: StepUpRequired) -> Self {
        let StepUpRequired { max_age, needs_second_factor, in_browser, .. } = required;
        if in_browser {
            return reason.into();
        }
        let by = if needs_second_factor { " by a second factor" } else { "" };
        let challenge = format!(
            "Bearer error=\"insufficient_user_authentication\", \
             error_description=\"A more recent authentication{by} is required\", max_age=\"{}\"",
            max_age.num_seconds()
        );
        Self::from(reason).with_header(WWW_AUTHENTICATE, challenge)
    }

    /// The application of the token may not do this, with the challenge of RFC 6750 section 3.1, which has no `scope` if none
    /// is enough.
    pub(crate) fn insufficient_scope(needed: &[Scope]) -> Self {
        let mut challenge =
            "Bearer error=\"insufficient_scope\", error_description=\"The token has too small a scope\"".to_owned();
        if !needed.is_empty() {
            let scopes: Vec<&str> = needed.iter().map(|scope| scope.as_str()).collect();
            challenge = format!("{challenge}, scope=\"{}\"", scopes.join(" "));
        }
        Self::from(C::INSUFFICIENT_SCOPE).with_header(WWW_AUTHENTICATE, challenge)
    }

    /// The response. Logs the rejection in one line (R81): a fault of this server as an error, an overload or outage as
    /// a warning, all else as information.
    pub(crate) fn respond(self, request_id: &RequestId, language: Language) -> HttpResponse {
        self.log();
        let mut response = HttpResponse::build(self.reason.status());
        for header in self.headers {
            response.insert_header(header);
        }
        if self.closes_connection {
            response.force_close();
        }
        let message = self.message.map_or(Message::Borrowed(self.reason.message), |message| *message);
        let body = C::error_body(self.reason, message, self.details, request_id, language);
        let mut response = response.content_type(C::ERROR_TYPE).json(body);
        if C::IS_TRANSLATED {
            language::add_headers(response.headers_mut(), language);
        }
        response
    }

    fn log(&self) {
        let (contract, Reason { status, code, .. }) = (C::SUMMARY.name, self.reason);
        let cause = self.cause.as_deref();
        match status {
            503 => tracing::warn!(contract, status, code, cause, "refused"),
            500.. => tracing::error!(contract, status, code, cause, "refused"),
            _ => tracing::info!(contract, status, code, "refused"),
        }
    }
}

impl<C: Contract> fmt::Debug for Rejection<C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Rejection").field("reason", &self.reason).field("cause", &self.cause).finish_non_exhaustive()
    }
}

impl<C: Contract> From<Reason> for Rejection<C> {
    fn from(reason: Reason) -> Self {
        let details = C::Details::default();
        let rejection =
            Self { reason, message: None, details, headers: Vec::new(), closes_connection: false, cause: None };
        // RFC 9110 section 15.5.2 requires a challenge on every 401. Browsers show no dialogue for this scheme.
        if reason.status == 401 { rejection.with_header(WWW_AUTHENTICATE, "Bearer") } else { rejection }
    }
}

impl<C: Contract> From<Failure> for Rejection<C> {
    fn from(failure: Failure) -> Self {
        let rejection = Self { closes_connection: failure.leaves_bytes_unread(), ..C::reason(failure).into() };
        let rejection = match failure {
            // Unless the contract has a message of its own.
            Failure::TooManyRequests(wait) if rejection.reason.message == failure.reason().message => {
                rejection.with_message(format!("Too many requests. Try again in {}.", in_words(wait)))
            }
            _ => rejection,
        };
        match failure.retry_after() {
            Some(wait) => rejection.with_retry_after(wait),
            None => rejection,
        }
    }
}

impl<C: Contract> From<Fault> for Rejection<C> {
    fn from(fault: Fault) -> Self {
        Self::from(Failure::from(&fault)).with_cause(fault)
    }
}

impl<C: Contract> From<LaneError> for Rejection<C> {
    fn from(error: LaneError) -> Self {
        Self::from(Failure::from(error)).with_cause(error)
    }
}

impl<C: Contract> From<BodyError> for Rejection<C> {
    fn from(error: BodyError) -> Self {
        match error {
            BodyError::Malformed(malformed) => C::malformed_body(malformed),
            error => Self::from(Failure::from(&error)).with_cause(error),
        }
    }
}

impl<C: Contract> From<AuthenticateError> for Rejection<C> {
    fn from(error: AuthenticateError) -> Self {
        match error {
            AuthenticateError::Unauthenticated => C::UNAUTHENTICATED.into(),
            AuthenticateError::Expired => C::EXPIRED.into(),
            AuthenticateError::Fault(fault) => fault.into(),
        }
    }
}

/// Whole seconds for `Retry-After`, rounded up, so that no client retries too early.
pub(crate) fn whole_seconds(wait: Duration) -> u64 {
    wait.as_secs() + u64::from(wait.subsec_nanos() > 0)
}
