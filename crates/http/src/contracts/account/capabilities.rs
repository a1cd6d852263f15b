//! `/api/v1/account/capabilities`: what the caller may do with the account now and why not, and whether the loss of a
//! credential would lock its owner out.
//!
//! The reasons are the problem types that the operations themselves return, without `urn:selfsame:problem:`, because they
//! are made of the same errors. An application is told `insufficient-scope` by the same table of routes that refuses it.

use std::collections::BTreeMap;

use selfsame_application::{
    Principal,
    capabilities::read::{Capabilities, Capability, FieldCapability, ReadCapabilities},
    password::remove::RemovePasswordError,
    sessions::principal::StepUpRequired,
};
use selfsame_domain::{Credential, Factor, IdentifierKind, Loss, Readiness, Scope, WayIn};
use serde::Serialize;
use utoipa::ToSchema;

use super::{
    Account, Call,
    reasons::{problem_type, rule_code, step_up},
};
use crate::{Lane, call::HandlerResult, rejection::Rejection, scopes::needed_for};

/// The change of the account, which needs `security:write` too for addresses, numbers and the policy.
const PATCH: &str = "PATCH /api/v1/account";

/// Whether something is done now.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = account::Capability)]
struct CapabilityObject {
    /// Whether it would be done now, if the values of the request are valid and no budget is spent.
    #[schema(example = false)]
    allowed: bool,
    /// Whether it needs a proof of who is there, by `POST /api/v1/account/step-up`.
    #[schema(example = true)]
    step_up: bool,
    /// Why it is not allowed: the types of the problems that its operation returns, or rules of a member; empty if it is allowed.
    #[schema(example = json!(["step-up-required"]))]
    reasons: Vec<String>,
}

/// What may be done with a claim.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = account::FieldCapability)]
struct FieldObject {
    /// What the operator lets users do with it.
    #[schema(example = "edit", pattern = "^(off|read|edit|step_up)$")]
    right: &'static str,
    #[serde(flatten)]
    change: CapabilityObject,
}

/// What may be done with one address, number, passkey or export.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = account::ItemCapabilities)]
struct ItemObject {
    #[schema(example = "445301278613502")]
    id: String,
    /// By the names of the actions: `verify`, `make_primary` and `remove` of an address or number, `rename` and `remove` of a
    /// passkey, `download` of an export.
    actions: BTreeMap<&'static str, CapabilityObject>,
}

/// What may be done with the account, and how safe it is from a lock-out.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = account::Capabilities)]
struct CapabilitiesObject {
    /// By the names of the claims.
    fields: BTreeMap<&'static str, FieldObject>,
    /// By their names: `email.add`, `phone.add`, `password.set`, `password.remove`, `totp.enrol`, `totp.remove`, `sms.enrol` (of any
    /// number), `sms.remove`, `backup_codes.make`, `second_factor_policy.change`, `passkey.add`, `device.remember`,
    /// `export.request`, `deletion.schedule`.
    actions: BTreeMap<&'static str, CapabilityObject>,
    emails: Vec<ItemObject>,
    phones: Vec<ItemObject>,
    passkeys: Vec<ItemObject>,
    exports: Vec<ItemObject>,
    /// The factors of which one must be proven for what needs a step-up, as in `methods` of a sign-in; empty if nothing does.
    #[schema(value_type = Vec<String>, example = json!(["pwd"]))]
    accepted_factors: Vec<&'static str>,
    readiness: ReadinessObject,
}

/// Whether the owner would be locked out by the loss of a credential.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = account::Readiness)]
struct ReadinessObject {
    /// Whether the loss of any one credential leaves a way in.
    #[schema(example = true)]
    ready: bool,
    /// The ways in now: `password`, `recovery` (a new password by a mailed code or link), `phone` (a code in a text message),
    /// `passkey`.
    #[schema(value_type = Vec<String>, example = json!(["password", "recovery"]))]
    ways_in: Vec<&'static str>,
    losses: Vec<LossObject>,
}

