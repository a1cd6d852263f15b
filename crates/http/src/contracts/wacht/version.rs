//! The version of the account in the user object and in writes (R68), because a form has no `If-Match`.
//!
//! The name has this server's, so that it cannot be a field of the reference, of the SDK, or of a later one of either. The SDK
//! builds its forms of named fields and never sends the user object back, so it does not send the version by accident.

use crate::body::{MemberProblem, Members};

const VERSION: &str = "selfsame_version";

/// Reads the version that a write is based on. `null` and an empty text count as absent.
pub(super) fn expected_version(members: &mut Members<'_>) -> Option<i64> {
    let digits = members.id(VERSION).empty_clears().into_set()?;
    let version = digits.parse().ok().filter(|version| *version >= 0);
    if version.is_none() {
        members.add_problem(VERSION, MemberProblem::Value("the version in the user object"));
    }
    version
}
