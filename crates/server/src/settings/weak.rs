//! Checks of production: values within the bounds that break a promise of SECURITY.md. Pure functions.

use std::time::Duration;

use super::{
    check::Findings,
    schema::Settings,
    units::{ByteRate, Rate, Size, Span},
};

/// The score below which zxcvbn calls a password guessable by an online attack (R18).
const LEAST_STRENGTH: u8 = 3;

/// Adds findings for values that weaken a promise.
pub(super) fn refusals(settings: &Settings, findings: &mut Findings) {
    let is_strong = settings.passwords.min_strength >= LEAST_STRENGTH;
    findings.require(is_strong, "passwords.min_strength", format!("must be at least {LEAST_STRENGTH} in production"));
    lifetimes(settings, findings);
    limits(settings, findings);
}

/// Upper limits of lifetimes.
fn lifetimes(settings: &Settings, findings: &mut Findings) {
    let (tokens, verification) = (&settings.tokens, &settings.verification);
    for (key, value, most) in [
        ("verification.code_ttl", verification.code_ttl, Span::hours(1)),
        ("verification.reset_ttl", verification.reset_ttl, Span::hours(1)),
        ("verification.email_change_ttl", verification.email_change_ttl, Span::hours(1)),
        ("tokens.access_ttl", tokens.access_ttl, Span::hours(1)),
        ("tokens.rivergen_access_ttl", tokens.rivergen_access_ttl, Span::hours(1)),
        ("sessions.step_up", settings.sessions.step_up, Span::hours(1)),
        ("sessions.device_ttl", settings.sessions.device_ttl, Span::days(90)),
    ] {
        findings.require(value <= most, key, format!("must be at most {most} in production, found {value}"));
    }
    let (grace, least) = (settings.deletion.grace, Span::hours(24));
    findings.require(
        grace >= least,
        "deletion.grace",
        format!("must be at least {least} in production, found {grace}"),
    );
}

/// Budgets: so many at once, and not more than one more in each time (R20, R35, R86).
fn limits(settings: &Settings, findings: &mut Findings) {
    let limits = &settings.limits;
    let (second, minute) = (Duration::from_secs(1), Duration::from_mins(1));
    for (key, rate, burst, every) in [
        ("limits.code_per_account", limits.code_per_account, 10, 10 * minute),
        ("limits.second_factor_per_account", limits.second_factor_per_account, 10, 10 * minute),
        ("limits.totp_setup_per_user", limits.totp_setup_per_user, 100, second),
        ("limits.backup_codes_per_user", limits.backup_codes_per_user, 50, minute),
        ("limits.password_per_account", limits.password_per_account, 100, minute),
        ("limits.password_per_account_and_ip", limits.password_per_account_and_ip, 50, 5 * second),
        ("limits.password_per_ip", limits.password_per_ip, 1000, second / 10),
        ("limits.proof_per_ip", limits.proof_per_ip, 1000, second / 10),
        ("limits.password_change_per_user", limits.password_change_per_user, 50, second),
        ("limits.mail_per_address", limits.mail_per_address, 20, 10 * second),
        ("limits.mail_per_attempt", limits.mail_per_attempt, 10, 5 * second),
        ("limits.taken_per_ip", limits.taken_per_ip, 1000, second),
        ("limits.reset_per_address", limits.reset_per_address, 20, minute),
        ("limits.mail_per_ip", limits.mail_per_ip, 1000, second),
        ("limits.sign_up_per_ip", limits.sign_up_per_ip, 1000, second),
        ("limits.new_password_per_ip", limits.new_password_per_ip, 1000, second / 10),
        ("limits.notice_per_user", limits.notice_per_user, 50, minute),
        ("limits.export_per_user", limits.export_per_user, 30, 10 * minute),
        ("limits.passkey_per_ip", limits.passkey_per_ip, 1000, second / 10),
        ("limits.passkey_per_user", limits.passkey_per_user, 1000, second),
        ("limits.refresh_per_ip", limits.refresh_per_ip, 10_000, second / 100),
        ("limits.picture_per_user", limits.picture_per_user, 100, second),
        ("limits.sms_pause_per_number", limits.sms_pause_per_number, 5, 10 * second),
        ("limits.sms_per_number", limits.sms_per_number, 20, minute),
        ("limits.sms_per_number_and_day", limits.sms_per_number_and_day, 50, 20 * minute),
        ("limits.sms_per_user", limits.sms_per_user, 50, 5 * minute),
        ("limits.sms_per_ip", limits.sms_per_ip, 1000, minute),
        ("limits.sms_per_server", limits.sms_per_server, 1_000_000, second / 20),
        ("limits.profile_write_per_user", limits.profile_write_per_user, 1000, second / 10),
    ] {
        let Rate { burst: found, every: pause } = rate;
        let message = format!(
            "must be at most {burst} at once and one more each {} ms in production, found {rate}",
            every.as_millis()
        );
        findings.require(found <= burst && pause.get() >= every, key, message);
    }
    let (ByteRate { bytes, per }, most) = (limits.audit_bytes_per_user, Size::mib(200));
    // In an hour; 128 bits hold the product of two times 64.
    let is_slow =
        u128::from(bytes.bytes()) * (60 * minute).as_millis() <= u128::from(most.bytes()) * per.get().as_millis();
    let message = format!("must be at most {most} at once and in each hour in production, found {bytes}/{per}");
    findings.require(bytes <= most && is_slow, "limits.audit_bytes_per_user", message);
}
