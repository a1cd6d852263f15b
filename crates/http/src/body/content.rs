//! A received body, by its content type. Must not know any contract.

use std::borrow::Cow;

use actix_web::{
    HttpRequest,
    web::{Bytes, Payload},
};

use super::{
    BodyError, Malformed, MediaType, Members, Style, form, json,
    members::Value,
    multipart::{self, Parts},
    receive::{limits, read},
};
use crate::SizeLimits;

/// A received body.
pub(crate) struct Content {
    style: Style,
    encoded: Encoded,
    picture: Option<&'static str>,
    limits: SizeLimits,
}

enum Encoded {
    Empty,
    Json(Bytes),
    Form(Bytes),
    Multipart { boundary: String, bytes: Bytes },
}

impl Content {
    /// Receives a body of one of the content `types`, in UTF-8. The member `picture` may hold a picture: a `data:` URI in
    /// JSON, a file in multipart. Such a body may be large, the other members not. In the style of forms JSON holds no
    /// picture, and an empty body of any content type has no members.
    pub(crate) async fn receive(
        request: &HttpRequest,
        payload: Payload,
        picture: Option<&'static str>,
        types: &[&str],
        style: Style,
    ) -> Result<Self, BodyError> {
        let media_type = MediaType::of(request.headers()).filter(MediaType::is_utf8);
        let essence = media_type.as_ref().map(|media_type| media_type.essence.as_str());
        let kind = essence.filter(|essence| types.contains(essence));
        let is_form = style == Style::Form;
        if kind.is_none() && !is_form {
            return Err(BodyError::MediaType);
        }
        let limits = limits(request);
        let limit = match (picture, kind) {
            (Some(_), Some("multipart/form-data")) => limits.multipart,
            (Some(_), Some(_json)) if !is_form => limits.data_uri_body,
            _ => limits.body,
        };
        let bytes = read(request, payload, limit).await?;
        let encoded = match kind {
            _ if is_form && bytes.is_empty() => Encoded::Empty,
            None => return Err(BodyError::MediaType),
            Some("application/x-www-form-urlencoded") => Encoded::Form(bytes),
            Some("multipart/form-data") => {
                let boundary = media_type.as_ref().and_then(|media_type| media_type.parameter("boundary"));
                let boundary = boundary.ok_or(Malformed::NotMultipart)?.to_owned();
                Encoded::Multipart { boundary, bytes }
            }
            Some(_json) => Encoded::Json(bytes),
        };
        Ok(Self { style, encoded, picture, limits })
    }

    /// A body that this server has made, of the members of an object.
    pub(crate) fn json(request: &HttpRequest, bytes: Bytes, picture: Option<&'static str>) -> Self {
        Self { style: Style::Json, encoded: Encoded::Json(bytes), picture, limits: limits(request) }
    }

    /// Parses the members. Call it in a lane: parsing a large body takes long.
    pub(crate) fn members(&self) -> Result<Members<'_>, BodyError> {
        let (values, uploads) = match &self.encoded {
            Encoded::Empty => (Vec::new(), Vec::new()),
            Encoded::Json(bytes) => (self.without_large_members(json::parse(bytes)?)?, Vec::new()),
            Encoded::Form(bytes) => (form::parse(bytes)?, Vec::new()),
            Encoded::Multipart { boundary, bytes } => {
                let Parts { texts, uploads } = multipart::parse(boundary, bytes.clone(), &self.limits)?;
                let text = |(name, text): (String, String)| (name.into(), Value::Text(text.into()));
                (texts.into_iter().map(text).collect(), uploads)
            }
        };
        Ok(Members::new(self.style, values, uploads))
    }

    /// The members, unless those beside the picture are too large together.
    fn without_large_members<'b>(
        &self,
        members: Vec<(Cow<'b, str>, Value<'b>)>,
    ) -> Result<Vec<(Cow<'b, str>, Value<'b>)>, BodyError> {
        let beside = members.iter().filter(|(name, _)| self.picture != Some(name));
        let size: usize = beside.map(|(_, value)| value.size()).sum();
        if size > self.limits.body { Err(BodyError::TooLarge) } else { Ok(members) }
    }

    /// Whether the body may have a picture as a `data:` URI.
    pub(crate) fn may_hold_data_uri(&self) -> bool {
        const SCHEME: &[u8] = b"\"data:";
        let Encoded::Json(bytes) = &self.encoded else { return false };
        bytes.len() > self.limits.body || bytes.windows(SCHEME.len()).any(|window| window == SCHEME)
    }
}
