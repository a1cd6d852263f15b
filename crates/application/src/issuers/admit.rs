//! The first token of an identity, or the first one after the end of its sign-in: finds or makes the account, and starts a
//! sign-in.

use selfsame_domain::{
    Action, Actor, Difference, EmailAddress, ExternalIdentity, Factors, Identifier, RequestContext, SignIn, User,
    UserId, text,
};
use selfsame_ports::{ForeignClaims, StorageError, Unique};
use serde_json::{Value, json};

use super::IssuerPolicy;
use crate::{
    Core, Fault,
    account::{Account, Event},
    core::Work,
    identifiers::prove::{Evidence, rivals},
    sessions::authenticate::AuthenticateError,
    sign_up::start::{is_owner_of, owner_of},
};

/// The change that a link or its end is, for the audit trail.
pub(crate) fn change(identity: &ExternalIdentity, is_linked: bool) -> Vec<Difference> {
    let pair = json!({ "issuer": identity.issuer, "subject": identity.subject });
    let (old, new) = if is_linked { (Value::Null, pair) } else { (pair, Value::Null) };
    vec![Difference { pointer: format!("/identities/{}", identity.id), old, new }]
}

impl Core {
    /// Starts a sign-in of the token's identity, unless a parallel request has done it. Of parallel first requests of an unknown
    /// subject one makes the account, and the others find it. Nothing is changed if the token is refused.
    pub(super) fn admit(
        &self,
        claims: &ForeignClaims,
        issuer: &IssuerPolicy,
        context: &RequestContext,
    ) -> Result<(), AuthenticateError> {
        let email = claims.verified_email.as_deref().filter(|_| issuer.trust_email);
        let email = email.and_then(|text| EmailAddress::parse(text).ok());
        let owner = match &email {
            Some(email) => owner_of(self, email)?.map(|owner| owner.id),
            None => None,
        };
        self.unit(context, |work| {
            let known = work.external_identities().find(&claims.issuer, &claims.subject)?;
            match (known, owner, &email) {
                (Some((known, _)), ..) => {
                    let user = known.user_id.ok_or(AuthenticateError::Unauthenticated)?;
                    self.sign_in_known(work, claims, issuer, user)
                }
                (None, Some(owner), Some(email)) => self.link_owner(work, claims, issuer, owner, email),
                (None, ..) if issuer.create_accounts => self.create(work, claims, issuer, email.as_ref()),
                (None, ..) => Err(AuthenticateError::Unauthenticated),
            }
        })
    }

    fn sign_in_known(
        &self,
        work: &mut Work<'_>,
        claims: &ForeignClaims,
        issuer: &IssuerPolicy,
        user: UserId,
    ) -> Result<(), AuthenticateError> {
        let now = self.clock.now();
        let account = Account::lock_usable(work, user)?;
        let mut account = account.ok_or(AuthenticateError::Unauthenticated)?;
        // As it is while the account is locked.
        let known = work.external_identities().find(&claims.issuer, &claims.subject)?;
        let (mut identity, last) =
            known.filter(|(known, _)| known.user_id == Some(user)).ok_or(StorageError::Conflict)?;
        if let Some(last) = last {
            if self.is_usable(&last, &account, now) {
                return Ok(());
            }
            identity.refuse_until(last.end(now, self.policy.idle_of(&last)));
        }
        if !identity.accepts(claims.issued_at) || !issuer.proves_enough(claims, &account) {
            return Err(AuthenticateError::Unauthenticated);
        }
        identity.sign_in_id = Some(self.start(work, &mut account, issuer)?.id);
        work.external_identities().save(&identity)?;
        Ok(account.save(work)?)
    }

    /// Links the identity to the account that has proven its address.
    fn link_owner(
        &self,
        work: &mut Work<'_>,
        claims: &ForeignClaims,
        issuer: &IssuerPolicy,
        owner: UserId,
        email: &EmailAddress,
    ) -> Result<(), AuthenticateError> {
        let account = Account::lock_usable(work, owner)?.filter(|account| is_owner_of(account, email));
        let mut account = account.ok_or(AuthenticateError::Unauthenticated)?;
        if !issuer.proves_enough(claims, &account) {
            return Err(AuthenticateError::Unauthenticated);
        }
        self.link(work, &mut account, claims, issuer)?;
        Ok(account.save(work)?)
    }

    fn create(
        &self,
        work: &mut Work<'_>,
        claims: &ForeignClaims,
        issuer: &IssuerPolicy,
        email: Option<&EmailAddress>,
    ) -> Result<(), AuthenticateError> {
        let now = self.clock.now();
        let name = |claim: &Option<String>| claim.as_deref().and_then(|name| text::name(name).ok());
        let mut account = Account::unlocked(User {
            given_name: name(&claims.given_name),
            family_name: name(&claims.family_name),
            name: name(&claims.name),
            ..User::new(self.id(), now)
        });
        let proven =
            email.map(|email| Identifier { verified_at: Some(now), ..Identifier::email(self.id(), email, true, now) });
        account.identifiers.extend(proven.clone());
        self.record(work, &mut account, Event::anonymous(Action::UserCreated));
        account.insert(work).map_err(|error| match error {
            // Another account has proven the address since.
            StorageError::Taken(Unique::Identifier) => Fault::Contended,
            other => other.into(),
        })?;
        self.link(work, &mut account, claims, issuer)?;
        account.save(work)?;
        if let Some(proven) = proven {
            let rivals = rivals(work, account.id, &proven.canonical)?;
            let mut locked = self.lock_to_sign_in(work, account.id, None, rivals)?;
            self.drop_claims(work, &mut locked, account.id, &proven, &Evidence::Operator)?;
        }
        Ok(())
    }

    /// Links a new identity to an account, which is locked or new and still to be saved, and starts its sign-in.
    fn link(
        &self,
        work: &mut Work<'_>,
        account: &mut Account,
        claims: &ForeignClaims,
        issuer: &IssuerPolicy,
    ) -> Result<(), AuthenticateError> {
        let sign_in = self.start(work, account, issuer)?;
        let identity = ExternalIdentity {
            id: self.id(),
            issuer: claims.issuer.clone(),
            subject: claims.subject.clone(),
            user_id: Some(account.id),
            sign_in_id: Some(sign_in.id),
            tokens_not_before: None,
            created_at: self.clock.now(),
        };
        work.external_identities().insert(&identity)?;
        let event = Event::of_user(Action::IdentityLinked, account.id, sign_in.id).with(change(&identity, true));
        self.record(work, account, event);
        Ok(())
    }

    /// Starts a sign-in of an account, which is locked or new and still to be saved. It lasts as long as one of a client with
    /// refresh tokens, and has the name of the issuer.
    fn start(&self, work: &mut Work<'_>, account: &mut Account, issuer: &IssuerPolicy) -> Result<SignIn, Fault> {
        let sign_in = self.new_sign_in(work, account.id, Factors::default());
        let expires_at = sign_in.created_at + self.policy.refresh_absolute;
        let sign_in = SignIn { name: Some(issuer.name.clone()), expires_at, ..sign_in };
        work.sessions().insert_sign_in(&sign_in)?;
        self.note_device(work, account)?;
        account.sign_in_count += 1;
        let actor = Actor::User(account.id);
        let event = Event { actor, sign_in: Some(sign_in.id), ..Event::anonymous(Action::SignedIn) };
        self.record(work, account, event);
        Ok(sign_in)
    }
}
