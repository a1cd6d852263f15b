//! Error responses in the OpenAPI document. The functions that write the errors also make the examples.

use std::{collections::BTreeMap, marker::PhantomData, time::Duration};

use selfsame_texts::Language;
use serde_json::{Value, json};
use utoipa::{
    IntoResponses, ToSchema as _,
    openapi::{
        Content, ContentBuilder, Header, HeaderBuilder, Object, Ref, RefOr, Response, ResponseBuilder, Type,
        example::ExampleBuilder,
        path::{Operation, ParameterBuilder, ParameterIn},
    },
};

use super::{BEARER, RESOURCE_SERVER};
use crate::{contract::Contract, failure::Failure, reason::Reason, request_id::RequestId};

/// Responses by status.
type Responses = BTreeMap<String, RefOr<Response>>;

/// One reason or several, for the document. A tuple has the reasons of its members.
pub(crate) trait Documented<C: Contract> {
    /// The reasons.
    fn reasons() -> Vec<Reason>;
}

/// The error responses of one route. Those of all similar routes are added by [`complete`].
pub(crate) struct Fails<C, T>(PhantomData<(C, T)>);

/// 429: a rate limit is exceeded.
pub(crate) struct RateLimited;

/// 403: the account is frozen.
pub(crate) struct Frozen;

/// 403: an identifier or factor of the account is too new.
pub(crate) struct TooNew;

impl<C: Contract, T: Documented<C>> IntoResponses for Fails<C, T> {
    fn responses() -> Responses {
        let mut responses = Responses::new();
        for reason in T::reasons() {
            add::<C>(&mut responses, reason);
        }
        responses
    }
}

impl<C: Contract> Documented<C> for RateLimited {
    fn reasons() -> Vec<Reason> {
        vec![C::reason(Failure::TooManyRequests(Duration::from_mins(1)))]
    }
}

impl<C: Contract> Documented<C> for Frozen {
    fn reasons() -> Vec<Reason> {
        vec![C::reason(Failure::AccountFrozen)]
    }
}

impl<C: Contract> Documented<C> for TooNew {
    fn reasons() -> Vec<Reason> {
        vec![C::reason(Failure::CredentialTooNew(Duration::from_hours(1)))]
    }
}

macro_rules! tuples {
    ($(($($member:ident)+))+) => { $(
        impl<C: Contract, $($member: Documented<C>),+> Documented<C> for ($($member,)+) {
            fn reasons() -> Vec<Reason> {
                [$($member::reasons()),+].concat()
            }
        }
    )+ };
}
tuples! { (T1 T2) (T1 T2 T3) (T1 T2 T3 T4) (T1 T2 T3 T4 T5) (T1 T2 T3 T4 T5 T6) (T1 T2 T3 T4 T5 T6 T7) }

/// Adds the error responses that do not depend on the use case: those of every route, and those of routes that need a
/// credential, that are unsafe, or that have a body.
pub(super) fn complete<C: Contract>(operation: &mut Operation, is_safe: bool) {
    let mut reasons: Vec<_> = ANYWHERE.map(C::reason).into();
    if needs_credential(operation) {
        reasons.push(C::UNAUTHENTICATED);
    }
    if !is_safe {
        reasons.push(C::reason(Failure::CrossOrigin));
    }
    if operation.request_body.is_some() {
        reasons.extend(OF_BODIES.map(C::reason));
        reasons.extend(C::INVALID_BODY);
    }
    if takes_bearer(operation) {
        add::<C>(&mut operation.responses.responses, C::INSUFFICIENT_SCOPE);
    }
    let responses = &mut operation.responses.responses;
    for reason in reasons {
        if common::<C>().contains(&reason) && !responses.contains_key(reason.status().as_str()) {
            let reference = Ref::from_response_name(response_name::<C>(reason));
            responses.insert(reason.status().as_str().to_owned(), RefOr::Ref(reference));
        } else {
            add::<C>(responses, reason);
        }
    }
}

/// Adds the header `Idempotency-Key`, and why a request with it is refused.
pub(super) fn keyed<C: Contract>(operation: &mut Operation) {
    let key = ParameterBuilder::new()
        .name("Idempotency-Key")
        .parameter_in(ParameterIn::Header)
        .description(Some(
            "Of 16 to 128 visible characters, such as a UUID. A request that is sent again with the same key, within 24 \
             hours and by the same caller, has no further effect and gets the first response.",
        ))
        .schema(Some(Object::with_type(Type::String)))
        .example(Some(json!("8e03978e-40d5-43e8-bc93-6894a57f9324")));
    operation.parameters.get_or_insert_default().push(RefOr::T(key.build()));
    for reason in C::REFUSED_KEY {
        add::<C>(&mut operation.responses.responses, *reason);
    }
}

