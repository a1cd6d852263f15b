//! Converts settings to the policy and limits of the application.

use std::{fs, path::Path, time::Duration};

use selfsame_application::{
    AppUrls, AttributesSchema, BrandColor, Limits, Look, OAuthPolicy, Policy,
    limits::{ByteRate, Rate},
    mail::deliver::{Deliver, Outlet},
};
use selfsame_domain::{
    AttributesPolicy, Claim, FieldRight, FieldRights, PasswordPolicy, ReservedNames, Scope, Scopes, TokenHash,
    oauth::{Client, ResourceServer, SigningAlgorithm},
};
use url::Url;

use super::{ComposeError, webhooks};
use crate::settings::{
    schema::{self, Brand, IdTokenAlgorithm, ProfileFields, Settings},
    units::{self, Size, Span},
};

/// The look of pages. The settings were checked before.
fn look(settings: &Settings) -> Look {
    let Brand { logo_url, color, .. } = &settings.brand;
    Look { logo: Url::parse(logo_url).ok(), color: BrandColor::parse(color).ok() }
}

/// The operator's policy.
pub(super) fn policy(settings: &Settings) -> Result<Policy, ComposeError> {
    let public_url =
        Url::parse(&settings.server.public_url).map_err(|error| ComposeError::new("server.public_url", &error))?;
    let Settings { passwords, tokens, sessions, verification, identifiers, .. } = settings;
    Ok(Policy {
        app_name: settings.brand.name.clone(),
        language: super::language(settings),
        look: look(settings),
        app_urls: AppUrls::parse(&settings.server.app_urls)
            .ok_or_else(|| ComposeError::new("server.app_urls", &"is not a list of addresses"))?,
        passwords: PasswordPolicy {
            min_length: passwords.min_length,
            min_length_with_second_factor: passwords.min_length_with_second_factor,
            max_length: passwords.max_length,
            min_score: passwords.min_strength,
        },
        reserved_names: ReservedNames::new(
            settings.usernames.reserved.iter().chain([&settings.brand.name]).map(String::as_str),
        ),
        fields: fields(settings),
        attributes: attributes(settings),
        picture_max_bytes: bytes(settings.pictures.max_upload),
        require_verified_email: sessions.require_verified_email,
        code_digits: verification.code_digits.into(),
        code_ttl: duration(verification.code_ttl),
        link_ttl: duration(verification.link_ttl),
        reset_ttl: duration(verification.reset_ttl),
        email_change_ttl: duration(verification.email_change_ttl),
        sms_code_ttl: duration(verification.sms_code_ttl),
        sends_sms: !settings.sms.url.expose().is_empty(),
        sms_sign_in: settings.sms.sign_in,
        sms_second_factor: settings.sms.second_factor,
        sms_countries: settings.sms.countries.clone(),
        max_emails: identifiers.max_emails,
        max_phones: identifiers.max_phones,
        username_hold: duration(settings.usernames.hold),
        attempt_ttl: duration(verification.attempt_ttl),
        unproven_keep: duration(verification.unproven_keep),
        step_up: duration(sessions.step_up),
        step_up_critical: duration(sessions.step_up_critical),
        deletion_grace: duration(settings.deletion.grace),
        webhooks: webhooks::policy(settings)?,
        export_ttl: duration(settings.exports.ttl),
        undo_ttl: duration(settings.undo.ttl),
        new_credential_hold: duration(settings.undo.new_credential_hold),
        max_passkeys: settings.passkeys.max_per_user,
        device_ttl: duration(sessions.device_ttl),
        idle: duration(sessions.idle),
        absolute: duration(sessions.absolute),
        max_sign_ins: if settings.wacht.multi_session { sessions.max_sign_ins as usize } else { 1 },
        audience: tokens.audience.clone(),
        access_ttl: tokens.access_ttl.get(),
        session_token_audience: tokens.session_token_audience.clone(),
        refresh_idle: duration(tokens.refresh_idle),
        refresh_absolute: duration(tokens.refresh_absolute),
        refresh_grace: duration(tokens.refresh_grace),
        oauth: oauth(settings),
        issuers: super::issuers::policies(settings),
        public_url,
    })
}

/// The applications and resource servers. The settings were checked before.
fn oauth(settings: &Settings) -> OAuthPolicy {
    let oauth = &settings.oauth;
    let clients = oauth.clients.iter().cloned().map(|client| Client {
        id: client.id,
        name: client.name,
        redirect_uris: client.redirect_uris,
        post_logout_redirect_uris: client.post_logout_redirect_uris,
        scopes: Scopes::of(client.scopes.iter().filter_map(|scope| Scope::parse(scope))),
        skips_consent: client.skip_consent,
        id_token_algorithm: match client.id_token_signed_response_alg {
            IdTokenAlgorithm::Es256 => SigningAlgorithm::Es256,
            IdTokenAlgorithm::Rs256 => SigningAlgorithm::Rs256,
        },
    });
    let servers = oauth.resource_servers.iter().map(|server| ResourceServer {
        id: server.id.clone(),
        secret: TokenHash::of(server.secret.expose().as_bytes()),
    });
    OAuthPolicy { clients: clients.collect(), resource_servers: servers.collect(), code_ttl: duration(oauth.code_ttl) }
}

