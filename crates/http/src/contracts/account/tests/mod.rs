//! Tests of every route over a core in memory.

mod deletion;
mod devices;
mod entity_tags;
mod failures;
mod identifiers;
mod passkeys;
mod password;
mod profile;
mod second_factors;
mod sign_ins;

const EMAIL: &str = "ada@example.com";
const ACCOUNT: &str = "/api/v1/account";
