#![doc = include_str!("README.md")]

mod activity;
mod activity_titles;
mod applications;
mod attempts;
mod attributes_schema;
mod capabilities;
mod deletion;
mod devices;
mod email_change;
mod emails;
mod entity_tag;
mod exports;
mod identifiers;
mod identities;
mod json_patch;
mod mailed_link;
mod options;
mod pages;
mod passkey_proofs;
mod passkeys;
mod password;
mod phones;
mod preferences;
mod profile;
mod reasons;
mod receipts;
mod recoveries;
mod second_factors;
mod sign_in_attempts;
mod sign_ins;
mod sign_ups;
mod sms;
mod step_up;
#[cfg(test)]
mod tests;
mod titles;
mod tokens;
mod undo;

use actix_web::{
    http::Method,
    web::{self, ServiceConfig},
};
use selfsame_texts::Language;
use utoipa::{OpenApi, openapi};

pub use self::options::AccountOptions;
use self::reasons::{
    Details, INVALID, KEY_IN_PROGRESS, KEY_REUSED, MALFORMED_KEY, NOT_AUTHENTICATED, Problem, RESPONSE_LOST,
};
use crate::{
    body::{InvalidBody, Malformed},
    contract::{Contract, ContractSummary},
    idempotency::KeyRefusal,
    reason::{Message, Reason},
    rejection::Rejection,
    request_id::RequestId,
};

/// The contract.
pub(crate) struct Account;

type Call = crate::call::Call<Account>;
type Sender = crate::call::Sender<Account>;
type Fails<T> = crate::document::Fails<Account, T>;

impl Contract for Account {
    const SUMMARY: ContractSummary = ContractSummary {
        name: "account",
        mounts: &["/api/v1/account"],
        description: "Contract of this project: resources, entity tags, patches, idempotency keys, problem details.",
    };
    const ACCEPTS_COOKIE: bool = true;
    const BODY_TYPES: &'static [&'static str] = &["application/merge-patch+json", "application/json"];
    const UNAUTHENTICATED: Reason = NOT_AUTHENTICATED;
    const NO_CREDENTIAL: Reason =
        NOT_AUTHENTICATED.with_message("Sign in first. The request has no session cookie and no access token.");
    const INVALID_BODY: &'static [Reason] = &[reasons::BAD_REQUEST, INVALID];
    const SHOWS_RATE_LIMITS: bool = true;
    const KEEPS_IDEMPOTENCY_KEYS: bool = true;
    const REFUSED_KEY: &'static [Reason] = &[MALFORMED_KEY, KEY_IN_PROGRESS, RESPONSE_LOST, KEY_REUSED];
    const IS_TRANSLATED: bool = true;
    const ERROR_TYPE: &'static str = "application/problem+json";
    type Details = Details;
    type Error = Problem;

    fn error_body(
        reason: Reason,
        message: Message,
        details: Details,
        request_id: &RequestId,
        language: Language,
    ) -> Problem {
        Problem::new(reason, message, details, request_id, language)
    }
    fn example_details(reason: Reason) -> Details {
        Details::example(reason)
    }
    fn invalid_body(invalid: InvalidBody) -> Rejection<Self> {
        reasons::invalid_body(invalid)
    }
    fn malformed_body(malformed: Malformed) -> Rejection<Self> {
        reasons::malformed_body(malformed)
    }
    fn refused_key(refusal: KeyRefusal) -> Rejection<Self> {
        reasons::refused_key(refusal)
    }
    fn routes(config: &mut ServiceConfig) {
        let account = web::resource("/api/v1/account");
        let sign_ins = web::resource("/api/v1/account/sign-ins");
        let deletion = web::resource("/api/v1/account/deletion");
        let passkeys = web::resource("/api/v1/account/passkeys");
        let passkey = web::resource("/api/v1/account/passkeys/{id}");
        config
            .service(
                account
                    .get(profile::get_account)
                    .head(profile::get_account)
                    .patch(profile::patch_account)
                    .route(web::method(Method::OPTIONS).to(profile::options)),
            )
            .service(sign_ins.get(sign_ins::list).head(sign_ins::list).delete(sign_ins::end_others))
            .service(web::resource("/api/v1/account/sign-ins/current").delete(sign_ins::sign_out))
            .service(
                web::resource("/api/v1/account/sign-ins/{id}")
                    .get(sign_ins::get)
                    .head(sign_ins::get)
                    .patch(sign_ins::rename)
                    .delete(sign_ins::end),
            )
            .service(web::resource("/api/v1/account/password").put(password::set).delete(password::remove))
            .service(web::resource("/api/v1/account/password/strength").post(password::estimate))
            .service(
                web::resource("/api/v1/account/devices")
                    .get(devices::list)
                    .head(devices::list)
                    .post(devices::remember)
                    .delete(devices::forget_all),
            )
            .service(web::resource("/api/v1/account/devices/{id}").delete(devices::forget))
            .service(web::resource("/api/v1/account/applications").get(applications::list).head(applications::list))
            .service(web::resource("/api/v1/account/applications/{id}").delete(applications::remove))
            .service(web::resource("/api/v1/account/identities").get(identities::list).head(identities::list))
            .service(web::resource("/api/v1/account/identities/{id}").delete(identities::unlink))
            .service(deletion.get(deletion::get).head(deletion::get).post(deletion::schedule).delete(deletion::cancel))
            .service(web::resource("/api/v1/account/deletion/cancellation").post(deletion::cancel_by_link))
            .service(web::resource("/api/v1/account/undo").post(undo::undo))
            .service(web::resource("/api/v1/account/undo/preview").post(undo::preview))
            .service(
                web::resource("/api/v1/account/second-factors").get(second_factors::read).head(second_factors::read),
            )
            .service(
                web::resource("/api/v1/account/totp")
                    .post(second_factors::begin_totp)
                    .delete(second_factors::remove_totp),
            )
            .service(web::resource("/api/v1/account/totp/confirm").post(second_factors::confirm_totp))
            .service(web::resource("/api/v1/account/backup-codes").post(second_factors::make_backup_codes))
            .service(passkeys.get(passkeys::list).head(passkeys::list).post(passkeys::register))
            .service(web::resource("/api/v1/account/passkeys/registration").post(passkeys::begin))
            .service(web::resource("/api/v1/account/passkeys/authentication").post(passkey_proofs::begin_sign_in))
            .service(web::resource("/api/v1/account/passkeys/sign-in").post(passkey_proofs::sign_in))
            .service(passkey.patch(passkeys::rename).delete(passkeys::remove))
            .service(web::resource("/api/v1/account/step-up/passkey/authentication").post(passkey_proofs::begin_proof))
            .service(web::resource("/api/v1/account/step-up/passkey").post(passkey_proofs::prove))
            .service(web::resource("/api/v1/account/step-up").post(step_up::prove_again));
        own_view(config);
        flows(config);
        emails::routes(config);
        phones::routes(config);
        sms::routes(config);
        email_change::routes(config);
        exports::routes(config);
    }
    fn document() -> openapi::OpenApi {
        Document::openapi()
    }
}

