//! Adds an e-mail address or a phone number to the caller's account, unproven.

use selfsame_domain::{
    Action, Difference, EmailAddress, Identifier, IdentifierKind, PhoneNumber, RequestContext, Rule, User, Violation,
    Violations,
};
use selfsame_ports::{Mail, StorageError};
use serde_json::json;

use crate::{
    Caller, Core, Fault,
    account::{Account, Event},
    core::Work,
    fault::faults,
    identifiers::proofs::mask,
    sessions::principal::StepUpRequired,
    undo::before::Before,
};

/// A new identifier, as typed.
#[derive(Clone, Debug)]
pub enum NewIdentifier {
    /// An e-mail address.
    Email(String),
    /// A phone number.
    Phone {
        /// International, or a national one of `country`.
        number: String,
        /// A dialling code or a region.
        country: Option<String>,
    },
}

/// Adds it.
#[derive(Clone, Debug)]
pub struct AddIdentifier {
    /// The identifier.
    pub new: NewIdentifier,
    /// The request: for audit and limits.
    pub context: RequestContext,
}

/// The account with the new identifier.
#[derive(Clone, Debug)]
pub struct IdentifierAdded {
    /// The new identifier.
    pub identifier: Identifier,
    /// The account as it is now.
    pub user: User,
}

/// Why nothing was added.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AddIdentifierError {
    /// Not an address or number.
    #[error(transparent)]
    Invalid(Violations),
    /// The account has this one already.
    #[error("the account has it already")]
    Duplicate(IdentifierKind),
    /// The account has as many of this kind as it may have.
    #[error("the account has {max} of them already")]
    TooMany {
        /// The greatest number.
        max: usize,
    },
    /// The operator lets no user change the identifiers of this kind.
    #[error("users cannot change this")]
    ReadOnly,
    /// A phone number of a country to which no text messages are sent (R16).
    #[error("no text messages are sent to this country")]
    CountryNotAllowed,
    /// The caller must prove who they are again (R10).
    #[error(transparent)]
    StepUp(#[from] StepUpRequired),
    /// The sign-in ended before the change was made.
    #[error("not signed in any more")]
    Unauthenticated,
    /// Rate-limited, unavailable, or an internal fault.
    #[error(transparent)]
    Fault(Fault),
}

faults!(AddIdentifierError: StorageError);

impl AddIdentifier {
    /// The rules that the input breaks, without a look at the account.
    pub fn violations(&self, core: &Core) -> Violations {
        match self.parse(core) {
            Err(AddIdentifierError::Invalid(violations)) => violations,
            _ => Violations::default(),
        }
    }

    /// Adds it and tells the verified addresses (R25). Nothing is sent to it yet. Whether it belongs to another account is
    /// not looked up, so the answer cannot tell (R1), and a claim takes nothing from anybody.
    pub fn execute(&self, core: &Core, caller: &Caller) -> Result<IdentifierAdded, AddIdentifierError> {
        let new = self.parse(core)?;
        may_add(core, &caller.user, new.kind)?;
        core.require_step_up(caller)?;
        core.unit(&self.context, |work| {
            let account = Account::lock_caller(work, caller)?;
            let mut account = account.ok_or(AddIdentifierError::Unauthenticated)?;
            if account.identifiers_of(new.kind).any(|own| own.canonical == new.canonical) {
                return Err(AddIdentifierError::Duplicate(new.kind));
            }
            may_add(core, &account, new.kind)?;
            let before = core.before_change(work, &account)?;
            account.identifiers.push(new.clone());
            account.touch(core.clock.now());
            let (pointer, action) = match new.kind {
                IdentifierKind::Email => ("/emails", Action::EmailAdded),
                IdentifierKind::Phone => ("/phone_numbers", Action::PhoneAdded),
            };
            let change = Difference { pointer: pointer.into(), old: json!(null), new: json!(mask(&new)) };
            let event = Event::of_user(action, account.id, caller.principal.sign_in_id);
            core.record_within_budget(work, &mut account, event.with(vec![change]))?;
            let is_told = core.may_notify_of(&mut account, new.kind);
            account.save(work)?;
            if is_told {
                core.notify(work, &account, &Mail::ContactAdded { masked: mask(&new) }, &before)?;
            }
            Ok(IdentifierAdded { identifier: new.clone(), user: account.into_user() })
        })
    }

    fn parse(&self, core: &Core) -> Result<Identifier, AddIdentifierError> {
        let now = core.clock.now();
        match &self.new {
            NewIdentifier::Email(typed) => {
                let email = EmailAddress::parse(typed).map_err(|rule| invalid(IdentifierKind::Email, rule))?;
                Ok(Identifier::email(core.id(), &email, false, now))
            }
            NewIdentifier::Phone { number, country } => {
                let phone = PhoneNumber::parse_in(number, country.as_deref());
                let phone = phone.map_err(|rule| invalid(IdentifierKind::Phone, rule))?;
                if !core.policy.allows_sms_to(&phone) {
                    return Err(AddIdentifierError::CountryNotAllowed);
                }
                Ok(Identifier::phone(core.id(), &phone, false, now))
            }
        }
    }
}

/// Whether an account may have one more identifier of a kind.
pub(crate) fn may_add(core: &Core, user: &User, kind: IdentifierKind) -> Result<(), AddIdentifierError> {
    if core.policy.fields.of_kind(kind).forbids().is_some() {
        return Err(AddIdentifierError::ReadOnly);
    }
    let max = core.policy.max_identifiers(kind);
    if user.identifiers_of(kind).count() < max { Ok(()) } else { Err(AddIdentifierError::TooMany { max }) }
}

fn invalid(kind: IdentifierKind, rule: Rule) -> AddIdentifierError {
    AddIdentifierError::Invalid(Violation::new(kind.claim(), rule).into())
}

impl Core {
    /// Whether the verified addresses are told of a change of the identifiers of a kind, by the budget of its notices, which
    /// is charged and still to be saved. Nobody is told of an account that has proven nothing: the addresses may belong to
    /// somebody else.
    pub(crate) fn may_notify_of(&self, account: &mut Account, kind: IdentifierKind) -> bool {
        account.is_verified()
            && match kind {
                IdentifierKind::Email => self.may_notify(account, |budgets| &mut budgets.email_notices),
                IdentifierKind::Phone => self.may_notify(account, |budgets| &mut budgets.phone_notices),
            }
    }

    /// Tells the addresses of an account as it was before that an identifier was proven (R25). `is_told` is what
    /// [`Core::may_notify_of`] said before it was saved.
    pub(crate) fn tell_of_proof(
        &self,
        work: &mut Work<'_>,
        user: &User,
        before: &Before,
        proven: &Identifier,
        is_told: bool,
    ) -> Result<(), Fault> {
        let mail = Mail::ContactVerified { masked: mask(proven) };
        if is_told { self.notify(work, user, &mail, before) } else { Ok(()) }
    }
}
