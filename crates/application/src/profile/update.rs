//! Changes the caller's profile: one use case for every contract.

use selfsame_domain::{
    Action, Attributes, Change, Claim, DataUri, Difference, FieldRight, IdentifierId, IdentifierKind, Picture,
    ProfilePatch, RequestContext, Rule, Scope, User, UserId, Username, Violation, Violations,
    id::Id as _,
    profile::{self, Terms},
};
use selfsame_ports::{Mail, PictureError, ProcessedPicture, StorageError, Unique};
use sha2::{Digest as _, Sha256};

use crate::{
    Caller, Core, Fault,
    account::{Account, Event},
    core::Work,
    fault::faults,
    identifiers::prove::void_resets,
    sessions::principal::StepUpRequired,
};

/// A picture as it is sent.
#[derive(Clone, PartialEq, Eq)]
pub enum NewPicture {
    /// The bytes of a file.
    Bytes(Vec<u8>),
    /// An https URL to link to, or a data URI with the file.
    Uri(String),
}

/// Requests the change.
#[derive(Clone, Default)]
pub struct UpdateProfile {
    /// The claims to change. Its `picture` is set from [`UpdateProfile::picture`].
    pub patch: ProfilePatch,
    /// The picture to change.
    pub picture: Change<NewPicture>,
    /// The version that must be the current one, if the caller demands that (R68).
    pub expected_version: Option<i64>,
    /// The request: for audit and limits.
    pub context: RequestContext,
}

/// Why the profile was not changed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum UpdateProfileError {
    /// The input breaks rules: all violations.
    #[error(transparent)]
    Invalid(Violations),
    /// The account has changed since the expected version.
    #[error("the profile is at version {current}")]
    VersionMismatch {
        /// The current version.
        current: i64,
    },
    /// The caller must prove who they are again: addresses or numbers change (R10), or the policy of second factors while
    /// one is enrolled (R33), or a claim for which the operator demands it.
    #[error(transparent)]
    StepUp(#[from] StepUpRequired),
    /// An application changes addresses, numbers or the policy of second factors, and may change the profile only.
    #[error("the application may not change credentials")]
    InsufficientScope,
    /// The sign-in ended before the change was made.
    #[error("not signed in any more")]
    Unauthenticated,
    /// Rate-limited, unavailable, or an internal fault.
    #[error(transparent)]
    Fault(Fault),
}

faults!(UpdateProfileError: StorageError);

/// The account after the change.
#[derive(Clone, Debug)]
pub struct UpdatedProfile {
    /// The account.
    pub user: User,
    /// Its attributes, if they were read with the caller or changed.
    pub attributes: Option<Attributes>,
}

impl UpdateProfile {
    /// The rules that the change breaks, as far as the caller's account shows.
    pub fn violations(&self, core: &Core, caller: &Caller) -> Violations {
        let mut violations = Violations::default();
        if let Change::Set(new) = &self.picture {
            violations.take(Claim::Picture, core.check_picture(new));
        }
        let request = Request { patch: self.patch.clone(), violations, expected_version: None };
        let mut attributes = caller.attributes.clone().unwrap_or_default();
        match request.apply(core, &mut caller.user.clone(), &mut attributes) {
            Err(UpdateProfileError::Invalid(violations)) => violations,
            _ => Violations::default(),
        }
    }

    /// Whether the change needs a recent proof that the caller has not made, or breaks rules, as far as the caller's account
    /// shows. Without a difference nothing is needed.
    pub(crate) fn check(&self, core: &Core, caller: &Caller) -> Result<(), UpdateProfileError> {
        let request = Request { patch: self.patch.clone(), violations: Violations::default(), expected_version: None };
        let (mut user, mut attributes) = (caller.user.clone(), caller.attributes.clone().unwrap_or_default());
        let differences = request.apply(core, &mut user, &mut attributes)?;
        Ok(core.authorize_change(caller, &caller.user, &user, &differences)?)
    }

