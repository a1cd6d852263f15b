//! Pages: values and a template. The templates are files in `templates/`, are compiled in, and extend `frame.html`.
//!
//! Every value in a template is escaped. A template with an unknown value fails. The sentences of a page that is translated
//! are texts (`crates/texts`), in the language that its reader accepts. Pages for developers are in English.

use std::sync::LazyLock;

use actix_web::{
    HttpResponse,
    http::{
        StatusCode,
        header::{CONTENT_SECURITY_POLICY, ContentType},
    },
};
use minijinja::{Environment, Error, UndefinedBehavior, Value, context, syntax::SyntaxConfig, value::Serde};
use selfsame_application::Core;
use selfsame_texts::{Language, PerLanguage, templates};
use serde::Serialize;
use url::Url;

use super::policy::ContentPolicy;
use crate::{
    call::{Call, HandlerResult},
    contract::Contract,
    failure::Failure,
    language::{self, Reader},
    rejection::Rejection,
};

/// A page. The values of its template are its fields, `brand` and the same as `app_name` of texts, `logo`, `lang`, `dir` and,
/// if the policy has one, `nonce`.
pub(crate) trait Page: Serialize {
    /// A file of `templates/`.
    const TEMPLATE: &'static str;
    /// The content security policy.
    const POLICY: ContentPolicy = ContentPolicy::STATIC;
    /// Whether its sentences are texts, and not English.
    const IS_TRANSLATED: bool = false;
    /// Where the answer to its form may lead, as a source of a content security policy.
    fn leads_to(&self) -> Option<&str> {
        None
    }
}

/// The sources of the templates called `$file`.
macro_rules! sources {
    ($($file:literal),+ $(,)?) => { &[$(($file, include_str!(concat!("templates/", $file)))),+] };
}

const SOURCES: &[(&str, &str)] = sources![
    "authorization_error.html",
    "cancel_email_change.html",
    "confirm.html",
    "consent.html",
    "docs.html",
    "frame.html",
    "guide.html",
    "keep_account.html",
    "landing.html",
    "mail.html",
    "mails.html",
    "not_found.html",
    "passkey.html",
    "reset_password.html",
    "second_step.html",
    "sign_in.html",
    "sign_out.html",
    "signed_out.html",
    "undo.html",
    "verify_email.html",
];

/// A test renders all of them, so an error is not expected.
static TEMPLATES: LazyLock<Result<PerLanguage<Environment<'static>>, Error>> =
    LazyLock::new(|| PerLanguage::new(|language| environment(SOURCES, language)));

fn environment(sources: &[(&'static str, &'static str)], language: Language) -> Result<Environment<'static>, Error> {
    let mut environment = Environment::new();
    environment.set_undefined_behavior(UndefinedBehavior::Strict);
    let mut syntax = SyntaxConfig::builder();
    environment.set_syntax(syntax.trim_blocks(true).lstrip_blocks(true).keep_trailing_newline(true).build()?);
    templates::add(&mut environment, language);
    for (name, source) in sources {
        environment.add_template(name, source)?;
    }
    Ok(environment)
}

/// The response with a page; 500 if it cannot be rendered.
pub(crate) fn respond<C: Contract, P: Page>(call: &Call<C>, page: &P) -> HandlerResult {
    respond_with(StatusCode::OK, call, page)
}

/// The same with another status.
pub(crate) fn respond_with<C: Contract, P: Page>(status: StatusCode, call: &Call<C>, page: &P) -> HandlerResult {
    let language = if P::IS_TRANSLATED { Reader::of(call.request()).language() } else { Language::English };
    let templates = TEMPLATES.as_ref().map_err(ToString::to_string);
    let rendered = templates.and_then(|templates| {
        render(&call.services().core, templates.of(language), page).map_err(|error| error.to_string())
    });
    let failed = |error| Rejection::<C>::from(Failure::Internal).with_cause(format!("{}: {error}", P::TEMPLATE));
    let (html, policy) = rendered.map_err(|error| call.refuse(failed(error)))?;
    let mut response = HttpResponse::build(status)
        .insert_header(ContentType::html())
        .insert_header((CONTENT_SECURITY_POLICY, policy))
        .insert_header(("Cross-Origin-Opener-Policy", "same-origin"))
        .body(html);
    if P::IS_TRANSLATED {
        language::add_headers(response.headers_mut(), language);
    }
    Ok(response)
}

/// The HTML, and its content security policy.
fn render<P: Page>(core: &Core, templates: &Environment<'_>, page: &P) -> Result<(String, String), Error> {
    let nonce = P::POLICY.needs_nonce().then(|| core.nonce());
    let values = context! {
        brand => core.policy.app_name.as_str(),
        logo => core.policy.look.logo.as_ref().map(Url::as_str),
        app_name => core.policy.app_name.as_str(),
        nonce => nonce.as_deref().map_or(Value::UNDEFINED, Value::from),
        ..Value::from(Serde(page))
    };
    let html = templates.get_template(P::TEMPLATE)?.render(values)?;
    Ok((html, P::POLICY.value(nonce.as_deref().unwrap_or_default(), core.policy.look.logo.as_ref(), page.leads_to())))
}

#[cfg(test)]
mod tests;
