//! The partial update of a profile: one patch for every contract, applied whole or not at all.

use serde_json::{Value, json};

use crate::{
    Attributes, AttributesPolicy, Change, Claim, Difference, FieldRights, Identifier, IdentifierId, IdentifierKind,
    Instant, PhoneNumber, Picture, ReservedNames, Rule, SecondFactorPolicy, User, Username, Violations, text,
};

/// The changes that a caller requests. Texts are as typed; [`apply`] checks them.
#[derive(Clone, Debug, Default)]
pub struct ProfilePatch {
    /// Given name.
    pub given_name: Change<String>,
    /// Family name.
    pub family_name: Change<String>,
    /// Display name.
    pub name: Change<String>,
    /// Username.
    pub preferred_username: Change<String>,
    /// Language tag.
    pub locale: Change<String>,
    /// Time zone.
    pub zoneinfo: Change<String>,
    /// The primary phone number. Another number replaces it and is unproven (R8); clearing removes it.
    pub phone_number: Change<String>,
    /// Picture. The file exists already.
    pub picture: Change<Picture>,
    /// Merged into the stored attributes by RFC 7396.
    pub attributes: Option<Attributes>,
    /// The user's second-factor policy.
    pub second_factor_policy: Option<SecondFactorPolicy>,
    /// One of the caller's own verified addresses.
    pub primary_email: Option<IdentifierId>,
    /// One of the caller's own verified numbers.
    pub primary_phone: Option<IdentifierId>,
}

/// What [`apply`] needs besides the account.
#[derive(Clone, Copy, Debug)]
pub struct Terms<'t> {
    /// The instant of the change.
    pub now: Instant,
    /// The id for a phone number that is new.
    pub new_identifier: IdentifierId,
    /// Limits of the attributes.
    pub attributes: AttributesPolicy,
    /// Usernames that users cannot choose.
    pub reserved: &'t ReservedNames,
    /// What users may do with each claim.
    pub rights: &'t FieldRights,
}

/// Applies a patch to an account and its attributes, and returns what changed: nothing if all values were equal
/// already. If the patch breaks rules, it returns all violations and changes nothing.
pub fn apply(
    user: &mut User,
    attributes: &mut Attributes,
    mut patch: ProfilePatch,
    terms: &Terms<'_>,
) -> Result<Vec<Difference>, Violations> {
    let (mut next, mut next_attributes) = (user.clone(), None);
    let mut violations = Violations::default();
    terms.rights.withhold(&mut patch, &mut violations);

    set(&mut next.given_name, patch.given_name, Claim::GivenName, text::name, &mut violations);
    set(&mut next.family_name, patch.family_name, Claim::FamilyName, text::name, &mut violations);
    set(&mut next.name, patch.name, Claim::Name, text::name, &mut violations);
    set(
        &mut next.preferred_username,
        patch.preferred_username,
        Claim::PreferredUsername,
        |typed| match Username::parse(typed)? {
            // A name that was taken before it was reserved stays.
            own if user.preferred_username.as_ref() == Some(&own) => Ok(own),
            new => terms.reserved.check(new),
        },
        &mut violations,
    );
    set(&mut next.locale, patch.locale, Claim::Locale, text::locale, &mut violations);
    set(&mut next.zoneinfo, patch.zoneinfo, Claim::Zoneinfo, text::zoneinfo, &mut violations);
    match patch.picture {
        Change::Keep => {}
        Change::Clear => next.picture = None,
        Change::Set(picture) => next.picture = Some(picture),
    }
    if let Some(merge) = patch.attributes {
        // The patch is limited too: a large one may remove more than it adds.
        let merged = attributes.merged(&merge);
        match terms.attributes.check(&merge).and_then(|()| terms.attributes.check(&merged)) {
            Ok(()) => next_attributes = Some(merged),
            Err(Violations(more)) => violations.0.extend(more),
        }
    }
    if let Some(policy) = patch.second_factor_policy {
        next.second_factor_policy = policy;
    }
    let mut phone = None;
    set(&mut phone, patch.phone_number.clone(), Claim::PhoneNumber, PhoneNumber::parse, &mut violations);
    if patch.phone_number.is_change() {
        replace_primary_phone(&mut next, phone.as_ref(), terms);
    }
    let mut choose =
        |id, kind, claim| choose_primary(&mut next, id, kind).unwrap_or_else(|rule| violations.push(claim, rule));
    if let Some(id) = patch.primary_email {
        choose(id, IdentifierKind::Email, Claim::PrimaryEmail);
    }
    if let Some(id) = patch.primary_phone {
        choose(id, IdentifierKind::Phone, Claim::PrimaryPhone);
    }

    let mut differences = differences(user, &next);
    if let Some(merged) = &next_attributes {
        differences.extend(attributes.differences("/attributes", merged));
    }
    violations.0.extend(terms.rights.check(&differences).0);
    violations.into_result()?;
    if !differences.is_empty() {
        next.touch(terms.now);
        *user = next;
        *attributes = next_attributes.unwrap_or_else(|| std::mem::take(attributes));
    }
    Ok(differences)
}

