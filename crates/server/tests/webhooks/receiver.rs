//! An endpoint over TCP that keeps what it gets, and accepts, refuses or hangs as it is told.

use std::{
    io::{Read as _, Write as _},
    net::{SocketAddr, TcpListener, TcpStream},
    sync::{Arc, Mutex},
    thread,
    time::Duration,
};

use selfsame_testing::poll::eventually;
use serde_json::Value;

/// What an endpoint does with a message.
#[derive(Clone, Copy)]
pub(crate) enum Behaviour {
    /// Answers with this status.
    Answer(u16),
    /// Reads the message and does not answer.
    Hang,
}

/// A message as it came.
#[derive(Clone, Debug)]
pub(crate) struct Message {
    pub(crate) id: String,
    pub(crate) signature: String,
    pub(crate) text: String,
    pub(crate) body: Value,
}

impl Message {
    pub(crate) fn event(&self) -> &str {
        self.body["type"].as_str().unwrap()
    }
}

#[derive(Clone)]
pub(crate) struct Receiver {
    address: SocketAddr,
    behaviour: Arc<Mutex<Behaviour>>,
    messages: Arc<Mutex<Vec<Message>>>,
}

impl Receiver {
    pub(crate) fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let behaviour = Arc::new(Mutex::new(Behaviour::Answer(204)));
        let receiver = Self { address, behaviour, messages: Arc::default() };
        let accepting = receiver.clone();
        thread::spawn(move || {
            for stream in listener.incoming() {
                let (receiver, stream) = (accepting.clone(), stream.unwrap());
                thread::spawn(move || receiver.take(stream));
            }
        });
        receiver
    }

    pub(crate) fn url(&self) -> String {
        format!("http://{}/hooks", self.address)
    }

    pub(crate) fn behave(&self, behaviour: Behaviour) {
        *self.behaviour.lock().unwrap() = behaviour;
    }

    pub(crate) fn messages(&self) -> Vec<Message> {
        self.messages.lock().unwrap().clone()
    }

    /// Waits until there are so many.
    #[track_caller]
    pub(crate) fn wait_for(&self, count: usize) -> Vec<Message> {
        eventually(Duration::from_mins(1), "messages", || (self.messages().len() >= count).then(|| self.messages()))
    }

    fn take(&self, mut stream: TcpStream) {
        let Some(message) = read(&mut stream) else { return };
        self.messages.lock().unwrap().push(message);
        let behaviour = *self.behaviour.lock().unwrap();
        match behaviour {
            Behaviour::Answer(status) => {
                let answer = format!("HTTP/1.1 {status} X\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
                drop(stream.write_all(answer.as_bytes()));
            }
            // Until the server gives up.
            Behaviour::Hang => while stream.read(&mut [0; 1024]).is_ok_and(|count| count > 0) {},
        }
    }
}

fn read(stream: &mut TcpStream) -> Option<Message> {
    let (mut request, mut buffer) = (Vec::new(), [0; 4096]);
    loop {
        match stream.read(&mut buffer) {
            Ok(count) if count > 0 => request.extend_from_slice(&buffer[..count]),
            _ => return None,
        }
        let text = String::from_utf8_lossy(&request);
        let Some((head, body)) = text.split_once("\r\n\r\n") else { continue };
        let header = |name: &str| {
            let mut lines = head.lines().filter_map(|line| line.split_once(": "));
            lines.find(|(own, _)| own.eq_ignore_ascii_case(name)).map(|(_, value)| value.to_owned()).unwrap()
        };
        if body.len() < header("content-length").parse::<usize>().unwrap() {
            continue;
        }
        let (id, signature) = (header("webhook-id"), header("webhook-signature"));
        return Some(Message { id, signature, text: body.to_owned(), body: serde_json::from_str(body).unwrap() });
    }
}