    /// Applies all changes or none, with an audit record of old and new values, and returns the account after it. If
    /// nothing changes, nothing is written. Another primary address or number is reported to every proven address (R25)
    /// and voids pending password resets (R24).
    ///
    /// A file is stored before the unit, and only if the change breaks no rule that the caller's account shows.
    /// Afterwards the file that is not in use is deleted: the new one of a failed change, or the old one that was
    /// replaced.
    pub fn execute(self, core: &Core, caller: &Caller) -> Result<UpdatedProfile, UpdateProfileError> {
        let Self { patch, picture, expected_version, context } = self;
        let mut request = Request { patch, violations: Violations::default(), expected_version };
        let mut file = None;
        request.patch.picture = match picture {
            Change::Keep => Change::Keep,
            Change::Clear => Change::Clear,
            Change::Set(new) => match core.take_in(new, caller.user.id)? {
                Ok(Incoming::Link(link)) => Change::Set(link),
                Ok(Incoming::File(processed)) => {
                    file = Some(processed);
                    Change::Keep
                }
                // Violations by the picture are returned together with all others.
                Err(rule) => {
                    request.violations.push(Claim::Picture, rule);
                    Change::Keep
                }
            },
        };
        let new = file.map(|file| request.store(core, caller, &file)).transpose()?;
        let mut old = None;
        let mut is_first_run = true;
        let result = core.unit(&context, |work| {
            // First without a lock, from the account as the request read it: saving detects a change since. Then with a
            // lock.
            let is_read = std::mem::take(&mut is_first_run) && request.needs_nothing_more(caller);
            let (mut account, mut attributes) = if is_read {
                (Account::unlocked(caller.user.clone()), caller.attributes.clone())
            } else {
                request.lock(work, caller)?
            };
            old = stored(&account).map(str::to_owned);
            let is_changed = request.write(core, work, &mut account, &mut attributes, caller)?;
            if is_read && !is_changed {
                // Nothing is saved, so a concurrent change is not detected by saving.
                (account, attributes) = request.lock(work, caller)?;
                old = stored(&account).map(str::to_owned);
                request.write(core, work, &mut account, &mut attributes, caller)?;
            }
            Ok(UpdatedProfile { user: account.into_user(), attributes })
        });
        match &result {
            Ok(UpdatedProfile { user, .. }) => {
                core.delete_files([new, old].into_iter().flatten().filter(|name| stored(user) != Some(name)));
            }
            // The commit may have succeeded: keep both files.
            Err(UpdateProfileError::Fault(Fault::Unavailable(_))) => {}
            Err(_) => core.delete_files(new),
        }
        if result.as_ref().is_err_and(is_taken)
            && let Err(fault) = core.charge_taken(caller, &context)
        {
            tracing::error!(%fault, "the answer that a name is taken could not be charged");
        }
        result
    }
}

/// The patch, with the picture in it.
struct Request {
    patch: ProfilePatch,
    /// The violations that are known already.
    violations: Violations,
    expected_version: Option<i64>,
}

impl Request {
    /// Stores the file of the change, unless the change is refused.
    fn store(&mut self, core: &Core, caller: &Caller, file: &ProcessedPicture) -> Result<String, UpdateProfileError> {
        let mut attributes = caller.attributes.clone().unwrap_or_default();
        self.apply(core, &mut caller.user.clone(), &mut attributes)?;
        if core.policy.fields.of(Claim::Picture) == FieldRight::StepUp {
            core.require_step_up(caller)?;
        }
        let name = core.file_name(caller.user.id, file);
        core.blobs.put(&name, &file.bytes, core.clock.now()).map_err(Fault::from)?;
        self.patch.picture = Change::Set(Picture::Stored(name.clone()));
        Ok(name)
    }

    /// Whether everything that it changes was read with the caller.
    fn needs_nothing_more(&self, caller: &Caller) -> bool {
        self.patch.attributes.is_none() || caller.attributes.is_some()
    }

    /// The account, locked, with its attributes if the change needs them or they were read with the caller.
    fn lock(&self, work: &mut Work<'_>, caller: &Caller) -> Result<(Account, Option<Attributes>), UpdateProfileError> {
        let account = Account::lock_caller(work, caller)?.ok_or(UpdateProfileError::Unauthenticated)?;
        let is_read = self.patch.attributes.is_some() || caller.attributes.is_some();
        let attributes = if is_read { Some(work.accounts().attributes(account.id)?) } else { None };
        Ok((account, attributes))
    }

    /// Applies it to a copy of the account.
    fn apply(
        &self,
        core: &Core,
        user: &mut User,
        attributes: &mut Attributes,
    ) -> Result<Vec<Difference>, UpdateProfileError> {
        if self.expected_version.is_some_and(|expected| expected != user.version) {
            return Err(UpdateProfileError::VersionMismatch { current: user.version });
        }
        let mut patch = self.patch.clone();
        if has(user, &patch.picture) {
            patch.picture = Change::Keep;
        }
        let new_identifier: IdentifierId = core.id();
        let terms = Terms {
            now: core.clock.now(),
            new_identifier,
            attributes: core.policy.attributes,
            reserved: &core.policy.reserved_names,
            rights: &core.policy.fields,
        };
        let differences = all_of(self.violations.clone(), profile::apply(user, attributes, patch, &terms))?;
        if differences.iter().any(|difference| difference.pointer.starts_with("/attributes/")) {
            let schema = core.attributes_schema.as_ref();
            schema.map_or(Ok(()), |schema| schema.check(attributes)).map_err(UpdateProfileError::Invalid)?;
        }
        Ok(differences)
    }