/// What any route may answer.
const ANYWHERE: [Failure; 4] = [Failure::UriTooLong, Failure::HeadersTooLarge, Failure::Internal, Failure::Unavailable];
/// What any route with a body may answer.
const OF_BODIES: [Failure; 3] = [Failure::RequestTimeout, Failure::BodyTooLarge, Failure::UnsupportedMediaType];

/// Reasons whose responses stand once in the document, as components.
fn common<C: Contract>() -> Vec<Reason> {
    let failures = ANYWHERE.into_iter().chain(OF_BODIES).chain([Failure::CrossOrigin]);
    failures.map(C::reason).chain([C::UNAUTHENTICATED]).collect()
}

/// The responses that routes refer to, by name.
pub(super) fn components<C: Contract>() -> impl Iterator<Item = (String, RefOr<Response>)> {
    common::<C>().into_iter().map(|reason| {
        let mut responses = Responses::new();
        add::<C>(&mut responses, reason);
        (response_name::<C>(reason), responses.into_values().next().unwrap_or_else(|| RefOr::T(Response::default())))
    })
}

fn response_name<C: Contract>(reason: Reason) -> String {
    format!("{}.{}", C::SUMMARY.name, reason.code)
}

/// Whether an access token is one of the credentials.
fn takes_bearer(operation: &Operation) -> bool {
    operation.security.iter().flatten().any(|requirement| json!(requirement).get(BEARER).is_some())
}

/// Whether a request without a credential always fails.
fn needs_credential(operation: &Operation) -> bool {
    let requirements = operation.security.iter().flatten().map(|requirement| json!(requirement));
    let mut names: Vec<_> = requirements.map(|requirement| is_open(&requirement)).collect();
    names.dedup();
    names == [false]
}

/// Whether a requirement asks for no credential of a user.
fn is_open(requirement: &Value) -> bool {
    requirement.as_object().is_none_or(|schemes| schemes.keys().all(|scheme| scheme == RESOURCE_SERVER))
}

/// Adds a reason to the response of its status. A status with several reasons has an example for each.
fn add<C: Contract>(responses: &mut Responses, reason: Reason) {
    let example = example::<C>(reason);
    let code = if C::SHOWS_CODES { format!("`{}`: ", reason.code) } else { String::new() };
    let description = format!("{code}{}", reason.message);
    let Some(RefOr::T(response)) = responses.get_mut(reason.status().as_str()) else {
        responses.insert(reason.status().as_str().to_owned(), RefOr::T(response::<C>(reason, description, example)));
        return;
    };
    let Some(RefOr::T(content)) = response.content.get_mut(C::ERROR_TYPE) else { return };
    if content.example.as_ref() == Some(&example) || content.examples.contains_key(reason.code) {
        return;
    }
    if let Some(first) = content.example.take() {
        let code = if C::SHOWS_CODES { first_code(&response.description) } else { "first".to_owned() };
        content.examples.insert(code, RefOr::T(ExampleBuilder::new().value(Some(first)).build()));
    }
    let documented = ExampleBuilder::new().summary(reason.message).value(Some(example)).build();
    content.examples.insert(reason.code.to_owned(), RefOr::T(documented));
    response.description = format!("{}\n\n{description}", response.description);
}

/// The code at the start of a description.
fn first_code(description: &str) -> String {
    description.split('`').nth(1).unwrap_or("example").to_owned()
}

fn response<C: Contract>(reason: Reason, description: String, example: Value) -> Response {
    let content: Content =
        ContentBuilder::new().schema(Some(Ref::from_schema_name(C::Error::name()))).example(Some(example)).build();
    let response = ResponseBuilder::new().description(description).content(C::ERROR_TYPE, content);
    match reason.status {
        401 => response.header("WWW-Authenticate", header(Type::String, "`Bearer`.")).build(),
        429 | 503 => response.header("Retry-After", header(Type::Integer, "Seconds.")).build(),
        _ => response.build(),
    }
}

fn header(kind: Type, description: &str) -> Header {
    HeaderBuilder::new().schema(Some(Object::with_type(kind))).description(Some(description)).build()
}

fn example<C: Contract>(reason: Reason) -> Value {
    let request_id = RequestId::fixed("5f1c9a3be07d42c8b6a4e1f09d3c7b52");
    json!(C::error_body(reason, reason.message.into(), C::example_details(reason), &request_id, Language::English))
}
