//! The curl examples of the published contracts, run as they are printed: parsed as a shell and curl would, pointed
//! at another server, and sent byte for byte.
//!
//! ```no_run
//! use selfsame_testing::curl::Curl;
//!
//! let client = reqwest::blocking::Client::new();
//! let response = Curl::parse("curl --request PATCH --url https://{host}/me --data '{}'")
//!     .at("http://127.0.0.1:8080")
//!     .cookie("session_id", "…")
//!     .send(&client);
//! ```
//!
//! A seed's whole page will do as text: the first line that starts with `curl ` starts the command, and it ends as it
//! would in a shell. An option that is not known here fails the test rather than being ignored.

mod shell;

use reqwest::Method;
use reqwest::blocking::{Client, Response};

/// A request as curl would make it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Curl {
    /// `GET`, or `POST` if there is a body, unless the command says otherwise.
    pub method: String,
    /// As printed: placeholders in it are no error before it is sent.
    pub url: String,
    /// In the order of the command; curl's own come last.
    pub headers: Vec<(String, String)>,
    /// All `--data` joined by `&`.
    pub body: Option<String>,
}

impl Curl {
    /// The first curl command in `text`.
    #[track_caller]
    pub fn parse(text: &str) -> Self {
        Self::all_in(text).into_iter().next().unwrap_or_else(|| panic!("no curl command in\n{text}"))
    }

    /// Every curl command in `text`.
    pub fn all_in(text: &str) -> Vec<Self> {
        shell::commands(text, "curl").iter().map(|arguments| Self::from_arguments(arguments)).collect()
    }

    fn from_arguments(arguments: &[String]) -> Self {
        let (mut method, mut url, mut headers, mut data) = (None, None, Vec::new(), Vec::new());
        let mut arguments = arguments.iter();
        while let Some(argument) = arguments.next() {
            let mut value = || arguments.next().unwrap_or_else(|| panic!("{argument} needs a value")).as_str();
            match argument.as_str() {
                "--request" | "-X" => method = Some(value().to_owned()),
                "--url" => url = Some(value().to_owned()),
                "--header" | "-H" => headers.push(field(value())),
                "--cookie" | "-b" => headers.push(("Cookie".to_owned(), value().to_owned())),
                "--data" | "--data-raw" | "-d" => data.push(value().to_owned()),
                option if option.starts_with('-') => panic!("curl's option {option} is not known here"),
                _ => url = Some(argument.clone()),
            }
        }
        let body = (!data.is_empty()).then(|| data.join("&"));
        let usual = if body.is_some() { "POST" } else { "GET" };
        let mut curl = Self {
            method: method.unwrap_or_else(|| usual.to_owned()),
            url: url.expect("a URL in the curl command"),
            headers,
            body,
        };
        curl.default_header("User-Agent", "curl/8.5.0");
        curl.default_header("Accept", "*/*");
        if curl.body.is_some() {
            curl.default_header("Content-Type", "application/x-www-form-urlencoded");
        }
        curl
    }

    fn default_header(&mut self, name: &str, value: &str) {
        if !self.headers.iter().any(|(known, _)| known.eq_ignore_ascii_case(name)) {
            self.headers.push((name.to_owned(), value.to_owned()));
        }
    }

    /// The same path and query on another server; `base` is `http://host:port`.
    #[must_use]
    pub fn at(mut self, base: &str) -> Self {
        let authority = self.url.find("://").map_or(0, |at| at + 3);
        let path = self.url[authority..].find(['/', '?']).map_or("", |at| &self.url[authority + at..]);
        self.url = format!("{}{path}", base.trim_end_matches('/'));
        self
    }

    /// Sets a cookie, in place of one of the same name.
    #[must_use]
    pub fn cookie(self, name: &str, value: &str) -> Self {
        let cookies = self.headers.iter().filter(|(known, _)| known.eq_ignore_ascii_case("Cookie"));
        let mut cookies: Vec<String> =
            cookies.flat_map(|(_, value)| value.split(';')).map(|cookie| cookie.trim().to_owned()).collect();
        cookies.retain(|cookie| cookie.split('=').next() != Some(name));
        cookies.push(format!("{name}={value}"));
        self.header("Cookie", &cookies.join("; "))
    }

    /// Sets a header field, in place of those of the same name.
    #[must_use]
    pub fn header(mut self, name: &str, value: &str) -> Self {
        let at = self.headers.iter().position(|(known, _)| known.eq_ignore_ascii_case(name));
        self.headers.retain(|(known, _)| !known.eq_ignore_ascii_case(name));
        self.headers.insert(at.unwrap_or(self.headers.len()), (name.to_owned(), value.to_owned()));
        self
    }

    /// Sets the bearer token (RFC 6750).
    #[must_use]
    pub fn bearer(self, token: &str) -> Self {
        self.header("Authorization", &format!("Bearer {token}"))
    }

    /// Writes `to` for `from` in the URL, the header fields and the body. Panics if `from` is nowhere: the example has
    /// changed.
    #[must_use]
    #[track_caller]
    pub fn replace(mut self, from: &str, to: &str) -> Self {
        let before = self.clone();
        self.url = self.url.replace(from, to);
        for (_, value) in &mut self.headers {
            *value = value.replace(from, to);
        }
        self.body = self.body.map(|body| body.replace(from, to));
        assert!(self != before || from == to, "{from:?} is not in the curl command");
        self
    }

    /// Sends it. `client` must not add header fields of its own.
    #[track_caller]
    pub fn send(&self, client: &Client) -> Response {
        let method = Method::from_bytes(self.method.as_bytes()).expect("a method");
        let mut request = client.request(method, &self.url);
        for (name, value) in &self.headers {
            request = request.header(name, value);
        }
        if let Some(body) = &self.body {
            request = request.body(body.clone());
        }
        request.send().unwrap_or_else(|error| panic!("{} {}: {error:?}", self.method, self.url))
    }
}

fn field(line: &str) -> (String, String) {
    let (name, value) = line.split_once(':').unwrap_or_else(|| panic!("{line:?} is no header field"));
    (name.trim().to_owned(), value.trim().to_owned())
}

#[cfg(test)]
mod tests;
