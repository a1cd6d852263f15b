//! `/api/v1/account/undo`: "this was not me", by the link of the notice of a change.

use actix_web::{HttpResponse, web::Payload};
use selfsame_application::undo::{Effect, PreviewUndo, UndoChange, UndoPreview};
use selfsame_texts::{Form, Language, text};
use serde::Serialize;
use utoipa::ToSchema;

use super::{Call, Fails, reasons::INVALID_TOKEN};
use crate::{body::Members, call::HandlerResult, document::RateLimited, language, time::timestamp};

/// The token of the mailed link.
#[derive(ToSchema)]
#[schema(as = account::UndoLink)]
struct Link {
    #[schema(example = "Y29udGVudCBvZiB0aGUgbGluayBpbiB0aGUgbWFpbC4", max_length = 64)]
    token: String,
}

impl Link {
    fn read(members: &mut Members<'_>) -> Self {
        let token = members.required_text("token");
        members.reject_unknown(&["token"]);
        Self { token }
    }
}

/// The change was undone.
#[derive(Serialize, ToSchema)]
#[schema(as = account::Undone)]
struct Undone {
    /// The primary address, masked, to which the mail for a new password was sent; `null` if another account has it by now.
    #[schema(required, example = "a***@e***.com")]
    reset_mailed_to: Option<String>,
}

/// What an undo would do now.
#[derive(Serialize, ToSchema)]
#[schema(as = account::UndoPreview)]
struct Preview {
    /// When the change was made.
    #[schema(format = DateTime, example = "2026-03-14T15:09:26.535Z")]
    changed_at: String,
    /// When it can no longer be undone.
    #[schema(format = DateTime, example = "2026-03-17T15:09:26.535Z")]
    expires_at: String,
    effects: Vec<EffectObject>,
}

/// One thing that an undo does.
#[derive(Serialize, ToSchema)]
#[schema(as = account::UndoEffect)]
struct EffectObject {
    #[schema(example = "primary_email")]
    kind: &'static str,
    /// An address, a number, the name of a passkey or application, or a count. Addresses and numbers that came after the change are masked.
    #[schema(required, example = "ada@example.com")]
    value: Option<String>,
    /// A sentence for people, in the language of `Content-Language`.
    #[schema(example = "ada@example.com is the primary e-mail address again.")]
    title: String,
}

impl Preview {
    fn of(preview: UndoPreview, language: Language) -> Self {
        Self {
            changed_at: timestamp(preview.changed_at),
            expires_at: timestamp(preview.expires_at),
            effects: preview.effects.into_iter().map(|effect| EffectObject::of(effect, language)).collect(),
        }
    }
}

impl EffectObject {
    fn of(Effect { kind, value }: Effect, language: Language) -> Self {
        let key = format!("undo-effect-{}", kind.as_str().replace('_', "-"));
        let values: Vec<_> = value.as_deref().map(|value| ("value", value.into())).into_iter().collect();
        // A test reads every one, so none is missing.
        let title = text(language, &key, Form::Plain, &values).unwrap_or_default();
        Self { kind: kind.as_str(), value, title }
    }
}

/// Read what a mailed link would undo
///
/// Changes nothing, and the link stays good. Secrets are not told.
#[utoipa::path(
    post, path = "/api/v1/account/undo/preview", operation_id = "account_preview_undo", tag = "account", security(()),
    request_body(content = Link),
    responses(
        (status = 200, description = "What the undo would do.", body = Preview),
        Fails<(INVALID_TOKEN, RateLimited)>,
    ),
)]
pub(super) async fn preview(call: Call, payload: Payload) -> HandlerResult {
    let body = call.body(payload).await?;
    let preview = call
        .run(body.lane(), move |core, sender| {
            let Link { token } = body.read(Link::read)?;
            let language = sender.language();
            Ok(Preview::of(PreviewUndo { token, context: sender.context }.execute(core)?, language))
        })
        .await?;
    let mut response = HttpResponse::Ok().json(preview);
    language::add_headers(response.headers_mut(), call.language());
    Ok(response)
}

/// Undo a change by a mailed link
///
/// Brings identifiers, password and factors back to what they were before the change, ends all sign-ins, and freezes the account
/// until its password is reset. Later changes are undone too. Signs nobody in.
#[utoipa::path(
    post, path = "/api/v1/account/undo", operation_id = "account_undo_change", tag = "account", security(()),
    request_body(content = Link),
    responses(
        (status = 200, description = "The change is undone, and the account frozen.", body = Undone),
        Fails<(INVALID_TOKEN, RateLimited)>,
    ),
)]
pub(super) async fn undo(call: Call, payload: Payload) -> HandlerResult {
    let body = call.body(payload).await?;
    let undone = call
        .run(body.lane(), move |core, sender| {
            let Link { token } = body.read(Link::read)?;
            Ok(UndoChange { token, context: sender.context }.execute(core)?)
        })
        .await?;
    Ok(HttpResponse::Ok().json(Undone { reset_mailed_to: undone.reset_mailed_to }))
}

#[cfg(test)]
mod tests {
    use selfsame_application::undo::EffectKind;

    use super::*;

    #[test]
    fn every_effect_has_a_sentence_in_every_language() {
        for language in Language::ALL {
            for kind in EffectKind::ALL {
                let title = EffectObject::of(Effect { kind: *kind, value: Some("a".to_owned()) }, *language).title;
                assert!(!title.is_empty(), "{language:?} {kind:?}");
            }
        }
    }
}
