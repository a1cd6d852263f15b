//! The reply to a request, wherever it was executed, and its output. The only place that renders.

use std::io::Write;

use selfsame_application::{Fault, operator::users::ManageUserError};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{fail, say};
use crate::cli::Exit;

/// The reply to a request.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub(crate) enum Reply {
    /// Done.
    Done {
        /// The result for scripts.
        json: Value,
        /// The same for people.
        text: String,
    },
    /// Not done.
    Refused {
        /// How the command ends.
        exit: Exit,
        /// Why, in words.
        reason: String,
    },
}

impl Reply {
    /// A refusal with [`Exit::Failure`].
    pub(crate) fn failed(reason: impl Into<String>) -> Self {
        Self::Refused { exit: Exit::Failure, reason: reason.into() }
    }

    /// How the command ends.
    pub(crate) fn exit(&self) -> Exit {
        match self {
            Self::Done { .. } => Exit::Success,
            Self::Refused { exit, .. } => *exit,
        }
    }

    /// Prints a result to standard output and a refusal to standard error.
    pub(super) fn render(&self, as_json: bool, stdout: &mut dyn Write) -> Exit {
        match self {
            Self::Done { json, .. } if as_json => say(stdout, &format!("{json:#}")),
            Self::Done { text, .. } => say(stdout, text),
            Self::Refused { exit, reason } => {
                fail(reason);
                *exit
            }
        }
    }
}

impl From<ManageUserError> for Reply {
    fn from(error: ManageUserError) -> Self {
        let exit = match &error {
            ManageUserError::NotFound | ManageUserError::UnknownIdentity => Exit::NotFound,
            ManageUserError::Fault(Fault::Unavailable(_) | Fault::Contended) => Exit::Temporary,
            ManageUserError::Ambiguous
            | ManageUserError::UnknownIssuer
            | ManageUserError::InvalidSubject
            | ManageUserError::IdentityTaken
            | ManageUserError::Invalid(_)
            | ManageUserError::Fault(_) => Exit::Failure,
        };
        Self::Refused { exit, reason: error.to_string() }
    }
}