/// The loss of one credential.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = account::Loss)]
struct LossObject {
    /// `password`; `mailbox`, that of the primary address; `phone`, with the verified numbers; `totp`, the authenticator app; `backup_codes`; `passkey`, one of them.
    #[schema(example = "mailbox", pattern = "^(password|mailbox|phone|totp|backup_codes|passkey)$")]
    credential: &'static str,
    #[schema(example = false)]
    locked_out: bool,
    /// The ways in that remain.
    #[schema(value_type = Vec<String>, example = json!(["password"]))]
    remaining: Vec<&'static str>,
    /// A sentence for people.
    #[schema(example = "Without the mailbox of the primary address the account can still be signed in to.")]
    detail: &'static str,
    /// The actions that help, in the words of `actions`; empty if the owner is not locked out.
    #[schema(value_type = Vec<String>, example = json!([]))]
    advice: Vec<&'static str>,
}

impl CapabilityObject {
    fn of<E>(capability: Capability<E>, reason: impl FnOnce(E) -> String) -> Self {
        let allowed = capability.is_allowed();
        let Capability { refusal, step_up } = capability;
        let proof = step_up.map(|required| problem_type(&self::step_up(required)));
        Self { allowed, step_up: proof.is_some(), reasons: refusal.map(reason).into_iter().chain(proof).collect() }
    }

    /// The same for an application that may not call the operation.
    fn refuse_for_scope(&mut self) {
        self.allowed = false;
        self.reasons.insert(0, problem_type(&Rejection::insufficient_scope(&[])));
    }

    /// With the type of the problem that the operation returns for the error.
    fn of_errors<E: Into<Rejection<Account>>>(capability: Capability<E>) -> Self {
        Self::of(capability, |error| problem_type(&error.into()))
    }
}

impl FieldObject {
    fn of(field: FieldCapability) -> Self {
        let change = CapabilityObject::of(field.change, |rule| rule_code(&rule).to_owned());
        Self { right: field.right.as_str(), change }
    }
}

impl CapabilitiesObject {
    fn of(capabilities: Capabilities) -> Self {
        let accepted = capabilities.required_proof().map(|StepUpRequired { accepted, .. }| accepted);
        let accepted_factors = accepted.map_or_else(Vec::new, |factors| factors.iter().map(Factor::as_str).collect());
        let never = |never: std::convert::Infallible| match never {};
        let of_password = |error| match error {
            // The operation answers that the current password is wrong, because there is none.
            RemovePasswordError::WrongPassword => "no-password".to_owned(),
            other => problem_type(&other.into()),
        };
        let identifiers = |kind: IdentifierKind| {
            let own = capabilities.identifiers.iter().filter(|own| own.identifier.kind == kind).cloned();
            let item = own.map(|own| ItemObject {
                id: own.identifier.id.to_string(),
                actions: BTreeMap::from([
                    ("verify", CapabilityObject::of_errors(own.verify)),
                    ("make_primary", CapabilityObject::of_errors(own.make_primary)),
                    ("remove", CapabilityObject::of_errors(own.remove)),
                ]),
            });
            item.collect()
        };
        Self {
            emails: identifiers(IdentifierKind::Email),
            phones: identifiers(IdentifierKind::Phone),
            fields: capabilities.fields.into_iter().map(|field| (field.claim, FieldObject::of(field))).collect(),
            actions: BTreeMap::from([
                ("email.add", CapabilityObject::of_errors(capabilities.add_email)),
                ("phone.add", CapabilityObject::of_errors(capabilities.add_phone)),
                ("password.set", CapabilityObject::of(capabilities.set_password, never)),
                ("password.remove", CapabilityObject::of(capabilities.remove_password, of_password)),
                ("totp.enrol", CapabilityObject::of_errors(capabilities.enrol_totp)),
                ("totp.remove", CapabilityObject::of_errors(capabilities.remove_totp)),
                ("sms.enrol", CapabilityObject::of_errors(capabilities.enrol_sms)),
                ("sms.remove", CapabilityObject::of_errors(capabilities.remove_sms)),
                ("backup_codes.make", CapabilityObject::of_errors(capabilities.make_backup_codes)),
                ("second_factor_policy.change", CapabilityObject::of(capabilities.change_policy, never)),
                ("passkey.add", CapabilityObject::of_errors(capabilities.add_passkey)),
                ("device.remember", CapabilityObject::of_errors(capabilities.remember_device)),
                ("export.request", CapabilityObject::of_errors(capabilities.request_export)),
                ("deletion.schedule", CapabilityObject::of_errors(capabilities.schedule_deletion)),
            ]),
            passkeys: capabilities
                .passkeys
                .into_iter()
                .map(|own| ItemObject {
                    id: own.passkey.id.to_string(),
                    actions: BTreeMap::from([
                        ("rename", CapabilityObject::of_errors(own.rename)),
                        ("remove", CapabilityObject::of_errors(own.remove)),
                    ]),
                })
                .collect(),
            exports: capabilities
                .exports
                .into_iter()
                .map(|own| ItemObject {
                    id: own.export.id.to_string(),
                    actions: BTreeMap::from([("download", CapabilityObject::of_errors(own.download))]),
                })
                .collect(),
            accepted_factors,
            readiness: ReadinessObject::of(&capabilities.readiness),
        }
    }
}