/// What the user reads about the account: its activity, its capabilities, and the schema of its attributes.
fn own_view(config: &mut ServiceConfig) {
    config
        .service(web::resource("/api/v1/account/activity").get(activity::list).head(activity::list))
        .service(web::resource("/api/v1/account/activity/receipts/verify").post(receipts::verify))
        .service(web::resource("/api/v1/account/activity/{sequence}").get(activity::get).head(activity::get))
        .service(web::resource("/api/v1/account/capabilities").get(capabilities::read).head(capabilities::read))
        .service(
            web::resource("/api/v1/account/attributes/schema")
                .get(attributes_schema::read)
                .head(attributes_schema::read),
        );
}

/// Sign-up, sign-in and recovery.
fn flows(config: &mut ServiceConfig) {
    config
        .service(web::resource("/api/v1/account/sign-ups").post(sign_ups::start))
        .service(web::resource("/api/v1/account/sign-ups/{id}").get(sign_ups::get).head(sign_ups::get))
        .service(web::resource("/api/v1/account/sign-ups/{id}/code").post(sign_ups::send_code))
        .service(web::resource("/api/v1/account/sign-ups/{id}/verification").post(sign_ups::verify))
        .service(web::resource("/api/v1/account/sign-in-attempts").post(sign_in_attempts::start))
        .service(
            web::resource("/api/v1/account/sign-in-attempts/{id}")
                .get(sign_in_attempts::get)
                .head(sign_in_attempts::get),
        )
        .service(web::resource("/api/v1/account/sign-in-attempts/{id}/code").post(sign_in_attempts::send_code))
        .service(web::resource("/api/v1/account/sign-in-attempts/{id}/verification").post(sign_in_attempts::verify))
        .service(web::resource("/api/v1/account/recoveries").post(recoveries::start))
        .service(web::resource("/api/v1/account/recoveries/verification").post(recoveries::verify))
        .service(web::resource("/api/v1/account/recoveries/password").post(recoveries::complete))
        .service(web::resource("/api/v1/account/tokens").post(tokens::refresh));
}

#[derive(OpenApi)]
#[openapi(
    paths(
        profile::get_account, profile::patch_account, sign_ins::list, sign_ins::end, sign_ins::end_others,
        second_factors::read, second_factors::begin_totp, second_factors::confirm_totp, second_factors::remove_totp,
        second_factors::make_backup_codes, step_up::prove_again,
        sms::begin, sms::confirm, sms::remove, sms::send_code,
        deletion::get, deletion::schedule, deletion::cancel, deletion::cancel_by_link, undo::undo, undo::preview,
        emails::list, emails::add, emails::read, emails::remove, emails::send_code, emails::confirm, emails::make_primary,
        phones::list, phones::add, phones::read, phones::remove, phones::send_code, phones::confirm, phones::make_primary,
        email_change::read, email_change::cancel, email_change::cancel_by_link,
        exports::list, exports::request, exports::read, exports::download, exports::remove,
        sign_ins::get, sign_ins::rename, sign_ins::sign_out,
        sign_ups::start, sign_ups::get, sign_ups::send_code, sign_ups::verify,
        sign_in_attempts::start, sign_in_attempts::get, sign_in_attempts::send_code, sign_in_attempts::verify,
        recoveries::start, recoveries::verify, recoveries::complete, tokens::refresh,
        password::set, password::remove, password::estimate,
        activity::list, activity::get, receipts::verify, capabilities::read, attributes_schema::read,
        devices::list, devices::remember, devices::forget_all, devices::forget,
        applications::list, applications::remove, identities::list, identities::unlink,
        passkeys::list, passkeys::begin, passkeys::register, passkeys::rename, passkeys::remove,
        passkey_proofs::begin_sign_in, passkey_proofs::sign_in, passkey_proofs::begin_proof, passkey_proofs::prove,
    ),
    tags((name = Account::SUMMARY.name, description = Account::SUMMARY.description))
)]
struct Document;
