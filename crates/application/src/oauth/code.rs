//! Authorization codes (RFC 6749 section 4.1.2): tickets that are used once and live for a minute, bound to the client, its
//! address, the challenge of PKCE and the sign-in of the user.

use selfsame_domain::{
    Action, Assurance, Consent, Difference, Factors, Instant, OpaqueToken, Scopes, SignIn, SignInId, Ticket,
    TicketKind, TokenHash, UserId,
    oauth::{AuthorizationRequest, CodeChallenge},
};
use selfsame_ports::Mail;
use serde::{Deserialize, Serialize};

use crate::{
    Core, Fault,
    account::{Account, Event},
    core::Work,
};

/// What a code stands for. It is sealed in its ticket.
#[derive(Serialize, Deserialize)]
pub(super) struct CodeState {
    client_id: String,
    redirect_uri: String,
    scope: String,
    challenge: String,
    pub(super) nonce: Option<String>,
    /// The sign-in of the user, which must not have ended when the code is used.
    pub(super) user_sign_in: SignInId,
    /// The sign-in of the application, which the code makes, and which another use of the code ends.
    pub(super) sign_in: SignInId,
    authenticated_at: Instant,
    methods: String,
}

impl CodeState {
    /// Whether the code is for this client, address and verifier.
    pub(super) fn is_for(&self, client_id: &str, redirect_uri: &str, verifier: &str) -> bool {
        let challenge = CodeChallenge::parse(&self.challenge);
        self.client_id == client_id
            && self.redirect_uri == redirect_uri
            && challenge.is_some_and(|challenge| challenge.matches(verifier))
    }

    pub(super) fn scopes(&self) -> Scopes {
        Scopes::known_in(&self.scope)
    }

    pub(super) fn assurance(&self) -> Assurance {
        Assurance { authenticated_at: self.authenticated_at, methods: Factors::known_in(&self.methods) }
    }
}

fn context(user: UserId, hash: &TokenHash) -> String {
    format!("authorization code:{user}:{}", hex::encode(hash.0))
}

impl Core {
    /// Issues a code in the unit that has locked the account.
    pub(super) fn issue_code(
        &self,
        work: &mut Work<'_>,
        request: &AuthorizationRequest,
        sign_in: &SignIn,
    ) -> Result<OpaqueToken, Fault> {
        let (code, now) = (self.token_of(sign_in.user_id), self.clock.now());
        let state = CodeState {
            client_id: request.client.id.clone(),
            redirect_uri: request.redirect_uri.clone(),
            scope: request.scopes.to_text(),
            challenge: request.challenge.as_str().to_owned(),
            nonce: request.nonce.clone(),
            user_sign_in: sign_in.id,
            sign_in: self.id(),
            authenticated_at: sign_in.assurance.authenticated_at,
            methods: sign_in.assurance.methods.to_text(),
        };
        let plain = serde_json::to_vec(&state).map_err(|error| Fault::Internal(error.to_string()))?;
        let ticket = Ticket {
            hash: code.hash(),
            kind: TicketKind::AuthorizationCode,
            user_id: Some(sign_in.user_id),
            bound_to: Some(request.client.id.clone()),
            sealed: Some(self.vault.seal(&context(sign_in.user_id, &code.hash()), &plain)?),
            created_at: now,
            expires_at: now + self.policy.oauth.code_ttl,
        };
        work.proofs().insert_ticket(&ticket)?;
        Ok(code)
    }

    /// What a code stands for.
    pub(super) fn open_code(&self, ticket: &Ticket) -> Result<CodeState, Fault> {
        let unreadable = || Fault::Internal("the ticket of an authorization code cannot be read".to_owned());
        let (user, sealed) = ticket.user_id.zip(ticket.sealed.as_deref()).ok_or_else(unreadable)?;
        let plain = self.vault.open(&context(user, &ticket.hash), sealed)?;
        serde_json::from_slice(&plain).map_err(|_| unreadable())
    }

    /// Remembers what the user allows the application, if it is more than before (R79), and tells the addresses of the account,
    /// unless the user is not asked (R25).
    pub(super) fn keep_consent(
        &self,
        work: &mut Work<'_>,
        account: &mut Account,
        request: &AuthorizationRequest,
        sign_in: SignInId,
    ) -> Result<(), Fault> {
        let (user_id, client_id, now) = (account.id, request.client.id.clone(), self.clock.now());
        let known = work.consents().find(user_id, &client_id)?.map(|known| known.scopes).unwrap_or_default();
        let scopes = known.union(&request.scopes);
        if scopes == known {
            return Ok(());
        }
        let change = Difference {
            pointer: format!("/applications/{client_id}"),
            old: known.to_text().into(),
            new: scopes.to_text().into(),
        };
        let before = self.before_change(work, account)?;
        let event = Event::of_user(Action::ApplicationAllowed, user_id, sign_in).with(vec![change]);
        self.record_within_budget(work, account, event)?;
        work.consents().save(&Consent { user_id, client_id, scopes, created_at: now, updated_at: now })?;
        if !request.client.skips_consent && self.may_notify(account, |budgets| &mut budgets.sign_in_notices) {
            let application = request.client.name.clone();
            self.notify(work, account, &Mail::ApplicationAllowed { application }, &before)?;
        }
        Ok(())
    }
}
