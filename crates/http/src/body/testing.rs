//! Requests with bodies for tests.

use std::{cell::Cell, pin::Pin, rc::Rc, time::Duration};

use actix_web::{
    FromRequest as _, HttpRequest, dev,
    error::PayloadError,
    test::TestRequest,
    web::{Bytes, Data, Payload},
};
use futures_util::{FutureExt as _, Stream, StreamExt as _, stream};

use super::receive::LargeBodies;
use crate::HttpOptions;

pub(super) fn options() -> HttpOptions {
    HttpOptions::new("https://id.example".parse().unwrap())
}

/// A request with a complete body.
pub(super) fn request(content_type: Option<&str>, body: impl Into<Bytes>) -> (HttpRequest, Payload) {
    let mut request = TestRequest::post().app_data(Data::new(options())).set_payload(body);
    if let Some(content_type) = content_type {
        request = request.insert_header(("content-type", content_type));
    }
    parts(request)
}

/// A request and its body, as a handler receives them.
pub(super) fn parts(request: TestRequest) -> (HttpRequest, Payload) {
    let (request, mut payload) = request.to_http_parts();
    let payload = taken(&request, &mut payload);
    (request, payload)
}

/// A request whose body arrives in `count` chunks, one after each `every`, and then stalls.
pub(super) fn trickling(chunk: &'static [u8], count: usize, every: Duration) -> (HttpRequest, Payload) {
    let chunks = stream::iter(0..count).then(move |_| async move {
        tokio::time::sleep(every).await;
        Ok(Bytes::from_static(chunk))
    });
    streaming(TestRequest::post().app_data(Data::new(options())), chunks.chain(stream::pending()))
}

/// A request that announces `length` bytes and sends none.
pub(super) fn announcing(room: Data<LargeBodies>, length: usize) -> (HttpRequest, Payload) {
    let request = TestRequest::post().app_data(Data::new(options())).app_data(room);
    streaming(request.insert_header(("content-length", length)), stream::pending())
}

/// A request whose body arrives in `count` chunks and does not announce its length.
pub(super) fn chunked(chunk: &'static [u8], count: usize) -> (HttpRequest, Payload) {
    let chunks = stream::iter((0..count).map(move |_| Ok(Bytes::from_static(chunk))));
    streaming(TestRequest::post().app_data(Data::new(options())), chunks)
}

/// The same with this memory for large bodies, and the number of chunks that are not read yet.
pub(super) fn chunked_in(
    room: Data<LargeBodies>,
    chunk: &'static [u8],
    count: usize,
) -> (HttpRequest, Payload, Rc<Cell<usize>>) {
    let left = Rc::new(Cell::new(count));
    let unread = Rc::clone(&left);
    let chunks = stream::iter((0..count).map(move |read| {
        unread.set(count - read - 1);
        Ok(Bytes::from_static(chunk))
    }));
    let (request, payload) = streaming(TestRequest::post().app_data(Data::new(options())).app_data(room), chunks);
    (request, payload, left)
}

/// One chunk, after which the body stalls, with this memory for large bodies.
pub(super) fn stalling_in(room: Data<LargeBodies>, chunk: Vec<u8>) -> (HttpRequest, Payload) {
    let chunks = stream::iter([Ok(Bytes::from(chunk))]).chain(stream::pending());
    streaming(TestRequest::post().app_data(Data::new(options())).app_data(room), chunks)
}

fn streaming(
    request: TestRequest,
    body: impl Stream<Item = Result<Bytes, PayloadError>> + 'static,
) -> (HttpRequest, Payload) {
    let request = request.to_http_request();
    let body: Pin<Box<dyn Stream<Item = Result<Bytes, PayloadError>>>> = Box::pin(body);
    let mut payload = dev::Payload::Stream { payload: body };
    let payload = taken(&request, &mut payload);
    (request, payload)
}

fn taken(request: &HttpRequest, payload: &mut dev::Payload) -> Payload {
    Payload::from_request(request, payload).now_or_never().unwrap().unwrap()
}
