//! Receiving the bytes of a body.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use actix_web::{
    HttpMessage as _, HttpRequest,
    error::PayloadError,
    http::header::{CONTENT_ENCODING, CONTENT_LENGTH},
    web::{Bytes, BytesMut, Data, Payload},
};
use futures_util::StreamExt as _;
use selfsame_domain::UserId;
use tokio::{
    sync::{OwnedSemaphorePermit, Semaphore},
    time::{Instant, timeout_at},
};

use super::BodyError;
use crate::{HttpOptions, SizeLimits, Timeouts};

/// The time before the minimum rate applies.
const START: Duration = Duration::from_secs(5);

/// The number of bodies larger than [`SizeLimits::body`] that one account may send at a time. The rest of the memory
/// stays for others, however slowly its bodies arrive.
const LARGE_BODIES_OF_ONE_ACCOUNT: usize = 2;

/// How long the rest of a refused body is read and dropped, so that its sender reads the response and does not meet a
/// closed connection while it still writes.
const LINGER: Duration = Duration::from_secs(3);

/// The memory for all bodies larger than [`SizeLimits::body`] together (R84), as permits of one KiB, and the accounts
/// that send such bodies. [`read`] takes it from the application state.
pub(crate) struct LargeBodies {
    memory: Arc<Semaphore>,
    senders: Arc<Mutex<HashMap<UserId, usize>>>,
}

/// What one request holds, in its extensions. It is released at the end of the request.
struct Reserved {
    memory: OwnedSemaphorePermit,
    _place: Option<Place>,
}

/// A place of an account for one large body.
struct Place {
    senders: Arc<Mutex<HashMap<UserId, usize>>>,
    sender: UserId,
}

/// The account that sends a request, in its extensions, once it is authenticated.
pub(crate) struct SendingAccount(pub(crate) UserId);

impl LargeBodies {
    /// Memory of this many bytes.
    pub(crate) fn new(bytes: usize) -> Self {
        Self { memory: Arc::new(Semaphore::new(kib(bytes) as usize)), senders: Arc::default() }
    }

    /// A place for a large body of this account, if it has one left.
    fn place_of(&self, sender: UserId) -> Option<Place> {
        let mut senders = self.senders.lock().unwrap_or_else(PoisonError::into_inner);
        let taken = senders.entry(sender).or_default();
        (*taken < LARGE_BODIES_OF_ONE_ACCOUNT).then(|| {
            *taken += 1;
            Place { senders: Arc::clone(&self.senders), sender }
        })
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut senders = self.senders.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(taken) = senders.get_mut(&self.sender) {
            *taken -= 1;
            if *taken == 0 {
                senders.remove(&self.sender);
            }
        }
    }
}

/// Receives a body of at most `limit` bytes. It must be complete within `timeouts.body`. After the first five seconds
/// it must arrive at `timeouts.body_min_rate` or faster. Compressed bodies are refused, because their decompressed size
/// is unknown. A large body is received only while its memory can be reserved: as it arrives, so that an announced length
/// alone takes nothing from others. The rest of a body for which there is no room is read and dropped for a short time.
pub(crate) async fn read(request: &HttpRequest, mut payload: Payload, limit: usize) -> Result<Bytes, BodyError> {
    let received = receive(request, &mut payload, limit).await;
    if received == Err(BodyError::NoRoom) {
        let linger = async { while let Some(Ok(_dropped)) = payload.next().await {} };
        let _gone_or_elapsed = timeout_at(Instant::now() + LINGER, linger).await;
    }
    received
}

async fn receive(request: &HttpRequest, payload: &mut Payload, limit: usize) -> Result<Bytes, BodyError> {
    if request.headers().get(CONTENT_ENCODING).is_some_and(|coding| coding != "identity") {
        return Err(BodyError::MediaType);
    }
    let announced = request.headers().get(CONTENT_LENGTH).and_then(|length| length.to_str().ok()?.parse::<u64>().ok());
    let announced = announced.map_or(Ok(0), usize::try_from).unwrap_or(usize::MAX);
    if announced > limit {
        return Err(BodyError::TooLarge);
    }
    let timeouts = request.app_data::<Data<HttpOptions>>().map_or_else(Timeouts::default, |options| options.timeouts);
    let begun = Instant::now();
    // The system gives memory to what is written only.
    let mut body = BytesMut::with_capacity(announced);
    loop {
        let next = timeout_at(deadline(begun, body.len(), &timeouts), payload.next());
        match next.await.map_err(|_elapsed| BodyError::TimedOut)? {
            None => return Ok(body.freeze()),
            Some(Ok(chunk)) if body.len() + chunk.len() > limit => {
                drop(chunk);
                return Err(BodyError::TooLarge);
            }
            Some(Ok(chunk)) => {
                reserve(request, body.len() + chunk.len())?;
                if body.len() + chunk.len() > body.capacity().max(limits(request).body) {
                    // It is copied once into memory that never has to grow.
                    body.reserve(limit - body.len());
                }
                body.extend_from_slice(&chunk);
            }
            Some(Err(PayloadError::Overflow)) => return Err(BodyError::TooLarge),
            Some(Err(_broken)) => return Err(BodyError::Incomplete),
        }
    }
}

/// The limits in the settings.
pub(super) fn limits(request: &HttpRequest) -> SizeLimits {
    request.app_data::<Data<HttpOptions>>().map_or_else(SizeLimits::default, |options| options.limits)
}

