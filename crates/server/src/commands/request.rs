//! Requests to the core, as data: the same whether this process or the running server executes them. They contain what
//! was typed, secrets included, and know neither the terminal nor the socket.
//!
//! To add a group of commands: a variant here, and a file in this folder with its requests and their `execute`. To add
//! a command to a group: a variant in the group's file. Enums are tagged externally (serde's default): with an internal
//! tag serde would keep a copy of the whole request, which is not wiped.

use std::fmt;

use selfsame_application::Core;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use zeroize::Zeroizing;

use super::{audit::AuditRequest, outbox::OutboxRequest, reply::Reply, user::UserRequest, webhook::WebhookRequest};

/// A request, by group.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Request {
    /// `selfsame user …`
    User(UserRequest),
    /// `selfsame outbox …`
    Outbox(OutboxRequest),
    /// `selfsame audit …`
    Audit(AuditRequest),
    /// `selfsame webhook …`
    Webhook(WebhookRequest),
}

impl Request {
    /// The command's name. Nothing else of a request is logged.
    pub(crate) fn name(&self) -> &'static str {
        match self {
            Self::User(request) => request.name(),
            Self::Outbox(request) => request.name(),
            Self::Audit(request) => request.name(),
            Self::Webhook(request) => request.name(),
        }
    }

    /// Executes the request.
    pub(crate) fn execute(&self, core: &Core) -> Reply {
        match self {
            Self::User(request) => request.execute(core),
            Self::Outbox(request) => request.execute(core),
            Self::Audit(request) => request.execute(core),
            Self::Webhook(request) => request.execute(core),
        }
    }
}

/// A typed secret. `Debug` is masked, the memory is wiped; on the socket it is plain.
#[derive(Clone)]
pub(crate) struct Secret(Zeroizing<String>);

impl Secret {
    /// Wraps what was typed.
    pub(super) fn new(typed: String) -> Self {
        Self(Zeroizing::new(typed))
    }

    /// The secret itself.
    pub(super) fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("***")
    }
}

impl Serialize for Secret {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for Secret {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer).map(Self::new)
    }
}
