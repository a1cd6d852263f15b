//! The facts of an account, as `account.json` has them: everything but secrets. The members are those of the account
//! contract, so that a reader of one can read the other.
//!
//! What is left out, because it is a secret or of no use without the server, is in `docs/export.md`, table by table (R51, R78).

use selfsame_domain::{
    Attributes, AuthorizedClient, Device, Factor, Identifier, IdentifierKind, Instant, Passkey, Picture, Scope,
    SecondFactorPolicy, SignIn, User, UserAgent, UserId, Username, timestamp,
};
use serde::Serialize;

use super::VERSION;
use crate::{
    Core, Fault, identifiers::pending_change::PendingEmailChange, issuers::identities::LinkedIdentity,
    oauth::applications::Application,
};

/// Most sign-ins and devices in an export, as in the lists of the contracts.
const LISTED: i64 = 1000;

/// Everything but the activity.
#[derive(Serialize)]
pub(super) struct Facts {
    pub(super) format: &'static str,
    pub(super) version: u32,
    pub(super) exported_at: String,
    /// The server.
    pub(super) issuer: String,
    pub(super) account: AccountFacts,
    /// The name of the file in the archive; none for a link, and without a picture.
    pub(super) picture_file: Option<String>,
    pub(super) emails: Vec<IdentifierFacts>,
    pub(super) phones: Vec<IdentifierFacts>,
    pub(super) email_change: Option<EmailChangeFacts>,
    pub(super) password: PasswordFacts,
    pub(super) second_factors: SecondFactorFacts,
    pub(super) passkeys: Vec<PasskeyFacts>,
    pub(super) sign_ins: Vec<SignInFacts>,
    pub(super) devices: Vec<DeviceFacts>,
    pub(super) applications: Vec<ApplicationFacts>,
    pub(super) identities: Vec<IdentityFacts>,
    pub(super) deletion: DeletionFacts,
}

#[derive(Serialize)]
pub(super) struct AccountFacts {
    pub(super) sub: String,
    email: Option<String>,
    email_verified: bool,
    preferred_username: Option<String>,
    given_name: Option<String>,
    family_name: Option<String>,
    name: Option<String>,
    phone_number: Option<String>,
    phone_number_verified: bool,
    locale: Option<String>,
    zoneinfo: Option<String>,
    picture: Option<String>,
    attributes: serde_json::Map<String, serde_json::Value>,
    second_factor_policy: &'static str,
    second_factor_enrolled: bool,
    created_at: String,
    updated_at: String,
    sign_in_count: i64,
    disabled_at: Option<String>,
    frozen_at: Option<String>,
}

/// An e-mail address or a phone number: only one of the two members is there.
#[derive(Serialize)]
pub(super) struct IdentifierFacts {
    id: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    email: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    phone_number: Option<String>,
    primary: bool,
    verified: bool,
    verified_at: Option<String>,
    created_at: String,
}

#[derive(Serialize)]
pub(super) struct EmailChangeFacts {
    new_email: String,
    requested_at: String,
    expires_at: String,
}

#[derive(Serialize)]
pub(super) struct PasswordFacts {
    set: bool,
    changed_at: Option<String>,
}

#[derive(Serialize)]
pub(super) struct SecondFactorFacts {
    enrolled: Vec<&'static str>,
    totp_enrolled_at: Option<String>,
    phone_id: Option<String>,
    backup_codes_left: i64,
    policy: &'static str,
    policy_in_effect: bool,
}

#[derive(Serialize)]
pub(super) struct PasskeyFacts {
    id: String,
    credential_id: String,
    name: String,
    attachment: &'static str,
    transports: Vec<String>,
    backup_eligible: bool,
    backed_up: bool,
    created_at: String,
    last_used_at: Option<String>,
    use_count: i64,
}

#[derive(Serialize)]
pub(super) struct SignInFacts {
    id: String,
    methods: Vec<&'static str>,
    name: Option<String>,
    application: Option<ActingFacts>,
    #[serde(flatten)]
    client: ClientFacts,
    created_at: String,
    authenticated_at: String,
    last_active_at: String,
    expires_at: String,
}

/// The application that acts in a sign-in, and what it may do there.
#[derive(Serialize)]
struct ActingFacts {
    id: String,
    scopes: Vec<&'static str>,
}

#[derive(Serialize)]
pub(super) struct DeviceFacts {
    id: String,
    name: Option<String>,
    #[serde(flatten)]
    client: ClientFacts,
    created_at: String,
    last_used_at: String,
    expires_at: String,
}

