//! The options of the operator.

/// The options of the account contract.
#[derive(Clone, Copy, Debug, Default)]
pub struct AccountOptions {
    /// Whether a change of the account needs `If-Match` (R68).
    pub require_if_match: bool,
}