/// Whether an application may do something to a claim.
fn may_change(principal: &Principal, claim: &str) -> bool {
    let may = |operation| needed_for(operation).is_met_by(principal);
    match claim {
        "email" => may("POST /api/v1/account/emails"),
        "phone_number" => may(PATCH) && principal.may(Scope::SecurityWrite),
        _ => may(PATCH),
    }
}

/// Whether an application may do an action of the account. One that is not named here is for the user's own sign-ins.
fn may_do(principal: &Principal, action: &str) -> bool {
    let operation = match action {
        "email.add" => "POST /api/v1/account/emails",
        "phone.add" => "POST /api/v1/account/phones",
        "password.set" => "PUT /api/v1/account/password",
        "password.remove" => "DELETE /api/v1/account/password",
        "totp.enrol" => "POST /api/v1/account/totp",
        "totp.remove" => "DELETE /api/v1/account/totp",
        "backup_codes.make" => "POST /api/v1/account/backup-codes",
        "second_factor_policy.change" if principal.may(Scope::SecurityWrite) => PATCH,
        "passkey.add" => "POST /api/v1/account/passkeys/registration",
        "sms.enrol" => "POST /api/v1/account/sms",
        "sms.remove" => "DELETE /api/v1/account/sms",
        "export.request" => "POST /api/v1/account/exports",
        "device.remember" => "POST /api/v1/account/devices",
        "deletion.schedule" => "POST /api/v1/account/deletion",
        _ => return false,
    };
    needed_for(operation).is_met_by(principal)
}

/// Whether an application may do an action of an address, number, passkey or export, which is in one of these lists.
fn may_do_to(principal: &Principal, list: &str, action: &str) -> bool {
    let item = format!("/api/v1/account/{list}/{{id}}");
    let operation = match action {
        "verify" => format!("POST {item}/verification"),
        "make_primary" => format!("PUT {item}/primary"),
        "remove" => format!("DELETE {item}"),
        "rename" => format!("PATCH {item}"),
        "download" => format!("GET {item}/archive"),
        _ => return false,
    };
    needed_for(&operation).is_met_by(principal)
}

