//! What email addresses and phone numbers have in common.

use actix_web::web::{Payload, Query};
use selfsame_application::{
    Caller, Core,
    identifiers::{
        add::{AddIdentifier, NewIdentifier},
        confirm::ConfirmIdentifier,
        make_primary::MakePrimary,
        remove::RemoveIdentifier,
        send_code::SendCode,
    },
};
use selfsame_domain::{Identifier, IdentifierId, IdentifierKind, User};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{
    Call, Wacht,
    me::with_user,
    reasons::{MISSING_CODE, UNKNOWN_IDENTIFIER},
    session_response::SessionResponse,
};
use crate::{Lane, body::Members, call::HandlerResult, rejection::Rejection};

/// A short sentence. The SDK ignores it.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = wacht::Sentence, example = "Done.")]
pub(super) struct Sentence(pub(super) &'static str);

/// The code, in the query. It may also be in the form.
#[derive(Deserialize)]
pub(super) struct CodeQuery {
    code: Option<String>,
}

/// The code, in the form. It may also be in the query.
#[derive(ToSchema)]
#[schema(as = wacht::IdentifierCodeForm)]
#[expect(dead_code, reason = "only its schema is used")]
pub(super) struct CodeForm {
    #[schema(pattern = "^[0-9]{6}$", example = "123456", required = false)]
    code: String,
}

/// An id in a path. An unreadable one is an unknown one (R62).
fn parse(id: &str) -> Result<IdentifierId, Rejection<Wacht>> {
    id.parse().map_err(|_unreadable| UNKNOWN_IDENTIFIER.into())
}

fn find(user: &User, id: IdentifierId, kind: IdentifierKind) -> Result<Identifier, Rejection<Wacht>> {
    let own = user.identifier(id).filter(|own| own.kind == kind);
    Ok(own.ok_or(UNKNOWN_IDENTIFIER)?.clone())
}

impl Call {
    /// The identifiers of a kind, each as `T`.
    pub(super) async fn list_identifiers<T: Serialize>(
        &self,
        kind: IdentifierKind,
        write: fn(&Identifier) -> T,
    ) -> HandlerResult {
        let caller = self.run(Lane::Database, |core, sender| sender.authenticate(core)).await?;
        let all: Vec<T> =
            self.services().core.policy.fields.shown(&caller.user).identifiers_of(kind).map(write).collect();
        self.respond_with_data(all, SessionResponse::of(&caller))
    }

    /// One of them.
    pub(super) async fn read_identifier<T: Serialize>(
        &self,
        id: String,
        kind: IdentifierKind,
        write: fn(&Identifier) -> T,
    ) -> HandlerResult {
        let job = move |core: &Core, sender: super::Sender| {
            let caller = sender.authenticate(core)?;
            Ok((find(&core.policy.fields.shown(&caller.user), parse(&id)?, kind)?, caller))
        };
        let (found, caller) = self.run(Lane::Database, job).await?;
        self.respond_with_data(write(&found), SessionResponse::of(&caller))
    }

    /// Adds what the form names.
    pub(super) async fn add_identifier<T: Serialize>(
        &self,
        payload: Payload,
        read: fn(&mut Members<'_>) -> NewIdentifier,
        write: fn(&Identifier) -> T,
    ) -> HandlerResult {
        self.require_credential()?;
        let body = self.try_body(payload).await;
        let (added, caller) = self
            .run(Lane::Database, move |core, sender| {
                let caller = sender.authenticate(core)?;
                let new = body?.read(read)?;
                let added = AddIdentifier { new, context: sender.context }.execute(core, &caller)?;
                Ok((added.identifier, with_user(caller, added.user)))
            })
            .await?;
        self.respond_with_data(write(&added), SessionResponse::of(&caller))
    }

    /// Sends a code to one. The SDK sees no difference within a pause.
    pub(super) async fn prepare_identifier(&self, id: String, kind: IdentifierKind) -> HandlerResult {
        let caller = self
            .run(Lane::Database, move |core, sender| {
                let caller = sender.authenticate(core)?;
                SendCode { id: parse(&id)?, kind, context: sender.context }.execute(core, &caller)?;
                Ok(caller)
            })
            .await?;
        self.respond_with_data(Sentence("The code is on its way."), SessionResponse::of(&caller))
    }

    /// Proves one by the code in the query or in the form.
    pub(super) async fn attempt_identifier(
        &self,
        id: String,
        kind: IdentifierKind,
        query: Query<CodeQuery>,
        payload: Payload,
    ) -> HandlerResult {
        self.require_credential()?;
        let body = self.try_body(payload).await;
        self.change_identifier("It is verified.", move |core, sender, caller| {
            let in_form = body?.read(|members| members.optional_text("code"))?;
            let code = query.into_inner().code.or(in_form).filter(|code| !code.is_empty()).ok_or(MISSING_CODE)?;
            let confirm = ConfirmIdentifier { id: parse(&id)?, kind, code, context: sender.context };
            Ok(confirm.execute(core, caller)?)
        })
        .await
    }

    /// Makes one primary.
    pub(super) async fn make_identifier_primary(&self, id: String, kind: IdentifierKind) -> HandlerResult {
        self.change_identifier("It is primary.", move |core, sender, caller| {
            Ok(MakePrimary { id: parse(&id)?, kind, context: sender.context }.execute(core, caller)?)
        })
        .await
    }

    /// Deletes one.
    pub(super) async fn delete_identifier(&self, id: String, kind: IdentifierKind) -> HandlerResult {
        self.change_identifier("It is deleted.", move |core, sender, caller| {
            Ok(RemoveIdentifier { id: parse(&id)?, kind, context: sender.context }.execute(core, caller)?)
        })
        .await
    }

    /// Runs a change of the caller's account, and answers with a sentence.
    async fn change_identifier<F>(&self, done: &'static str, change: F) -> HandlerResult
    where
        F: FnOnce(&selfsame_application::Core, super::Sender, &Caller) -> Result<User, Rejection<Wacht>>
            + Send
            + 'static,
    {
        let caller = self
            .run(Lane::Database, move |core, sender| {
                let caller = sender.authenticate(core)?;
                let user = change(core, sender, &caller)?;
                Ok(with_user(caller, user))
            })
            .await?;
        self.respond_with_data(Sentence(done), SessionResponse::of(&caller))
    }
}
