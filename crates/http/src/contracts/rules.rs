//! What the domain's rules say of a question that cannot be asked, because other fields of it are missing or of the wrong
//! type: a contract that tells everything that is wrong at once tells this too. A question that can be asked is judged by its
//! use case alone.
//!
//! Nothing is asked of the database here, so what is taken is not told.

use selfsame_application::{
    Caller, Core, Policy,
    profile::update::{NewPicture, UpdateProfile},
    sign_up::start::SignUp,
};
use selfsame_domain::{
    Change, Claim, DataUri, EmailAddress, IdentifierId, Password, Picture, User, Violations,
    id::Id as _,
    profile::{self, Terms},
    text,
};

/// Of a change of the caller's profile.
pub(super) fn of_update(
    UpdateProfile { patch, picture, .. }: &UpdateProfile,
    caller: &Caller,
    core: &Core,
) -> Violations {
    let mut violations = Violations::default();
    match picture {
        Change::Set(NewPicture::Uri(uri)) if DataUri::is(uri) => {
            violations.take(Claim::Picture, DataUri::decode(uri, core.policy.picture_max_bytes).map(drop));
        }
        Change::Set(NewPicture::Uri(uri)) => {
            violations.take(Claim::Picture, Picture::link(uri).map(drop));
        }
        Change::Set(NewPicture::Bytes(_)) | Change::Clear | Change::Keep => {}
    }
    let terms = Terms {
        now: core.clock.now(),
        new_identifier: IdentifierId::from_number(0),
        attributes: core.policy.attributes,
    };
    if let Err(Violations(more)) = profile::apply(&mut caller.user.clone(), patch.clone(), &terms) {
        violations.0.extend(more);
    }
    violations
}

/// Of a new password of somebody.
pub(super) fn of_password(password: &Password, user: &User, policy: &Policy) -> Violations {
    let mut context = user.context_words();
    context.push(&policy.app_name);
    let mut violations = Violations::default();
    violations.take(Claim::Password, policy.passwords.check(password, &context));
    violations
}

/// Of an e-mail address, a display name and a password with which somebody signs up.
pub(super) fn of_sign_up(SignUp { email, password, form, .. }: &SignUp, policy: &Policy) -> Violations {
    let mut violations = Violations::default();
    let address = violations.take(Claim::Email, EmailAddress::parse(email));
    let name = form.name.as_deref().and_then(|typed| violations.take(Claim::Name, text::name(typed)));
    let mut context = vec![policy.app_name.as_str()];
    context.extend(name.as_deref());
    context.extend(address.iter().flat_map(|address| [address.address(), address.local_part()]));
    violations.take(Claim::Password, policy.passwords.check(password, &context));
    violations
}
