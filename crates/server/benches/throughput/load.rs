//! A load generator: so many connections, each with one request at a time, for so long. Every answer must be a 200.

use std::{
    io::{self, Read as _, Write as _},
    net::{SocketAddr, TcpStream},
    thread,
    time::{Duration, Instant},
};

/// What came of it.
pub(crate) struct Load {
    /// Sorted.
    latencies: Vec<Duration>,
    took: Duration,
}

impl Load {
    #[expect(clippy::cast_precision_loss, reason = "seconds do not have that many requests")]
    pub(crate) fn requests(&self) -> f64 {
        self.latencies.len() as f64
    }

    pub(crate) fn per_second(&self) -> f64 {
        self.requests() / self.took.as_secs_f64()
    }

    /// The latency that this share of the requests stayed within.
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "an index")]
    pub(crate) fn quantile(&self, share: f64) -> Duration {
        let index = (self.requests() * share) as usize;
        self.latencies[index.min(self.latencies.len() - 1)]
    }
}

/// Makes the request of a connection, the how-manieth it is.
pub(crate) type Requests<'r> = dyn Fn(usize, usize) -> String + Sync + 'r;

/// Sends one request after another over each connection.
pub(crate) fn load(address: SocketAddr, requests: &Requests<'_>, connections: usize, length: Duration) -> Load {
    let started = Instant::now();
    let until = started + length;
    let mut latencies: Vec<Duration> = thread::scope(|scope| {
        let threads: Vec<_> = (0..connections)
            .map(|connection| scope.spawn(move || one_by_one(address, |count| requests(connection, count), until)))
            .collect();
        threads.into_iter().flat_map(|thread| thread.join().unwrap()).collect()
    });
    let took = started.elapsed();
    latencies.sort_unstable();
    Load { latencies, took }
}

fn one_by_one(address: SocketAddr, request: impl Fn(usize) -> String, until: Instant) -> Vec<Duration> {
    let mut connection = Connection::open(address).unwrap();
    let mut latencies = Vec::new();
    while latencies.is_empty() || Instant::now() < until {
        let request = request(latencies.len());
        let asked = Instant::now();
        let status = connection.ask(&request).unwrap();
        assert_eq!(status, 200, "{}", String::from_utf8_lossy(&connection.answer));
        latencies.push(asked.elapsed());
    }
    latencies
}

/// A connection that is kept alive.
pub(crate) struct Connection {
    stream: TcpStream,
    answer: Vec<u8>,
}

impl Connection {
    pub(crate) fn open(address: SocketAddr) -> io::Result<Self> {
        let stream = TcpStream::connect(address)?;
        stream.set_nodelay(true)?;
        stream.set_read_timeout(Some(Duration::from_secs(30)))?;
        Ok(Self { stream, answer: Vec::new() })
    }

    /// Sends a request, reads the whole answer, and says its status.
    pub(crate) fn ask(&mut self, request: &str) -> io::Result<u16> {
        self.stream.write_all(request.as_bytes())?;
        self.answer.clear();
        let mut chunk = [0; 16 * 1024];
        loop {
            let length = self.stream.read(&mut chunk)?;
            if length == 0 {
                return Err(io::ErrorKind::UnexpectedEof.into());
            }
            self.answer.extend_from_slice(&chunk[..length]);
            if let Some(status) = status_if_whole(&self.answer)? {
                return Ok(status);
            }
        }
    }
}

/// The status of an answer with a `content-length` that has arrived to its end.
fn status_if_whole(answer: &[u8]) -> io::Result<Option<u16>> {
    let Some(end) = answer.windows(4).position(|window| window == b"\r\n\r\n") else {
        return Ok(None);
    };
    let head = String::from_utf8_lossy(&answer[..end]);
    let status = head.get(9..12).and_then(|digits| digits.parse().ok());
    let length = head.lines().filter_map(|line| line.split_once(": "));
    let mut length = length.filter(|(name, _)| name.eq_ignore_ascii_case("content-length"));
    let length: Option<usize> = length.next().and_then(|(_, digits)| digits.parse().ok());
    let (Some(status), Some(length)) = (status, length) else {
        return Err(io::Error::new(io::ErrorKind::InvalidData, head.into_owned()));
    };
    Ok((answer.len() >= end + 4 + length).then_some(status))
}