impl CapabilitiesObject {
    /// As far as the application of the caller may do it, if there is one.
    fn within(mut self, principal: &Principal) -> Self {
        if principal.client.is_none() {
            return self;
        }
        let fields = self.fields.iter_mut().filter(|(claim, _)| !may_change(principal, claim));
        fields.for_each(|(_, field)| field.change.refuse_for_scope());
        let actions = self.actions.iter_mut().filter(|(action, _)| !may_do(principal, action));
        actions.for_each(|(_, capability)| capability.refuse_for_scope());
        for (list, items) in [
            ("emails", &mut self.emails),
            ("phones", &mut self.phones),
            ("passkeys", &mut self.passkeys),
            ("exports", &mut self.exports),
        ] {
            let actions = items.iter_mut().flat_map(|item| &mut item.actions);
            let refused = actions.filter(|(action, _)| !may_do_to(principal, list, action));
            refused.for_each(|(_, capability)| capability.refuse_for_scope());
        }
        self
    }
}

impl ReadinessObject {
    fn of(readiness: &Readiness) -> Self {
        Self {
            ready: readiness.is_ready(),
            ways_in: readiness.ways_in.iter().copied().map(way_in).collect(),
            losses: readiness.losses.iter().map(LossObject::of).collect(),
        }
    }
}

impl LossObject {
    fn of(loss: &Loss) -> Self {
        let locked_out = loss.remaining.is_empty();
        let (credential, kept, lost, advice): (_, _, _, &[&'static str]) = match loss.credential {
            Credential::Password => (
                "password",
                "Without the password the account can still be signed in to.",
                "Without the password nobody can sign in: there is no mailbox to reset it by, and no passkey.",
                &["passkey.add"],
            ),
            Credential::Mailbox => (
                "mailbox",
                "Without the mailbox of the primary address the account can still be signed in to.",
                "Without the mailbox of the primary address nobody can sign in.",
                &["passkey.add"],
            ),
            Credential::Phone => (
                "phone",
                "Without the phone the account can still be signed in to.",
                "Without the phone nobody can sign in: there are no backup codes and no passkey.",
                &["backup_codes.make", "passkey.add"],
            ),
            Credential::Totp => (
                "totp",
                "Without the authenticator app the account can still be signed in to.",
                "Without the authenticator app nobody can sign in: there are no backup codes and no passkey.",
                &["backup_codes.make", "passkey.add"],
            ),
            Credential::BackupCodes => (
                "backup_codes",
                "Without the backup codes the account can still be signed in to.",
                "Without the backup codes nobody can sign in.",
                &["totp.enrol", "passkey.add"],
            ),
            Credential::Passkey => (
                "passkey",
                "Without the passkey the account can still be signed in to.",
                "Without the passkey nobody can sign in.",
                &["passkey.add", "backup_codes.make", "password.set"],
            ),
        };
        Self {
            credential,
            locked_out,
            remaining: loss.remaining.iter().copied().map(way_in).collect(),
            detail: if locked_out { lost } else { kept },
            advice: if locked_out { advice.to_vec() } else { Vec::new() },
        }
    }
}

fn way_in(way: WayIn) -> &'static str {
    match way {
        WayIn::Password => "password",
        WayIn::Recovery => "recovery",
        WayIn::Phone => "phone",
        WayIn::Passkey => "passkey",
    }
}

/// Read the capabilities
///
/// For each claim and action whether it would be done now, whether it needs a proof of who is there, and why not. And
/// whether the loss of a credential would lock the owner out.
#[utoipa::path(
    get, path = "/api/v1/account/capabilities", operation_id = "account_get_capabilities", tag = "account",
    security(("session_id" = []), ("bearer" = [])),
    params(("If-None-Match" = Option<String>, Header, description = "The entity tag that the client has.")),
    responses(
        (status = 200, description = "The capabilities.", body = CapabilitiesObject,
            headers(("ETag" = String, description = "Strong."))),
        (status = 304, description = "They match `If-None-Match`."),
    ),
)]
pub(super) async fn read(call: Call) -> HandlerResult {
    let capabilities = call
        .run(Lane::Database, |core, sender| {
            let caller = sender.authenticate(core)?;
            let capabilities = CapabilitiesObject::of(ReadCapabilities.execute(core, &caller)?);
            Ok(capabilities.within(&caller.principal))
        })
        .await?;
    call.respond_with_tag(&capabilities)
}
