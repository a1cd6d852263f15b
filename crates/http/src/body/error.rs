//! Errors of receiving and parsing a body.

/// A body could not be received or parsed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum BodyError {
    /// It exceeds a limit: bytes, parts or members. 413.
    #[error("the body is too large")]
    TooLarge,
    /// It is large, and other requests use all memory for large bodies. 503 with `Retry-After`.
    #[error("other requests use all memory for large bodies")]
    NoRoom,
    /// It did not arrive in time. 408.
    #[error("the body took too long to arrive")]
    TimedOut,
    /// Its content type or content coding is not accepted. 415.
    #[error("the content type or coding of the body is not accepted")]
    MediaType,
    /// The connection was lost, or the framing is wrong. 400.
    #[error("the body is incomplete")]
    Incomplete,
    /// It does not match its content type. 400, unless the contract has another response.
    #[error("the body cannot be read: {0}")]
    Malformed(Malformed),
}

/// Why a body does not match its content type.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Malformed {
    /// It is not JSON (RFC 8259).
    #[error("it is not JSON")]
    NotJson,
    /// It is JSON, but not an object.
    #[error("it is not a JSON object")]
    NotAnObject,
    /// It is a JSON object with a repeated member. Parsers differ in which value they use (R66).
    #[error("it names a member twice")]
    RepeatedMember,
    /// A text in it is not UTF-8.
    #[error("it is not UTF-8")]
    NotUtf8,
    /// It is not multipart (RFC 7578).
    #[error("it is not multipart/form-data")]
    NotMultipart,
}

impl From<Malformed> for BodyError {
    fn from(malformed: Malformed) -> Self {
        Self::Malformed(malformed)
    }
}
