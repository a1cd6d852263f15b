//! Bodies, read within limits (R84) and deadlines (R85): raw bytes, strict JSON, form fields.
//!
//! Reading is a function call and no extractor, because *when* a body is read belongs to each contract: some check who
//! is calling first, some do not.

mod fields;
mod form;
mod json;
mod multipart;
mod read;

use crate::errors::Failure;

pub use self::{
    fields::{FieldError, Fields, Upload},
    json::{JsonKind, is_json, json, parse_json},
    read::{LargeBodies, read},
};

/// Why there is no body to work with.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BodyError {
    /// Larger than the limit, or more parts or fields than the limit. 413.
    #[error("the body is too large")]
    TooLarge,
    /// Large, while enough others are being held. 503 with `Retry-After`.
    #[error("there is no room for a large body just now")]
    NoRoom,
    /// Did not arrive in time. 408.
    #[error("the body took too long to arrive")]
    TimedOut,
    /// Not a content type, or a content coding, that is read here. 415.
    #[error("the body is of a kind that is not accepted here")]
    MediaType,
    /// The connection broke, or the framing is wrong. 400.
    #[error("the body is incomplete")]
    Incomplete,
    /// Not what its content type says; the text says where and names no value. 400, or what the contract says.
    #[error("the body cannot be read: {0}")]
    Malformed(String),
}

impl From<BodyError> for Failure {
    fn from(error: BodyError) -> Self {
        match error {
            BodyError::TooLarge => Self::BodyTooLarge,
            BodyError::NoRoom => Self::Unavailable,
            BodyError::TimedOut => Self::RequestTimeout,
            BodyError::MediaType => Self::UnsupportedMediaType,
            BodyError::Incomplete | BodyError::Malformed(_) => Self::BadRequest,
        }
    }
}

#[cfg(test)]
mod testing {
    //! Bodies that arrive as a test wants them to.

    use std::{pin::Pin, time::Duration};

    use actix_web::{
        FromRequest as _, HttpRequest, dev,
        error::PayloadError,
        test::TestRequest,
        web::{Bytes, Data, Payload},
    };
    use futures_util::{FutureExt as _, Stream, StreamExt as _, stream};

    use crate::HttpOptions;

    pub(super) fn options() -> HttpOptions {
        HttpOptions::new("https://id.example".parse().unwrap())
    }

    /// A request with a body that is there at once.
    pub(super) fn request(content_type: Option<&str>, body: impl Into<Bytes>) -> (HttpRequest, Payload) {
        let mut request = TestRequest::post().app_data(Data::new(options())).set_payload(body);
        if let Some(content_type) = content_type {
            request = request.insert_header(("content-type", content_type));
        }
        parts(request)
    }

    /// A request and its body, as a handler gets them.
    pub(super) fn parts(request: TestRequest) -> (HttpRequest, Payload) {
        let (request, mut payload) = request.to_http_parts();
        let payload = taken(&request, &mut payload);
        (request, payload)
    }

    /// A request whose body arrives in these chunks, one each `every`, and then no more without ending.
    pub(super) fn trickling(chunk: &'static [u8], count: usize, every: Duration) -> (HttpRequest, Payload) {
        let chunks = stream::iter(0..count).then(move |_| async move {
            tokio::time::sleep(every).await;
            Ok(Bytes::from_static(chunk))
        });
        let stalled: Pin<Box<dyn Stream<Item = Result<Bytes, PayloadError>>>> =
            Box::pin(chunks.chain(stream::pending()));
        let request = TestRequest::post().app_data(Data::new(options())).to_http_request();
        let mut payload = dev::Payload::Stream { payload: stalled };
        let payload = taken(&request, &mut payload);
        (request, payload)
    }

    fn taken(request: &HttpRequest, payload: &mut dev::Payload) -> Payload {
        Payload::from_request(request, payload).now_or_never().unwrap().unwrap()
    }
}
