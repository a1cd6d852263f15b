//! Reasons to refuse a request.

use std::{borrow::Cow, time::Duration};

use actix_web::http::StatusCode;

/// One sentence for people: of a reason, or made for one response.
pub(crate) type Message = Cow<'static, str>;

/// A duration in words, rounded up to what people can use.
pub(crate) fn in_words(wait: Duration) -> String {
    let seconds = wait.as_millis().div_ceil(1000).max(1);
    let (number, unit) = if seconds < 120 { (seconds, "second") } else { (seconds.div_ceil(60), "minute") };
    format!("{number} {unit}{}", if number == 1 { "" } else { "s" })
}

/// A reason to refuse a request, as one contract writes it. Both the `match` over the errors of a use case and the
/// OpenAPI annotation of a route name it. Declare it with [`reasons!`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Reason {
    /// The HTTP status.
    pub(crate) status: u16,
    /// The error code, for programs.
    pub(crate) code: &'static str,
    /// One sentence for people.
    pub(crate) message: &'static str,
}

impl Reason {
    pub(crate) const fn new(status: u16, code: &'static str, message: &'static str) -> Self {
        Self { status, code, message }
    }

    /// The same with another code.
    pub(crate) const fn with_code(self, code: &'static str) -> Self {
        Self { code, ..self }
    }

    /// The same with another message.
    pub(crate) const fn with_message(self, message: &'static str) -> Self {
        Self { message, ..self }
    }

    pub(crate) fn status(self) -> StatusCode {
        StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
    }
}

/// Declares reasons, each as a constant for a `match` and as a type of the same name for an OpenAPI annotation.
macro_rules! reasons {
    ($($(#[$doc:meta])* $name:ident = $status:literal $code:literal $message:literal;)+) => {
        $(
            $(#[$doc])*
            pub(crate) const $name: $crate::reason::Reason = $crate::reason::Reason::new($status, $code, $message);
            impl<C: $crate::contract::Contract> $crate::document::Documented<C> for documented::$name {
                fn reasons() -> Vec<$crate::reason::Reason> {
                    vec![$name]
                }
            }
        )+
        mod documented {
            #![expect(non_camel_case_types, reason = "a type has the name of its constant")]
            $(pub(crate) struct $name {})+
        }
        pub(crate) use documented::*;
    };
}
pub(crate) use reasons;
