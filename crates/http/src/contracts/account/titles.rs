//! The titles of problems (RFC 9457), one for each type: short, without details of an occurrence. This table is the only
//! place that has them, so that they can be translated.

/// Code and title of each problem.
const TITLES: &[(&str, &str)] = &[
    ("ACCOUNT_DISABLED", "Account disabled"),
    ("ALREADY_VERIFIED", "Already verified"),
    ("BAD_REQUEST", "Unreadable request"),
    ("CHALLENGE_UNKNOWN", "Unknown challenge"),
    ("CHANGED", "Changed in the meantime"),
    ("COUNTRY_NOT_ALLOWED", "Country not served"),
    ("CROSS_ORIGIN_REFUSED", "Request of another site"),
    ("EXPIRED_CODE", "Expired code"),
    ("HEADERS_TOO_LARGE", "Headers too large"),
    ("IDEMPOTENCY_KEY_REUSED", "Idempotency key of another request"),
    ("IDENTIFIER_EXISTS", "Already one of this account"),
    ("INSUFFICIENT_SCOPE", "Not allowed to this application"),
    ("INTERNAL_ERROR", "Internal error"),
    ("INVALID", "Invalid members"),
    ("INVALID_CODE", "Wrong code"),
    ("INVALID_CREDENTIALS", "Wrong credentials"),
    ("INVALID_CURSOR", "Unknown cursor"),
    ("INVALID_IDEMPOTENCY_KEY", "Malformed idempotency key"),
    ("INVALID_LIMIT", "Limit out of range"),
    ("INVALID_REFRESH_TOKEN", "Invalid refresh token"),
    ("INVALID_TOKEN", "Invalid link"),
    ("LAST_FACTOR", "Last second factor"),
    ("LAST_VERIFIED_EMAIL", "Last verified address"),
    ("LAST_WAY_IN", "Last way to sign in"),
    ("METHOD_NOT_ALLOWED", "Method not allowed"),
    ("NOTHING_TO_PROVE", "Nothing to prove"),
    ("NOT_FOUND", "Nothing at this address"),
    ("NOT_VERIFIED", "Not verified"),
    ("NO_ALTERNATIVE", "No other way to sign in"),
    ("NO_PENDING_CHANGE", "No pending change"),
    ("NO_SECOND_FACTOR", "No second factor"),
    ("NO_SMS_FACTOR", "No phone as second factor"),
    ("NO_TOTP", "No authenticator app"),
    ("PASSKEYS_OFF", "No passkeys"),
    ("PASSKEY_REFUSED", "Passkey refused"),
    ("PASSKEY_REGISTERED", "Passkey registered already"),
    ("PATCH_CONFLICT", "Patch does not fit"),
    ("PAYLOAD_TOO_LARGE", "Request too large"),
    ("PRECONDITION_REQUIRED", "Condition required"),
    ("PRIMARY_EMAIL", "Primary address"),
    ("RATE_LIMITED", "Too many requests"),
    ("REQUEST_IN_PROGRESS", "Request in progress"),
    ("REQUEST_TIMEOUT", "Request too slow"),
    ("RESPONSE_LOST", "Response lost"),
    ("SAME_CHANNEL", "Phone as both factors"),
    ("SECOND_FACTOR_PHONE", "Number of the second factor"),
    ("SERVICE_UNAVAILABLE", "Service busy"),
    ("SMS_DISABLED", "No text messages"),
    ("SMS_FACTOR_OFF", "No text messages as second factor"),
    ("SMS_NOT_BEGUN", "Enrolment of a number not begun"),
    ("SMS_SIGN_IN_OFF", "No sign-in by text message"),
    ("STEP_UP_REQUIRED", "Recent proof required"),
    ("TOO_MANY_IDENTIFIERS", "Too many addresses or numbers"),
    ("TOO_MANY_PASSKEYS", "Too many passkeys"),
    ("TOO_MANY_TRIES", "Too many wrong codes"),
    ("TOTP_NOT_BEGUN", "Enrolment not begun"),
    ("UNAUTHENTICATED", "Not signed in"),
    ("UNKNOWN_APPLICATION", "Unknown application"),
    ("UNKNOWN_ATTEMPT", "Unknown attempt"),
    ("UNKNOWN_DEVICE", "Unknown device"),
    ("UNKNOWN_IDENTIFIER", "Unknown address or number"),
    ("UNKNOWN_PASSKEY", "Unknown passkey"),
    ("UNKNOWN_SIGN_IN", "Unknown sign-in"),
    ("UNSUPPORTED_FACTOR", "Factor not required next"),
    ("UNSUPPORTED_MEDIA_TYPE", "Content type not accepted"),
    ("UNVERIFIED_EMAIL", "Unverified address"),
    ("URI_TOO_LONG", "Address too long"),
    ("USED_CODE", "Used code"),
    ("WRONG_PROOF", "Wrong password or code"),
];

/// The title of a code; none if the table lacks it, which a test excludes.
pub(super) fn title(code: &str) -> Option<&'static str> {
    TITLES.binary_search_by_key(&code, |(known, _)| known).ok().map(|place| TITLES[place].1)
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::*;

    /// Type and title of every problem in a document.
    fn walk(value: &Value, types: &mut Vec<(String, String)>) {
        match value {
            Value::Object(members) => {
                if let (Some(Value::String(kind)), Some(Value::String(title))) =
                    (members.get("type"), members.get("title"))
                    && kind.starts_with("urn:selfsame:problem:")
                {
                    types.push((kind.clone(), title.clone()));
                }
                members.values().for_each(|member| walk(member, types));
            }
            Value::Array(items) => items.iter().for_each(|item| walk(item, types)),
            _ => {}
        }
    }

    #[test]
    fn r61_every_problem_of_the_document_has_the_title_of_its_type() {
        assert!(TITLES.is_sorted_by_key(|(code, _)| code), "in ascending order");
        let mut types = Vec::new();
        walk(&serde_json::to_value(crate::document()).unwrap(), &mut types);
        assert!(types.len() > 50, "{}", types.len());
        for (kind, shown) in types {
            let code = kind.rsplit(':').next().unwrap().to_ascii_uppercase().replace('-', "_");
            assert_eq!(title(&code), Some(shown.as_str()), "{code}");
        }
    }
}