    /// Applies it to the account, and writes everything that follows from it. Returns whether anything changed.
    fn write(
        &self,
        core: &Core,
        work: &mut Work<'_>,
        account: &mut Account,
        attributes: &mut Option<Attributes>,
        caller: &Caller,
    ) -> Result<bool, UpdateProfileError> {
        let mut changed = attributes.clone().unwrap_or_default();
        let differences = self.apply(core, account, &mut changed)?;
        if differences.is_empty() {
            return Ok(false);
        }
        core.authorize_change(caller, account.stored(), account, &differences)?;
        let has_new_policy = account.stored().second_factor_policy != account.second_factor_policy;
        let has_new_contacts = account.stored().identifiers != account.identifiers;
        if (has_new_policy || has_new_contacts) && !caller.principal.may(Scope::SecurityWrite) {
            return Err(UpdateProfileError::InsufficientScope);
        }
        let before = if has_new_contacts { Some(core.before_change(work, account.stored())?) } else { None };
        core.require_hold_of_identifiers(work, account.stored(), account)?;
        let event = Event::of_user(Action::ProfileUpdated, account.id, caller.principal.sign_in_id);
        core.record_within_budget(work, account, event.with(differences))?;
        let given_up = account.stored().preferred_username.clone();
        let has_new_username = given_up != account.preferred_username;
        // An unproven address is not notified: it may belong to somebody else.
        let is_notified = has_new_contacts && account.is_verified() && may_notify_of_contacts(core, account);
        account.save(work).map_err(taken)?;
        if has_new_username {
            core.change_username(work, account, given_up.as_ref()).map_err(taken)?;
        }
        if attributes.as_ref().is_some_and(|before| *before != changed) {
            work.accounts().save_attributes(account.id, &changed)?;
            *attributes = Some(changed);
        }
        if let Some(before) = before {
            void_resets(work, account.id, core.clock.now())?;
            if is_notified {
                core.notify(work, account, &Mail::ContactChanged, &before)?;
            }
        }
        Ok(true)
    }
}

