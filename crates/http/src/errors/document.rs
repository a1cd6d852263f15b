//! Failures in the OpenAPI document: the same for every contract, each in its own shape. The examples of what this module
//! answers itself are what it answers.

use std::{collections::BTreeMap, marker::PhantomData, time::Duration};

use serde_json::Value;
use utoipa::{
    IntoResponses, ToSchema,
    openapi::{ContentBuilder, HeaderBuilder, Object, Ref, RefOr, Response, ResponseBuilder, Type},
};

use super::{ErrorStyle, Failure, shapes};

/// A contract's error body.
pub(crate) trait ErrorSchema: ToSchema {
    /// Its shape.
    const STYLE: ErrorStyle;
}

/// What may happen to any request: 500 and 503.
pub(crate) struct Always<S>(PhantomData<S>);
/// A body that is not what it says it is: 400.
pub(crate) struct Unreadable<S>(PhantomData<S>);
/// What may be wrong with any body: 413 and 415.
pub(crate) struct WithBody<S>(PhantomData<S>);
/// A forged request (R52), where a cookie could vouch for it: 403.
pub(crate) struct Forged<S>(PhantomData<S>);
/// A spent budget: 429.
pub(crate) struct Limited<S>(PhantomData<S>);

/// Responses by status.
pub(crate) type Responses = BTreeMap<String, RefOr<Response>>;

impl<S: ErrorSchema> IntoResponses for Always<S> {
    fn responses() -> Responses {
        Responses::from([
            of::<S>(Failure::Internal, "A fault of the server's."),
            of::<S>(Failure::Unavailable, "The service is busy, or its database away. Try again after `Retry-After`."),
        ])
    }
}

impl<S: ErrorSchema> IntoResponses for Unreadable<S> {
    fn responses() -> Responses {
        Responses::from([of::<S>(Failure::BadRequest, "The body cannot be read.")])
    }
}

impl<S: ErrorSchema> IntoResponses for WithBody<S> {
    fn responses() -> Responses {
        Responses::from([
            of::<S>(Failure::BodyTooLarge, "The body is too large."),
            of::<S>(Failure::UnsupportedMediaType, "The body is of a kind that is not read here."),
        ])
    }
}

impl<S: ErrorSchema> IntoResponses for Forged<S> {
    fn responses() -> Responses {
        Responses::from([of::<S>(Failure::CrossOrigin, "The request came from a page of a foreign origin.")])
    }
}

impl<S: ErrorSchema> IntoResponses for Limited<S> {
    fn responses() -> Responses {
        let failure = Failure::TooManyRequests(Duration::from_mins(1));
        Responses::from([of::<S>(failure, "Too many tries. Try again after `Retry-After`.")])
    }
}

fn of<S: ErrorSchema>(failure: Failure, description: &str) -> (String, RefOr<Response>) {
    let example = shapes::json(S::STYLE, failure, "5f1c9a3be07d42c8b6a4e1f09d3c7b52");
    let mut response = response::<S>(description, example);
    if failure.retry_after().is_some() {
        let seconds = HeaderBuilder::new().schema(Some(Object::with_type(Type::Integer))).description(Some("Seconds."));
        response = response.header("Retry-After", seconds.build());
    }
    (failure.status().as_str().to_owned(), RefOr::T(response.build()))
}

/// A failure with its body.
pub(crate) fn response<S: ErrorSchema>(description: &str, example: Value) -> ResponseBuilder {
    let content = ContentBuilder::new().schema(Some(Ref::from_schema_name(S::name()))).example(Some(example)).build();
    ResponseBuilder::new().description(description).content(shapes::content_type(S::STYLE), content)
}

/// The 401 of a contract, which says how to do better.
pub(crate) fn unauthorized<S: ErrorSchema>(description: &str, example: Value) -> Responses {
    let challenge = HeaderBuilder::new().schema(Some(Object::with_type(Type::String))).description(Some("`Bearer`."));
    let response = response::<S>(description, example).header("WWW-Authenticate", challenge.build());
    Responses::from([("401".to_owned(), RefOr::T(response.build()))])
}