fn attributes(settings: &Settings) -> AttributesPolicy {
    let profile = &settings.profile;
    AttributesPolicy {
        max_bytes: bytes(profile.max_bytes),
        max_depth: profile.max_depth,
        max_members: profile.max_keys,
        max_key: profile.max_key_length,
        max_string: bytes(profile.max_string),
        max_elements: profile.max_array,
    }
}

/// What users may do with each claim.
fn fields(settings: &Settings) -> FieldRights {
    let ProfileFields {
        given_name,
        family_name,
        name,
        preferred_username,
        email,
        phone_number,
        locale,
        zoneinfo,
        picture,
        attributes,
    } = &settings.profile.fields;
    let rights = [
        (Claim::GivenName, given_name),
        (Claim::FamilyName, family_name),
        (Claim::Name, name),
        (Claim::PreferredUsername, preferred_username),
        (Claim::Email, email),
        (Claim::PhoneNumber, phone_number),
        (Claim::Locale, locale),
        (Claim::Zoneinfo, zoneinfo),
        (Claim::Picture, picture),
        (Claim::Attributes, attributes),
    ];
    FieldRights::new(rights.map(|(claim, right)| {
        let right = match right {
            schema::FieldRight::Off => FieldRight::Off,
            schema::FieldRight::Read => FieldRight::Read,
            schema::FieldRight::Edit => FieldRight::Edit,
            schema::FieldRight::StepUp => FieldRight::StepUp,
        };
        (claim, right)
    }))
}

/// The operator's rate limits.
pub(super) fn limits(settings: &Settings) -> Limits {
    settings.limits.clone().map(
        |name, units::Rate { burst, every }| Rate { name, burst, every: every.get() },
        |name, units::ByteRate { bytes, per }| ByteRate { name, bytes: bytes.bytes(), per: per.get() },
    )
}

/// The operator's JSON Schema of profiles, compiled. References to other documents are refused and never fetched.
pub(super) fn attributes_schema(settings: &Settings) -> Result<Option<AttributesSchema>, ComposeError> {
    let path = &settings.profile.schema;
    if path.is_empty() {
        return Ok(None);
    }
    let refused = |error: &dyn ToString| ComposeError::new("profile.schema", &format!("{path}: {}", error.to_string()));
    let text = fs::read_to_string(Path::new(path)).map_err(|error| refused(&error))?;
    let schema = serde_json::from_str(&text).map_err(|error| refused(&error))?;
    AttributesSchema::new(schema).map(Some).map_err(|error| refused(&error))
}

/// A checked duration is a year at most.
pub(crate) fn duration(span: Span) -> chrono::Duration {
    chrono::Duration::from_std(span.get()).unwrap_or(chrono::Duration::MAX)
}

/// A checked size fits any address space.
pub(super) fn bytes(size: Size) -> usize {
    usize::try_from(size.bytes()).unwrap_or(usize::MAX)
}

/// Options of the delivery worker.
pub(crate) fn delivery(settings: &Settings) -> (Deliver, Duration) {
    let mail = &settings.mail;
    // A batch that may not fit into the lease is better left to other workers.
    let fits = mail.lease.get().as_millis() / mail.timeout.get().as_millis().max(1);
    // Only a gateway takes its time; the development mailbox does not.
    let has_gateway = matches!(settings.sms.url.scheme(), "http" | "https");
    let sms_timeout = if has_gateway { settings.sms.timeout } else { mail.timeout };
    let rounds = Deliver {
        batch: i64::try_from(fits).unwrap_or(1).clamp(1, 20),
        lease: duration(mail.lease),
        longest_send: duration(mail.timeout.max(sms_timeout)),
        max_attempts: i32::try_from(mail.max_attempts).unwrap_or(i32::MAX),
        first_pause: mail.retry_first.get(),
        longest_pause: mail.retry_longest.get(),
    };
    (rounds, mail.poll.get())
}

/// The same for one outlet: webhooks are tried for longer.
pub(crate) fn rounds_of(settings: &Settings, outlet: &Outlet) -> Deliver {
    let (rounds, webhooks) = (delivery(settings).0, &settings.webhooks);
    match outlet {
        Outlet::Mail(_) | Outlet::Sms(_) | Outlet::Exports => rounds,
        Outlet::Webhook(..) => Deliver {
            longest_send: duration(webhooks.timeout),
            max_attempts: i32::try_from(webhooks.max_attempts).unwrap_or(i32::MAX),
            first_pause: webhooks.retry_first.get(),
            longest_pause: webhooks.retry_longest.get(),
            ..rounds
        },
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;
    use crate::settings::{Surroundings, load};

    #[test]
    fn the_documented_budgets_are_those_of_the_table() {
        let folder = tempfile::TempDir::new().unwrap();
        let surroundings =
            Surroundings { directory: folder.path().to_owned(), variables: Vec::new(), ..Surroundings::default() };
        assert_eq!(limits(&load(&surroundings).unwrap().settings), Limits::default());
    }
}
