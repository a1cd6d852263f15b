//! The raw bytes of a body.

use std::{sync::Arc, time::Duration};

use actix_web::{
    HttpMessage as _, HttpRequest,
    error::PayloadError,
    http::header::{CONTENT_ENCODING, CONTENT_LENGTH},
    web::{Bytes, BytesMut, Data, Payload},
};
use futures_util::StreamExt as _;
use tokio::{
    sync::{OwnedSemaphorePermit, Semaphore},
    time::{Instant, timeout_at},
};

use super::BodyError;
use crate::{HttpOptions, SizeLimits, Timeouts};

/// How long a body may take before its rate is looked at.
const START: Duration = Duration::from_secs(5);

/// Large bodies that are held at the same time.
const PLACES: usize = 8;

/// Room for bodies larger than [`SizeLimits::body`]: what all of them hold together is bounded too (R84). Given to
/// [`read`] as `web::Data`.
pub struct LargeBodies(Arc<Semaphore>);

impl Default for LargeBodies {
    fn default() -> Self {
        Self(Arc::new(Semaphore::new(PLACES)))
    }
}

/// Reads a body of at most `limit` bytes. It must arrive whole within `timeouts.body`, and after a start of five seconds at
/// `timeouts.body_min_rate` or faster. Compressed bodies are not read: their size would say nothing. A large one is read
/// only while there is room for it.
pub async fn read(request: &HttpRequest, mut payload: Payload, limit: usize) -> Result<Bytes, BodyError> {
    if request.headers().get(CONTENT_ENCODING).is_some_and(|coding| coding != "identity") {
        return Err(BodyError::MediaType);
    }
    let announced = request.headers().get(CONTENT_LENGTH).and_then(|length| length.to_str().ok()?.parse::<u64>().ok());
    if announced.is_some_and(|length| length > limit as u64) {
        return Err(BodyError::TooLarge);
    }
    let options = request.app_data::<Data<HttpOptions>>();
    let timeouts = options.map_or_else(Timeouts::default, |options| options.timeouts);
    let small = options.map_or_else(SizeLimits::default, |options| options.limits).body;
    if announced.is_some_and(|length| length > small as u64) {
        take_place(request)?;
    }
    let begun = Instant::now();
    let mut body = BytesMut::new();
    loop {
        let next = timeout_at(deadline(begun, body.len(), &timeouts), payload.next());
        match next.await.map_err(|_elapsed| BodyError::TimedOut)? {
            None => return Ok(body.freeze()),
            Some(Ok(chunk)) if body.len() + chunk.len() > limit => {
                drop(chunk);
                return Err(BodyError::TooLarge);
            }
            Some(Ok(chunk)) => {
                if body.len() + chunk.len() > small {
                    take_place(request)?;
                }
                body.extend_from_slice(&chunk);
            }
            Some(Err(PayloadError::Overflow)) => return Err(BodyError::TooLarge),
            Some(Err(_broken)) => return Err(BodyError::Incomplete),
        }
    }
}

/// Takes a place for a large body. The request keeps it until it is answered: so long the body may be held.
fn take_place(request: &HttpRequest) -> Result<(), BodyError> {
    let Some(places) = request.app_data::<Data<LargeBodies>>() else { return Ok(()) };
    if !request.extensions().contains::<OwnedSemaphorePermit>() {
        let place = Arc::clone(&places.0).try_acquire_owned().map_err(|_full| BodyError::NoRoom)?;
        request.extensions_mut().insert(place);
    }
    Ok(())
}

/// Until when more must have come than the `received` bytes.
fn deadline(begun: Instant, received: usize, timeouts: &Timeouts) -> Instant {
    let whole = begun + timeouts.body;
    if timeouts.body_min_rate == 0 {
        return whole;
    }
    let millis = received as u64 * 1000 / u64::from(timeouts.body_min_rate);
    whole.min(begun + START + Duration::from_millis(millis))
}

#[cfg(test)]
mod tests {
    use actix_web::test::TestRequest;

    use super::*;
    use crate::body::testing;

    #[actix_web::test]
    async fn r84_a_body_up_to_the_limit_is_read_and_a_byte_more_is_not() {
        let (request, payload) = testing::request(None, vec![b'x'; 100]);
        assert_eq!(read(&request, payload, 100).await.unwrap().len(), 100);
        let (request, payload) = testing::request(None, vec![b'x'; 101]);
        assert_eq!(read(&request, payload, 100).await, Err(BodyError::TooLarge));
    }

    #[actix_web::test]
    async fn r84_a_body_that_does_not_announce_its_size_is_cut_at_the_limit() {
        tokio::time::pause();
        let (request, payload) = testing::trickling(&[b'x'; 60], 2, Duration::from_millis(1));
        assert_eq!(read(&request, payload, 100).await, Err(BodyError::TooLarge));
    }

    #[actix_web::test]
    async fn r85_a_body_that_stalls_is_given_up() {
        tokio::time::pause();
        let begun = Instant::now();
        let (request, payload) = testing::trickling(b"x", 1, Duration::ZERO);
        assert_eq!(read(&request, payload, 100).await, Err(BodyError::TimedOut));
        assert!(begun.elapsed() < Duration::from_secs(6), "{:?}", begun.elapsed());
    }

    #[actix_web::test]
    async fn r85_a_body_that_trickles_is_given_up_at_the_least_rate() {
        tokio::time::pause();
        let begun = Instant::now();
        let (request, payload) = testing::trickling(b"x", 1000, Duration::from_millis(500));
        assert_eq!(read(&request, payload, 10_000).await, Err(BodyError::TimedOut));
        assert!(begun.elapsed() < Duration::from_secs(6), "{:?}", begun.elapsed());
    }

    #[actix_web::test]
    async fn r85_no_rate_buys_more_than_the_whole_time() {
        tokio::time::pause();
        let begun = Instant::now();
        let (request, payload) = testing::trickling(&[b'x'; 2000], 1000, Duration::from_secs(1));
        assert_eq!(read(&request, payload, 10_000_000).await, Err(BodyError::TimedOut));
        assert!((14..17).contains(&begun.elapsed().as_secs()), "{:?}", begun.elapsed());
    }

    #[actix_web::test]
    async fn r84_only_so_many_large_bodies_are_held_until_their_requests_are_answered() {
        let places = Data::new(LargeBodies::default());
        let send = async |size: usize| {
            let request = TestRequest::post().app_data(Data::clone(&places)).set_payload(vec![b'x'; size]);
            let (request, payload) = testing::parts(request);
            let read = read(&request, payload, 1 << 20).await;
            (request, read.map(|body| body.len()))
        };
        let (small, large) = (256 << 10, 300 << 10);
        let mut held = Vec::new();
        for _ in 0..PLACES {
            let (request, read) = send(large).await;
            assert_eq!(read, Ok(large));
            held.push(request);
        }
        assert_eq!(send(large).await.1, Err(BodyError::NoRoom));
        assert_eq!(send(small).await.1, Ok(small));
        held.pop();
        assert_eq!(send(large).await.1, Ok(large));
    }

    #[actix_web::test]
    async fn a_compressed_body_is_not_read() {
        let request = TestRequest::post().insert_header((CONTENT_ENCODING, "gzip")).to_http_request();
        let (_, payload) = testing::request(None, "x");
        assert_eq!(read(&request, payload, 100).await, Err(BodyError::MediaType));
    }
}
