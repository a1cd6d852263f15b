//! Changes the caller's profile: one use case for every contract.

use selfsame_domain::{
    Action, Attributes, Change, Claim, Client, DataUri, IdentifierId, Picture, ProfilePatch, Rule, User, Violation,
    Violations,
    profile::{self, Terms},
};
use selfsame_ports::{PictureError, StorageError, Unique};
use sha2::{Digest as _, Sha256};

use crate::{Caller, Core, Fault, account::lock_usable, core::Event, fault::faults};

/// A picture as it comes in.
#[derive(Clone, PartialEq, Eq)]
pub enum NewPicture {
    /// The bytes of a file.
    Bytes(Vec<u8>),
    /// An https URL to link to, or a data URI that holds the file.
    Uri(String),
}

/// Asks for the change.
#[derive(Clone, Default)]
pub struct UpdateProfile {
    /// The claims to change; its `picture` is set from [`UpdateProfile::picture`].
    pub patch: ProfilePatch,
    /// The picture to change.
    pub picture: Change<NewPicture>,
    /// The version that the caller saw, if it matters to them (R68).
    pub expected_version: Option<i64>,
    /// Who asks.
    pub client: Client,
}

/// Why the profile is what it was.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum UpdateProfileError {
    /// The input breaks rules; here are all of them.
    #[error(transparent)]
    Invalid(Violations),
    /// Somebody else changed it since the caller looked.
    #[error("the profile is at version {current}")]
    VersionMismatch {
        /// The version in force.
        current: i64,
    },
    /// The sign-in ended in the meantime.
    #[error("not signed in any more")]
    Unauthenticated,
    /// No answer just now.
    #[error(transparent)]
    Fault(Fault),
}

faults!(UpdateProfileError: StorageError);

impl UpdateProfile {
    /// Applies the change whole or not at all, with an audit row of old and new values, and answers the account as it is
    /// then. A change that changes nothing writes nothing.
    pub fn execute(self, core: &Core, caller: &Caller) -> Result<User, UpdateProfileError> {
        let Self { mut patch, picture, expected_version, client } = self;
        // What is wrong with the picture is told together with whatever else is wrong.
        let mut violations = Violations::default();
        patch.picture = match picture {
            Change::Keep => Change::Keep,
            Change::Clear => Change::Clear,
            Change::Set(new) => match core.store_picture(new)? {
                Ok(picture) => Change::Set(picture),
                Err(rule) => {
                    violations.push(Claim::Picture, rule);
                    Change::Keep
                }
            },
        };
        core.unit(|unit| {
            let mut user = lock_usable(unit, caller.user.id)?.ok_or(UpdateProfileError::Unauthenticated)?;
            if expected_version.is_some_and(|expected| expected != user.version) {
                return Err(UpdateProfileError::VersionMismatch { current: user.version });
            }
            let new_identifier: IdentifierId = core.id();
            let terms = Terms { now: core.clock.now(), new_identifier, attributes: core.policy.attributes };
            let before = user.attributes.clone();
            let applied = all_of(violations.clone(), profile::apply(&mut user, patch.clone(), &terms))?;
            if applied.differences.is_empty() {
                return Ok(user);
            }
            if user.attributes != before {
                core.check_schema(&user.attributes).map_err(UpdateProfileError::Invalid)?;
            }
            unit.users().save(&user).map_err(taken)?;
            if !applied.identifiers.is_empty() {
                unit.users().change_identifiers(user.id, &applied.identifiers).map_err(taken)?;
            }
            let event = Event::of_user(Action::ProfileUpdated, user.id, caller.sign_in.id, &client);
            core.record(unit, user.id, event.with(applied.differences))?;
            Ok(user)
        })
    }
}

fn all_of<T>(mut violations: Violations, applied: Result<T, Violations>) -> Result<T, UpdateProfileError> {
    match applied {
        Ok(applied) => violations.into_result().map(|()| applied),
        Err(Violations(more)) => {
            violations.0.extend(more);
            Err(violations)
        }
    }
    .map_err(UpdateProfileError::Invalid)
}

fn taken(error: StorageError) -> UpdateProfileError {
    let claim = match error {
        StorageError::Taken(Unique::PreferredUsername) => Claim::PreferredUsername,
        StorageError::Taken(Unique::Identifier) => Claim::PhoneNumber,
        other => return other.into(),
    };
    UpdateProfileError::Invalid(Violation::new(claim, Rule::Taken).into())
}

impl Core {
    /// Takes a picture in: a link as it is, a file re-encoded and stored under the hash of its content (R71-R74). The
    /// outer error is a fault, the inner one the caller's.
    fn store_picture(&self, new: NewPicture) -> Result<Result<Picture, Rule>, Fault> {
        let max = self.policy.picture_max_bytes;
        let bytes = match new {
            NewPicture::Uri(text) if DataUri::is(&text) => match DataUri::decode(&text, max) {
                Ok(bytes) => bytes,
                Err(rule) => return Ok(Err(rule)),
            },
            NewPicture::Uri(text) => return Ok(Picture::link(&text)),
            NewPicture::Bytes(bytes) if bytes.len() > max => return Ok(Err(Rule::TooLarge { max })),
            NewPicture::Bytes(bytes) => bytes,
        };
        let processed = match self.pictures.process(&bytes) {
            Ok(processed) => processed,
            Err(PictureError::Unsupported) => return Ok(Err(Rule::UnsupportedMedia)),
            Err(PictureError::TooLarge { side }) => return Ok(Err(Rule::TooManyPixels { side })),
            Err(busy @ PictureError::Busy) => return Err(busy.into()),
        };
        let name = format!("{}.{}", hex::encode(Sha256::digest(&processed.bytes)), processed.extension);
        self.blobs.put(&name, &processed.bytes)?;
        Ok(Ok(Picture::Stored(name)))
    }

    /// Holds attributes against the operator's schema.
    fn check_schema(&self, attributes: &Attributes) -> Result<(), Violations> {
        let Some(schema) = &self.attributes_schema else {
            return Ok(());
        };
        let instance = serde_json::Value::Object(attributes.0.clone());
        let mut violations = Violations::default();
        for error in schema.iter_errors(&instance) {
            let rule = Rule::Schema { pointer: error.instance_path().to_string(), message: error.to_string() };
            violations.push(Claim::Attributes, rule);
        }
        violations.into_result()
    }
}