/// An application that the user has allowed something.
#[derive(Serialize)]
pub(super) struct ApplicationFacts {
    id: String,
    name: String,
    scopes: Vec<&'static str>,
    allowed_at: String,
    extended_at: String,
    last_used_at: Option<String>,
}

/// An identity of another issuer.
#[derive(Serialize)]
pub(super) struct IdentityFacts {
    id: String,
    issuer: String,
    name: String,
    subject: String,
    linked_at: String,
}

/// Where a sign-in or a device was seen.
#[derive(Serialize)]
pub(super) struct ClientFacts {
    ip: Option<String>,
    place: Option<PlaceFacts>,
    user_agent: Option<String>,
    browser: Option<&'static str>,
    system: Option<&'static str>,
}

#[derive(Serialize)]
pub(super) struct PlaceFacts {
    city: Option<String>,
    region: Option<String>,
    country: Option<String>,
    country_code: Option<String>,
}

#[derive(Serialize)]
pub(super) struct DeletionFacts {
    deletion_at: Option<String>,
}

impl Facts {
    /// Reads them, and the account; `None` if there is no such account.
    pub(super) fn read(core: &Core, user: UserId, now: Instant) -> Result<Option<(Self, User)>, Fault> {
        let email_change = core.pending_change(user, None)?;
        let mut queries = core.storage.read()?;
        let Some(user) = queries.user(user)? else { return Ok(None) };
        let attributes = queries.attributes(user.id)?;
        let totp = if user.has_totp() { queries.totp(user.id)? } else { None };
        let passkeys = if user.has_passkey() { queries.passkeys(user.id)? } else { Vec::new() };
        let mut sign_ins = queries.live_sign_ins(user.id, now, None, LISTED)?;
        sign_ins.retain(|sign_in| core.is_usable(sign_in, &user, now));
        let devices = queries.devices(user.id, user.credential_epoch, now, LISTED)?;
        let applications = core.applications(queries.consents(user.id)?, &sign_ins);
        let facts = Self {
            format: "selfsame-export",
            version: VERSION,
            exported_at: timestamp(now),
            issuer: core.policy.address(""),
            account: AccountFacts::of(core, &user, attributes),
            picture_file: user.picture.as_ref().and_then(picture_file),
            emails: user.identifiers_of(IdentifierKind::Email).map(IdentifierFacts::of).collect(),
            phones: user.identifiers_of(IdentifierKind::Phone).map(IdentifierFacts::of).collect(),
            email_change: email_change.map(|pending| PendingEmailChange::from(pending).into()),
            password: PasswordFacts { set: user.has_password(), changed_at: user.password_changed_at.map(timestamp) },
            second_factors: SecondFactorFacts {
                enrolled: user.enrolled.iter().map(Factor::as_str).collect(),
                totp_enrolled_at: totp.map(|totp| timestamp(totp.created_at)),
                phone_id: user.second_factor_phone().map(|phone| phone.id.to_string()),
                backup_codes_left: user.backup_codes_left,
                policy: user.second_factor_policy.as_str(),
                policy_in_effect: user.second_factor_policy == SecondFactorPolicy::Enforced && user.has_second_factor(),
            },
            passkeys: passkeys.into_iter().map(PasskeyFacts::of).collect(),
            sign_ins: sign_ins.into_iter().map(|sign_in| SignInFacts::of(core, &user, sign_in)).collect(),
            devices: devices.into_iter().map(|device| DeviceFacts::of(core, &user, device)).collect(),
            applications: applications.into_iter().map(ApplicationFacts::from).collect(),
            identities: core.linked_identities(user.id)?.into_iter().map(IdentityFacts::from).collect(),
            deletion: DeletionFacts { deletion_at: user.deletion_at.map(timestamp) },
        };
        Ok(Some((facts, user)))
    }
}

/// The file of a stored picture: its blob has the same kind.
fn picture_file(picture: &Picture) -> Option<String> {
    let Picture::Stored(blob) = picture else { return None };
    let (_, extension) = blob.rsplit_once('.')?;
    Some(format!("picture.{extension}"))
}

impl From<PendingEmailChange> for EmailChangeFacts {
    fn from(pending: PendingEmailChange) -> Self {
        Self {
            new_email: pending.new_email,
            requested_at: timestamp(pending.requested_at),
            expires_at: timestamp(pending.expires_at),
        }
    }
}

impl From<LinkedIdentity> for IdentityFacts {
    fn from(identity: LinkedIdentity) -> Self {
        Self {
            id: identity.id.to_string(),
            issuer: identity.issuer,
            name: identity.name,
            subject: identity.subject,
            linked_at: timestamp(identity.linked_at),
        }
    }
}

