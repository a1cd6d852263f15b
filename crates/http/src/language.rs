//! The language of the one who reads a response: of the account, where the request has told whose it is; otherwise of
//! `Accept-Language`; otherwise the operator's.

use std::sync::{Arc, OnceLock};

use actix_web::{
    HttpMessage as _, HttpRequest,
    http::header::{ACCEPT_LANGUAGE, CONTENT_LANGUAGE, HeaderMap, HeaderValue, VARY},
    web::Data,
};
use selfsame_texts::Language;

use crate::Services;

/// The reader of one response. Clones are the same reader.
#[derive(Clone, Debug, Default)]
pub(crate) struct Reader {
    accepted: Language,
    own: Arc<OnceLock<Language>>,
}

impl Reader {
    /// The reader of the response to a request.
    pub(crate) fn of(request: &HttpRequest) -> Self {
        if let Some(known) = request.extensions().get::<Self>() {
            return known.clone();
        }
        let services = request.app_data::<Data<Services>>();
        let otherwise = services.map(|services| services.core.policy.language).unwrap_or_default();
        let accepted = Language::of_reader(accepted(request).as_deref(), otherwise);
        let reader = Self { accepted, own: Arc::default() };
        request.extensions_mut().insert(reader.clone());
        reader
    }

    /// The account that sent the request has this locale (BCP 47).
    pub(crate) fn is_known(&self, locale: Option<&str>) {
        if let Some(language) = locale.and_then(Language::of_tag) {
            // Who was known before is the same account.
            let _ = self.own.set(language);
        }
    }

    /// The language.
    pub(crate) fn language(&self) -> Language {
        self.own.get().copied().unwrap_or(self.accepted)
    }
}

/// The language tag of `Accept-Language` that counts, if this server has the language.
pub(crate) fn accepted(request: &HttpRequest) -> Option<String> {
    let mut headers = request.headers().get_all(ACCEPT_LANGUAGE);
    let header = headers.next()?.to_str().ok()?;
    // Several fields are the same as one list (RFC 9110 section 5.3).
    let joined = headers.filter_map(|more| more.to_str().ok()).fold(header.to_owned(), |all, more| all + "," + more);
    Language::accepted(&joined).map(str::to_owned)
}

/// States the language of a response that depends on its reader.
pub(crate) fn add_headers(headers: &mut HeaderMap, language: Language) {
    headers.insert(CONTENT_LANGUAGE, HeaderValue::from_static(language.tag()));
    headers.append(VARY, HeaderValue::from_static("Accept-Language"));
}

#[cfg(test)]
mod tests {
    use actix_web::test::TestRequest;

    use super::*;

    #[test]
    fn the_language_of_the_account_comes_before_that_of_the_request() {
        let request = TestRequest::get()
            .append_header((ACCEPT_LANGUAGE, "tlh, fr;q=0"))
            .append_header((ACCEPT_LANGUAGE, "de-CH;q=0.5"))
            .to_http_request();
        assert_eq!(accepted(&request).as_deref(), Some("de-CH"));
        let reader = Reader::of(&request);
        assert_eq!(reader.language(), Language::German);
        reader.is_known(Some("tlh"));
        reader.is_known(None);
        assert_eq!(reader.language(), Language::German);
        reader.is_known(Some("en-GB"));
        assert_eq!(Reader::of(&request).language(), Language::English);
    }
}