fn set<T>(
    field: &mut Option<T>,
    change: Change<String>,
    claim: Claim,
    parse: impl FnOnce(&str) -> Result<T, Rule>,
    violations: &mut Violations,
) {
    match change {
        Change::Keep => {}
        Change::Clear => *field = None,
        Change::Set(typed) => {
            if let Some(value) = violations.take(claim, parse(&typed)) {
                *field = Some(value);
            }
        }
    }
}

/// Makes `phone` the account's primary number. A number that the account has already stays proven; a new one is not
/// (R8). The earlier one is removed, unless it is the second factor: then it stays as another number.
fn replace_primary_phone(user: &mut User, phone: Option<&PhoneNumber>, terms: &Terms<'_>) {
    let same = |identifier: &Identifier| phone.is_some_and(|phone| phone.as_str() == identifier.canonical);
    if user.primary_phone().is_some_and(same) {
        return;
    }
    for second_factor in user.identifiers.iter_mut().filter(|old| old.is_second_factor) {
        second_factor.is_primary = false;
    }
    user.identifiers.retain(|identifier| identifier.kind != IdentifierKind::Phone || !identifier.is_primary);
    let Some(phone) = phone else { return };
    let own = user.identifiers_of(IdentifierKind::Phone).find(|own| same(own)).map(|own| own.id);
    match own {
        Some(own) => make_primary(user, own, IdentifierKind::Phone),
        None => user.identifiers.push(Identifier::phone(terms.new_identifier, phone, true, terms.now)),
    }
}

fn choose_primary(user: &mut User, id: IdentifierId, kind: IdentifierKind) -> Result<(), Rule> {
    let chosen = user.identifier(id).filter(|identifier| identifier.kind == kind).ok_or(Rule::NotOwned)?;
    if !chosen.is_verified() {
        return Err(Rule::NotVerified);
    }
    make_primary(user, id, kind);
    Ok(())
}

/// Makes one identifier the only primary one of its kind.
pub fn make_primary(user: &mut User, id: IdentifierId, kind: IdentifierKind) {
    for identifier in user.identifiers.iter_mut().filter(|identifier| identifier.kind == kind) {
        identifier.is_primary = identifier.id == id;
    }
}

