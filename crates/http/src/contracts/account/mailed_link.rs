//! The body of the requests that a mailed link makes without a sign-in.

use utoipa::ToSchema;

use crate::body::Members;

/// The token of the mailed link.
#[derive(ToSchema)]
#[schema(as = account::MailedLink)]
pub(super) struct MailedLink {
    /// What follows `#token=` in the link.
    #[schema(example = "Y29udGVudCBvZiB0aGUgbGluayBpbiB0aGUgbWFpbC4", max_length = 64)]
    pub(super) token: String,
}

impl MailedLink {
    pub(super) fn read(members: &mut Members<'_>) -> Self {
        let token = members.required_text("token");
        members.reject_unknown(&["token"]);
        Self { token }
    }
}