/// Whether a notice of new contact details is sent: by the budget of numbers, or by that of the primary address.
fn may_notify_of_contacts(core: &Core, account: &mut Account) -> bool {
    let differs = |kind| !account.stored().identifiers_of(kind).eq(account.identifiers_of(kind));
    let (has_new_phones, has_new_emails) = (differs(IdentifierKind::Phone), differs(IdentifierKind::Email));
    let by_phones = has_new_phones && core.may_notify(account, |budgets| &mut budgets.phone_notices);
    let by_emails = has_new_emails && core.may_notify(account, |budgets| &mut budgets.email_notices);
    by_phones || by_emails
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

/// Whether the change was refused because of what another account has.
fn is_taken(error: &UpdateProfileError) -> bool {
    matches!(error, UpdateProfileError::Invalid(Violations(all)) if all.iter().any(|violation| violation.rule == Rule::Taken))
}

fn taken(error: StorageError) -> UpdateProfileError {
    let claim = match error {
        StorageError::Taken(Unique::PreferredUsername) => Claim::PreferredUsername,
        StorageError::Taken(Unique::Identifier) => Claim::PhoneNumber,
        other => return other.into(),
    };
    UpdateProfileError::Invalid(Violation::new(claim, Rule::Taken).into())
}

/// A picture that was accepted.
enum Incoming {
    Link(Picture),
    File(ProcessedPicture),
}

/// Digits of a file's name that identify account and content; random ones follow.
const DIGEST_DIGITS: usize = 64;

/// The file of an account's picture.
fn stored(user: &User) -> Option<&str> {
    match &user.picture {
        Some(Picture::Stored(name)) => Some(name),
        Some(Picture::Link(_)) | None => None,
    }
}

/// Whether an account has this picture, under any name.
fn has(user: &User, picture: &Change<Picture>) -> bool {
    let Change::Set(Picture::Stored(name)) = picture else { return false };
    stored(user).is_some_and(|own| own.get(..DIGEST_DIGITS) == name.get(..DIGEST_DIGITS))
}

impl Core {
    /// Whether a change of an account needs a recent proof, and the caller has none.
    pub(crate) fn authorize_change(
        &self,
        caller: &Caller,
        before: &User,
        after: &User,
        differences: &[Difference],
    ) -> Result<(), StepUpRequired> {
        if before.second_factor_policy != after.second_factor_policy {
            self.authorize_policy(caller, after)?;
        }
        let is_guarded = |difference: &Difference| self.policy.fields.at(&difference.pointer) == FieldRight::StepUp;
        if before.identifiers != after.identifiers || differences.iter().any(is_guarded) {
            self.require_step_up(caller)?;
        }
        Ok(())
    }

    /// The same for a change of the second-factor policy.
    pub(crate) fn authorize_policy(&self, caller: &Caller, account: &User) -> Result<(), StepUpRequired> {
        if account.has_second_factor() { self.require_step_up_to_change(caller, account) } else { Ok(()) }
    }

    /// Whether users may have this picture, by the operator's rights. A link is also compared with the present one later.
    fn check_right_to_picture(&self, new: &NewPicture) -> Result<(), Rule> {
        match self.policy.fields.of(Claim::Picture) {
            FieldRight::Read if matches!(new, NewPicture::Uri(uri) if !DataUri::is(uri)) => Ok(()),
            right => right.forbids().map_or(Ok(()), Err),
        }
    }

    /// The rule that a new picture breaks, as far as that is seen before it is decoded.
    fn check_picture(&self, new: &NewPicture) -> Result<(), Rule> {
        self.check_right_to_picture(new)?;
        match new {
            NewPicture::Uri(uri) if DataUri::is(uri) => DataUri::decode(uri, self.policy.picture_max_bytes).map(drop),
            NewPicture::Uri(uri) => Picture::link(uri).map(drop),
            NewPicture::Bytes(_) => Ok(()),
        }
    }

    /// Processes a picture: a link is taken as it is, a file is decoded and encoded again, within the user's budget
    /// (R71-R74). The outer error is a fault, the inner one a violation.
    fn take_in(&self, new: NewPicture, user: UserId) -> Result<Result<Incoming, Rule>, Fault> {
        if let Err(rule) = self.check_right_to_picture(&new) {
            return Ok(Err(rule));
        }
        let max = self.policy.picture_max_bytes;
        let bytes = match new {
            NewPicture::Uri(text) if DataUri::is(&text) => match DataUri::decode(&text, max) {
                Ok(bytes) => bytes,
                Err(rule) => return Ok(Err(rule)),
            },
            NewPicture::Uri(text) => return Ok(Picture::link(&text).map(Incoming::Link)),
            NewPicture::Bytes(bytes) if bytes.len() > max => return Ok(Err(Rule::TooLarge { max })),
            NewPicture::Bytes(bytes) => bytes,
        };
        let budget = [self.limits.picture_per_user.of_user(user)];
        self.spend(&budget)?;
        match self.pictures.process(&bytes) {
            Ok(processed) => Ok(Ok(Incoming::File(processed))),
            Err(PictureError::Unsupported) => Ok(Err(Rule::UnsupportedMedia)),
            Err(PictureError::TooLarge { side, megapixels }) => Ok(Err(Rule::TooManyPixels { side, megapixels })),
            Err(busy @ PictureError::Busy) => {
                self.refund(&budget);
                Err(busy.into())
            }
        }
    }

    /// A name for a file, from account and content, used once only: so a file that is deleted because it was replaced
    /// cannot have become the picture again.
    fn file_name(&self, user: UserId, file: &ProcessedPicture) -> String {
        let digest = Sha256::new().chain_update(user.number().to_be_bytes()).chain_update(&file.bytes).finalize();
        format!("{}{}.{}", hex::encode(digest), hex::encode(self.random::<8>()), file.extension)
    }

    /// Deletes files that are not in use. A failed deletion only wastes space.
    pub(crate) fn delete_files(&self, names: impl IntoIterator<Item = String>) {
        for name in names {
            if let Err(error) = self.blobs.delete(&name) {
                tracing::warn!(name, %error, "a picture that is not in force could not be deleted");
            }
        }
    }

    /// Holds the username that an account gave up for it, and refuses one that is held for another account. The account was
    /// written in this unit.
    pub(crate) fn change_username(
        &self,
        work: &mut Work<'_>,
        user: &User,
        given_up: Option<&Username>,
    ) -> Result<(), StorageError> {
        let now = self.clock.now();
        if let Some(name) = &user.preferred_username
            && work.accounts().is_username_held(name, user.id, now)?
        {
            return Err(StorageError::Taken(Unique::PreferredUsername));
        }
        match given_up {
            Some(name) => work.accounts().hold_username(user.id, name, now + self.policy.username_hold),
            None => Ok(()),
        }
    }
}
