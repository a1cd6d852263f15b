//! Tests of every route over a core in memory.

mod activity;
mod attributes_schema;
mod capabilities;
mod deletion;
mod devices;
mod entity_tags;
mod exports;
mod failures;
mod field_rights;
mod flows;
mod idempotency;
mod identifiers;
mod passkeys;
mod password;
mod patches;
mod profile;
mod second_factors;
mod sign_ins;
mod sms;
mod undo;

const EMAIL: &str = "ada@example.com";
const ACCOUNT: &str = "/api/v1/account";
const SIGN_UPS: &str = "/api/v1/account/sign-ups";
const SIGN_IN_ATTEMPTS: &str = "/api/v1/account/sign-in-attempts";
const ACCEPT_PATCH: &str = "application/merge-patch+json, application/json, application/json-patch+json";