/// Reserves memory for a body of this many received bytes. A small one needs no reservation.
fn reserve(request: &HttpRequest, bytes: usize) -> Result<(), BodyError> {
    let Some(room) = request.app_data::<Data<LargeBodies>>().filter(|_| bytes > limits(request).body) else {
        return Ok(());
    };
    let mut extensions = request.extensions_mut();
    let held = extensions.get::<Reserved>().map_or(0, |reserved| reserved.memory.num_permits());
    let lacking = kib(bytes).saturating_sub(u32::try_from(held).unwrap_or(u32::MAX));
    let place = match (held, extensions.get::<SendingAccount>()) {
        (0, Some(SendingAccount(sender))) => Some(room.place_of(*sender).ok_or(BodyError::NoRoom)?),
        _ => None,
    };
    let memory = Arc::clone(&room.memory).try_acquire_many_owned(lacking).map_err(|_full| BodyError::NoRoom)?;
    match extensions.get_mut::<Reserved>() {
        Some(reserved) => reserved.memory.merge(memory),
        None => drop(extensions.insert(Reserved { memory, _place: place })),
    }
    Ok(())
}

fn kib(bytes: usize) -> u32 {
    u32::try_from(bytes.div_ceil(1024)).unwrap_or(u32::MAX)
}

/// When the next bytes must have arrived, after the `received` ones.
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
    use selfsame_domain::id::Id as _;

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
    async fn r84_all_large_bodies_together_are_held_in_one_budget_until_their_requests_are_answered() {
        const MIB: usize = 1 << 20;
        let room = Data::new(LargeBodies::new(64 * MIB));
        let send = async |size: usize| {
            let request = TestRequest::post().app_data(Data::clone(&room)).set_payload(vec![b'x'; size]);
            let (request, payload) = testing::parts(request);
            let read = read(&request, payload, 7 * MIB).await;
            (request, read.map(|body| body.len()))
        };
        let mut held = Vec::new();
        for _ in 0..9 {
            let (request, read) = send(7 * MIB).await;
            assert_eq!(read, Ok(7 * MIB));
            held.push(request);
        }
        assert_eq!(send(2 * MIB).await.1, Err(BodyError::NoRoom), "63 of 64 MiB are taken");
        assert_eq!(send(256 << 10).await.1, Ok(256 << 10), "small bodies need no room");
        assert_eq!(send(MIB).await.1, Ok(MIB));
        held.pop();
        assert_eq!(send(7 * MIB).await.1, Ok(7 * MIB));
    }

    #[actix_web::test]
    async fn r84_an_account_sends_two_large_bodies_at_a_time_and_leaves_the_room_to_others() {
        const MIB: usize = 1 << 20;
        let room = Data::new(LargeBodies::new(64 * MIB));
        let send = async |account: i64| {
            let request = TestRequest::post().app_data(Data::clone(&room)).set_payload(vec![b'x'; MIB]);
            let (request, payload) = testing::parts(request);
            request.extensions_mut().insert(SendingAccount(UserId::from_number(account)));
            let read = read(&request, payload, 7 * MIB).await;
            (request, read.map(|body| body.len()))
        };
        let (first, second) = (send(1).await, send(1).await);
        assert_eq!((&first.1, &second.1), (&Ok(MIB), &Ok(MIB)));
        assert_eq!(send(1).await.1, Err(BodyError::NoRoom));
        assert_eq!(send(2).await.1, Ok(MIB), "another account has places of its own");
        drop(first);
        assert_eq!(send(1).await.1, Ok(MIB), "a place is free again at the end of its request");
    }

    #[actix_web::test]
    async fn the_rest_of_a_body_without_room_is_read_for_a_short_time_only() {
        tokio::time::pause();
        let room = Data::new(LargeBodies::new(1));
        let (request, payload, left) = testing::chunked_in(Data::clone(&room), &[b'x'; 1 << 14], 100);
        assert_eq!(read(&request, payload, 7 << 20).await, Err(BodyError::NoRoom));
        assert_eq!(left.get(), 0, "nothing is left unread");
        let begun = Instant::now();
        let (request, payload) = testing::stalling_in(room, vec![b'x'; 1 << 19]);
        assert_eq!(read(&request, payload, 7 << 20).await, Err(BodyError::NoRoom));
        assert!(begun.elapsed() < Duration::from_secs(4), "{:?}", begun.elapsed());
    }

    #[actix_web::test]
    async fn r84_an_announced_length_alone_takes_nothing_from_the_budget() {
        tokio::time::pause();
        let room = Data::new(LargeBodies::new(1 << 20));
        let (waiting, payload) = testing::announcing(Data::clone(&room), 1 << 20);
        let waiting = read(&waiting, payload, 7 << 20);
        let request = TestRequest::post().app_data(Data::clone(&room)).set_payload(vec![b'x'; 1 << 20]);
        let (other, payload) = testing::parts(request);
        let (waiting, other) = tokio::join!(waiting, read(&other, payload, 7 << 20));
        assert_eq!((waiting, other.map(|body| body.len())), (Err(BodyError::TimedOut), Ok(1 << 20)));
    }

    #[actix_web::test]
    async fn r84_a_body_of_unknown_length_is_held_once() {
        let (request, payload) = testing::chunked(&[b'x'; 1 << 14], 400);
        let body = read(&request, payload, 7 << 20).await.unwrap();
        assert_eq!(body.len(), 100 << 16);
        assert_eq!(body.try_into_mut().unwrap().capacity(), 7 << 20);
    }

    #[actix_web::test]
    async fn a_compressed_body_is_not_read() {
        let request = TestRequest::post().insert_header((CONTENT_ENCODING, "gzip")).to_http_request();
        let (_, payload) = testing::request(None, "x");
        assert_eq!(read(&request, payload, 100).await, Err(BodyError::MediaType));
    }
}