impl AccountFacts {
    fn of(core: &Core, user: &User, attributes: Attributes) -> Self {
        let (email, phone) = (user.primary_email(), user.primary_phone());
        Self {
            sub: user.id.to_string(),
            email: email.map(|email| email.value.clone()),
            email_verified: email.is_some_and(Identifier::is_verified),
            preferred_username: user.preferred_username.as_ref().map(Username::as_str).map(ToOwned::to_owned),
            given_name: user.given_name.clone(),
            family_name: user.family_name.clone(),
            name: user.name.clone(),
            phone_number: phone.map(|phone| phone.value.clone()),
            phone_number_verified: phone.is_some_and(Identifier::is_verified),
            locale: user.locale.clone(),
            zoneinfo: user.zoneinfo.clone(),
            picture: user.picture.as_ref().map(|picture| core.policy.picture_url(picture)),
            attributes: attributes.0,
            second_factor_policy: user.second_factor_policy.as_str(),
            second_factor_enrolled: user.has_second_factor(),
            created_at: timestamp(user.created_at),
            updated_at: timestamp(user.updated_at),
            sign_in_count: user.sign_in_count,
            disabled_at: user.disabled_at.map(timestamp),
            frozen_at: user.frozen_at.map(timestamp),
        }
    }
}

impl IdentifierFacts {
    fn of(own: &Identifier) -> Self {
        let is = |kind| (own.kind == kind).then(|| own.value.clone());
        Self {
            id: own.id.to_string(),
            email: is(IdentifierKind::Email),
            phone_number: is(IdentifierKind::Phone),
            primary: own.is_primary,
            verified: own.is_verified(),
            verified_at: own.verified_at.map(timestamp),
            created_at: timestamp(own.created_at),
        }
    }
}

impl PasskeyFacts {
    fn of(passkey: Passkey) -> Self {
        Self {
            id: passkey.id.to_string(),
            credential_id: passkey.credential_id.to_text(),
            attachment: if passkey.is_platform() { "platform" } else { "cross-platform" },
            backup_eligible: passkey.is_backup_eligible,
            backed_up: passkey.is_backed_up,
            created_at: timestamp(passkey.created_at),
            last_used_at: passkey.last_used_at.map(timestamp),
            use_count: passkey.use_count,
            name: passkey.name,
            transports: passkey.transports,
        }
    }
}

impl SignInFacts {
    fn of(core: &Core, user: &User, sign_in: SignIn) -> Self {
        Self {
            id: sign_in.id.to_string(),
            methods: sign_in.assurance.methods.iter().map(Factor::as_str).collect(),
            application: sign_in.client.map(ActingFacts::from),
            client: ClientFacts::of(core, user, sign_in.ip, sign_in.user_agent),
            created_at: timestamp(sign_in.created_at),
            authenticated_at: timestamp(sign_in.assurance.authenticated_at),
            last_active_at: timestamp(sign_in.last_active_at),
            expires_at: timestamp(sign_in.expires_at),
            name: sign_in.name,
        }
    }
}

impl From<AuthorizedClient> for ActingFacts {
    fn from(client: AuthorizedClient) -> Self {
        Self { scopes: client.scopes.iter().map(Scope::as_str).collect(), id: client.id }
    }
}

impl From<Application> for ApplicationFacts {
    fn from(application: Application) -> Self {
        Self {
            scopes: application.scopes.iter().map(Scope::as_str).collect(),
            allowed_at: timestamp(application.allowed_at),
            extended_at: timestamp(application.extended_at),
            last_used_at: application.last_used_at.map(timestamp),
            id: application.id,
            name: application.name,
        }
    }
}

impl DeviceFacts {
    fn of(core: &Core, user: &User, device: Device) -> Self {
        Self {
            id: device.id.to_string(),
            client: ClientFacts::of(core, user, device.ip, device.user_agent),
            created_at: timestamp(device.created_at),
            last_used_at: timestamp(device.last_used_at),
            expires_at: timestamp(device.expires_at),
            name: device.name,
        }
    }
}

impl ClientFacts {
    fn of(core: &Core, user: &User, ip: Option<String>, user_agent: Option<String>) -> Self {
        let UserAgent { browser, system } = UserAgent::of(user_agent.as_deref().unwrap_or_default());
        Self { place: PlaceFacts::of(core, user, ip.as_deref()), ip, user_agent, browser, system }
    }
}

impl PlaceFacts {
    fn of(core: &Core, user: &User, ip: Option<&str>) -> Option<Self> {
        let place = core.place_of(ip, user.locale.as_deref())?;
        Some(Self { city: place.city, region: place.region, country: place.country, country_code: place.country_code })
    }
}