/// The claims in which two states of an account differ, by their OpenID Connect names.
pub fn differences(old: &User, new: &User) -> Vec<Difference> {
    let claims = |user: &User| -> [(&'static str, Value); 10] {
        [
            ("/given_name", json!(user.given_name)),
            ("/family_name", json!(user.family_name)),
            ("/name", json!(user.name)),
            ("/preferred_username", json!(user.preferred_username.as_ref().map(Username::as_str))),
            ("/locale", json!(user.locale)),
            ("/zoneinfo", json!(user.zoneinfo)),
            ("/picture", json!(user.picture.as_ref().map(Picture::as_str))),
            ("/second_factor_policy", json!(user.second_factor_policy.as_str())),
            ("/email", json!(user.primary_email().map(|email| &email.value))),
            ("/phone_number", json!(user.primary_phone().map(|phone| &phone.value))),
        ]
    };
    let changed = claims(old).into_iter().zip(claims(new)).filter(|((_, old), (_, new))| old != new);
    changed.map(|((pointer, old), (_, new))| Difference { pointer: pointer.to_owned(), old, new }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{EmailAddress, FieldRight, UserId, id::Id as _};

    fn now() -> Instant {
        "2026-01-01T00:00:00Z".parse().unwrap()
    }

    fn terms() -> Terms<'static> {
        Terms {
            now: now() + chrono::Duration::hours(1),
            new_identifier: IdentifierId::from_number(99),
            attributes: AttributesPolicy::default(),
            reserved: Box::leak(Box::new(ReservedNames::new(["admin"]))),
            rights: Box::leak(Box::default()),
        }
    }

    fn user() -> User {
        let mut user = User::new(UserId::from_number(1), now());
        let mut add = |number, address, is_primary, verified: bool| {
            let mut email = Identifier::email(
                IdentifierId::from_number(number),
                &EmailAddress::parse(address).unwrap(),
                is_primary,
                now(),
            );
            email.verified_at = verified.then(now);
            user.identifiers.push(email);
        };
        add(10, "ada@example.com", true, true);
        add(11, "ada@work.example", false, true);
        add(12, "new@example.com", false, false);
        user
    }

    fn set_to(text: &str) -> Change<String> {
        Change::Set(text.to_owned())
    }

    #[test]
    fn a_reserved_username_is_refused_unless_it_was_there_before() {
        let mut user = user();
        let patch = ProfilePatch { preferred_username: set_to("Admin"), ..Default::default() };
        let Violations(violations) = apply(&mut user, patch.clone(), &terms()).unwrap_err();
        assert_eq!(violations, [crate::Violation::new(Claim::PreferredUsername, Rule::Reserved)]);
        user.preferred_username = Some(Username::from_stored("Admin".to_owned()));
        assert_eq!(apply(&mut user, patch, &terms()), Ok(vec![]));
    }

    /// Applies a patch to an account without attributes.
    fn apply(user: &mut User, patch: ProfilePatch, terms: &Terms<'_>) -> Result<Vec<Difference>, Violations> {
        super::apply(user, &mut Attributes::default(), patch, terms)
    }

    #[test]
    fn absent_keeps_null_clears_and_a_value_sets() {
        let mut user = user();
        let patch = ProfilePatch { given_name: set_to(" Ada "), family_name: set_to("Lovelace"), ..Default::default() };
        apply(&mut user, patch, &terms()).unwrap();
        apply(&mut user, ProfilePatch { family_name: Change::Clear, ..Default::default() }, &terms()).unwrap();
        assert_eq!((user.given_name.as_deref(), user.family_name.as_deref()), (Some("Ada"), None));
    }

    #[test]
    fn all_violations_are_told_and_nothing_is_changed() {
        let mut user = user();
        let before = user.clone();
        let patch = ProfilePatch {
            given_name: set_to("fine"),
            locale: set_to("no locale"),
            zoneinfo: set_to("Nowhere"),
            phone_number: set_to("12"),
            primary_email: Some(IdentifierId::from_number(12)),
            primary_phone: Some(IdentifierId::from_number(10)),
            ..Default::default()
        };
        let Violations(violations) = apply(&mut user, patch, &terms()).unwrap_err();
        let claims: Vec<_> = violations.iter().map(|violation| violation.claim).collect();
        assert_eq!(
            claims,
            [Claim::Locale, Claim::Zoneinfo, Claim::PhoneNumber, Claim::PrimaryEmail, Claim::PrimaryPhone]
        );
        assert_eq!(user, before);
    }

    #[test]
    fn a_change_counts_and_dates_and_the_same_again_does_neither() {
        let mut user = user();
        let patch = ProfilePatch { name: set_to("Ada"), ..Default::default() };
        let first = apply(&mut user, patch.clone(), &terms()).unwrap();
        assert_eq!(first, [Difference { pointer: "/name".into(), old: Value::Null, new: json!("Ada") }]);
        assert_eq!((user.version, user.updated_at), (2, terms().now));
        assert_eq!(apply(&mut user, patch, &terms()).unwrap(), []);
        assert_eq!(user.version, 2);
    }

    #[test]
    fn updated_at_moves_even_when_the_clock_does_not() {
        let mut user = user();
        let stuck = Terms { now: now() - chrono::Duration::days(1), ..terms() };
        apply(&mut user, ProfilePatch { name: set_to("Ada"), ..Default::default() }, &stuck).unwrap();
        assert!(user.updated_at > now());
    }

    #[test]
    fn r8_another_phone_number_starts_unproven() {
        let mut user = user();
        apply(&mut user, ProfilePatch { phone_number: set_to("+31612345678"), ..Default::default() }, &terms())
            .unwrap();
        user.identifiers[3].verified_at = Some(now());
        let patch = ProfilePatch { phone_number: set_to("+31687654321"), ..Default::default() };
        apply(&mut user, patch, &terms()).unwrap();
        let phone = user.primary_phone().unwrap();
        assert_eq!((phone.value.as_str(), phone.is_verified()), ("+31687654321", false));
        assert_eq!(user.identifiers_of(IdentifierKind::Phone).count(), 1);
    }

    #[test]
    fn a_primary_number_that_is_the_second_factor_stays_when_it_is_replaced_or_cleared() {
        for phone_number in [set_to("+31687654321"), Change::Clear] {
            let mut user = user();
            apply(&mut user, ProfilePatch { phone_number: set_to("+31612345678"), ..Default::default() }, &terms())
                .unwrap();
            user.identifiers[3].verified_at = Some(now());
            user.enrol_phone(user.identifiers[3].id, now());
            let terms = Terms { new_identifier: IdentifierId::from_number(98), ..terms() };
            apply(&mut user, ProfilePatch { phone_number, ..Default::default() }, &terms).unwrap();
            let kept = user.second_factor_phone().unwrap();
            assert_eq!((kept.value.as_str(), kept.is_primary), ("+31612345678", false));
        }
    }

    #[test]
    fn the_same_phone_number_in_another_spelling_keeps_its_proof() {
        let mut user = user();
        apply(&mut user, ProfilePatch { phone_number: set_to("+31612345678"), ..Default::default() }, &terms())
            .unwrap();
        user.identifiers[3].verified_at = Some(now());
        let again = ProfilePatch { phone_number: set_to("+31 6 1234 5678"), ..Default::default() };
        assert_eq!(apply(&mut user, again, &terms()).unwrap(), []);
        assert!(user.primary_phone().unwrap().is_verified());
    }

    #[test]
    fn r11_only_an_own_verified_address_becomes_primary_and_the_old_one_steps_down() {
        let mut user = user();
        let choose =
            |number| ProfilePatch { primary_email: Some(IdentifierId::from_number(number)), ..Default::default() };
        let rule = |result: Result<Vec<Difference>, Violations>| result.unwrap_err().0.remove(0).rule;
        assert_eq!(rule(apply(&mut user, choose(12), &terms())), Rule::NotVerified);
        assert_eq!(rule(apply(&mut user, choose(404), &terms())), Rule::NotOwned);
        apply(&mut user, choose(11), &terms()).unwrap();
        assert_eq!(user.primary_email().unwrap().id, IdentifierId::from_number(11));
        assert_eq!(user.identifiers.iter().filter(|identifier| identifier.is_primary).count(), 1);
    }

    #[test]
    fn only_the_attributes_that_changed_are_told_by_json_pointer() {
        let parsed = |json: &str| Attributes::parse(json).unwrap();
        let mut attributes = parsed(r#"{"a":{"b":1,"c~/d":[1]},"same":"x","gone":true}"#);
        let merge = parsed(r#"{"a":{"b":2,"c~/d":[2]},"same":"x","gone":null,"new":{"x":1}}"#);
        let patch = ProfilePatch { attributes: Some(merge), ..Default::default() };
        let differences = super::apply(&mut user(), &mut attributes, patch, &terms()).unwrap();
        let told: Vec<_> = differences.into_iter().map(|d| (d.pointer, d.old, d.new)).collect();
        let expected = [
            ("/attributes/a/b", json!(1), json!(2)),
            ("/attributes/a/c~0~1d", json!([1]), json!([2])),
            ("/attributes/gone", json!(true), Value::Null),
            ("/attributes/new", Value::Null, json!({"x": 1})),
        ];
        assert_eq!(told, expected.map(|(pointer, old, new)| (pointer.to_owned(), old, new)));
        assert_eq!(attributes.0["a"]["b"], 2);
    }

    #[test]
    fn r63_a_claim_that_is_off_or_read_only_is_not_changed_and_nothing_else_is_with_it() {
        let rights = FieldRights::new([
            (Claim::Name, FieldRight::Read),
            (Claim::Locale, FieldRight::Off),
            (Claim::Email, FieldRight::Read),
            (Claim::Attributes, FieldRight::Off),
            (Claim::Zoneinfo, FieldRight::StepUp),
        ]);
        let terms = Terms { rights: &rights, ..terms() };
        let mut user = user();
        user.name = Some("Ada".to_owned());
        user.locale = Some("en".to_owned());
        let before = user.clone();
        let forbidden = ProfilePatch {
            name: set_to("Eve"),
            locale: set_to("de"),
            given_name: set_to("Eve"),
            attributes: Some(Attributes::parse(r#"{"a":1}"#).unwrap()),
            primary_email: Some(IdentifierId::from_number(11)),
            ..Default::default()
        };
        let Violations(violations) = apply(&mut user, forbidden, &terms).unwrap_err();
        let found: Vec<_> = violations.into_iter().map(|violation| (violation.claim, violation.rule)).collect();
        assert_eq!(
            found,
            [
                (Claim::Locale, Rule::NotOffered),
                (Claim::Attributes, Rule::NotOffered),
                (Claim::Name, Rule::ReadOnly),
                (Claim::Email, Rule::ReadOnly)
            ]
        );
        assert_eq!(user, before);
        // What its user sees may be sent back as it is: the name, and the locale as unset.
        let same = ProfilePatch {
            name: set_to("Ada"),
            locale: Change::Clear,
            zoneinfo: set_to("Europe/London"),
            attributes: Some(Attributes::default()),
            primary_email: Some(IdentifierId::from_number(10)),
            ..Default::default()
        };
        let differences = apply(&mut user, same, &terms).unwrap();
        assert_eq!(differences.iter().map(|one| one.pointer.as_str()).collect::<Vec<_>>(), ["/zoneinfo"]);
        assert_eq!((user.locale.as_deref(), rights.at("/zoneinfo")), (Some("en"), FieldRight::StepUp));
        assert_eq!((rights.shown(&user).locale.as_deref(), rights.shown(&user).name.as_deref()), (None, Some("Ada")));
    }
}
