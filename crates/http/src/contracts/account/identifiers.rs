//! What e-mail addresses and phone numbers have in common.

use std::time::Duration;

use actix_web::{HttpResponse, http::header::RETRY_AFTER, web::Payload};
use selfsame_application::identifiers::{
    add::{AddIdentifier, NewIdentifier},
    confirm::ConfirmIdentifier,
    make_primary::MakePrimary,
    remove::RemoveIdentifier,
    send_code::{CodeRequested, SendCode},
};
use selfsame_domain::{Identifier, IdentifierId, IdentifierKind, User};
use serde::Serialize;
use utoipa::ToSchema;

use super::{Account, Call, reasons::UNKNOWN_IDENTIFIER};
use crate::{
    Lane,
    body::Members,
    call::HandlerResult,
    rejection::{Rejection, whole_seconds},
    time::timestamp,
};

/// What came of a request for a code.
#[derive(Serialize, ToSchema)]
#[schema(as = account::CodeRequest)]
pub(super) struct CodeRequest {
    /// Whether a code was sent now. If not, one was sent a short time ago, or too many were.
    #[schema(example = true)]
    sent: bool,
    /// When another code can be requested.
    #[schema(format = DateTime, example = "2026-03-14T15:09:56.535Z")]
    next_at: String,
}

impl CodeRequest {
    /// 202, with the time until another code can be requested.
    pub(super) fn respond(CodeRequested { is_sent, next_in, next_at }: CodeRequested) -> HttpResponse {
        let mut response = HttpResponse::Accepted();
        if next_in > Duration::ZERO {
            response.insert_header((RETRY_AFTER, whole_seconds(next_in)));
        }
        response.json(Self { sent: is_sent, next_at: timestamp(next_at) })
    }
}

/// A code.
#[derive(ToSchema)]
#[schema(as = account::Code)]
pub(super) struct CodeBody {
    #[schema(example = "481516", pattern = r"^\d{6}$")]
    pub(super) code: String,
}

impl CodeBody {
    pub(super) fn read(members: &mut Members<'_>) -> Self {
        let read = Self { code: members.required_text("code") };
        members.reject_unknown(&["code"]);
        read
    }
}

/// An id in a path. An unreadable one is an unknown one (R62).
fn parse(id: &str) -> Result<IdentifierId, Rejection<Account>> {
    id.parse().map_err(|_unreadable| UNKNOWN_IDENTIFIER.into())
}

/// One of the account's own identifiers of a kind.
fn find(user: &User, id: &str, kind: IdentifierKind) -> Result<Identifier, Rejection<Account>> {
    let id = parse(id)?;
    let own = user.identifier(id).filter(|own| own.kind == kind);
    Ok(own.ok_or(UNKNOWN_IDENTIFIER)?.clone())
}

impl Call {
    /// The identifiers of a kind.
    pub(super) async fn identifiers(&self, kind: IdentifierKind) -> Result<Vec<Identifier>, actix_web::Error> {
        self.run(Lane::Database, move |core, sender| {
            let caller = sender.authenticate(core)?;
            Ok(core.policy.fields.shown(&caller.user).identifiers_of(kind).cloned().collect())
        })
        .await
    }

    /// One of them.
    pub(super) async fn identifier(&self, id: String, kind: IdentifierKind) -> Result<Identifier, actix_web::Error> {
        self.run(Lane::Database, move |core, sender| {
            let caller = sender.authenticate(core)?;
            find(&core.policy.fields.shown(&caller.user), &id, kind)
        })
        .await
    }

    /// Adds what the body names.
    pub(super) async fn add_identifier(
        &self,
        payload: Payload,
        read: fn(&mut Members<'_>) -> NewIdentifier,
    ) -> Result<Identifier, actix_web::Error> {
        self.require_credential()?;
        let body = self.try_body(payload).await;
        self.run(Lane::Database, move |core, sender| {
            let caller = sender.authenticate(core)?;
            let body = body?;
            let context = sender.context;
            let add = body
                .read_with_rules(|members| AddIdentifier { new: read(members), context }, |add| add.violations(core))?;
            Ok(add.execute(core, &caller)?.identifier)
        })
        .await
    }

    /// Removes one.
    pub(super) async fn remove_identifier(&self, id: String, kind: IdentifierKind) -> HandlerResult {
        self.run(Lane::Database, move |core, sender| {
            let caller = sender.authenticate(core)?;
            RemoveIdentifier { id: parse(&id)?, kind, context: sender.context }.execute(core, &caller)?;
            Ok(())
        })
        .await?;
        Ok(HttpResponse::NoContent().finish())
    }

    /// Sends a code to one.
    pub(super) async fn send_identifier_code(&self, id: String, kind: IdentifierKind) -> HandlerResult {
        let requested = self
            .run(Lane::Database, move |core, sender| {
                let caller = sender.authenticate(core)?;
                Ok(SendCode { id: parse(&id)?, kind, context: sender.context }.execute(core, &caller)?)
            })
            .await?;
        Ok(CodeRequest::respond(requested))
    }

    /// Proves one by the code in the body.
    pub(super) async fn confirm_identifier(
        &self,
        id: String,
        kind: IdentifierKind,
        payload: Payload,
    ) -> Result<Identifier, actix_web::Error> {
        self.require_credential()?;
        let body = self.try_body(payload).await;
        self.run(Lane::Database, move |core, sender| {
            let caller = sender.authenticate(core)?;
            let body = body?;
            let CodeBody { code } = body.read(CodeBody::read)?;
            let confirm = ConfirmIdentifier { id: parse(&id)?, kind, code, context: sender.context };
            find(&confirm.execute(core, &caller)?, &id, kind)
        })
        .await
    }

    /// Makes one primary.
    pub(super) async fn make_identifier_primary(
        &self,
        id: String,
        kind: IdentifierKind,
    ) -> Result<Identifier, actix_web::Error> {
        self.run(Lane::Database, move |core, sender| {
            let caller = sender.authenticate(core)?;
            let primary = MakePrimary { id: parse(&id)?, kind, context: sender.context };
            find(&primary.execute(core, &caller)?, &id, kind)
        })
        .await
    }
}
