//! Remembered devices and notices of new ones, over memory and fakes.

#![expect(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

mod common;

use std::{sync::Arc, thread, time::Duration};

use common::*;
use selfsame_application::{
    Caller, Fault,
    devices::{
        activate::{ActivateDevice, ActivateDeviceError},
        forget::{ForgetDevice, ForgetDeviceError, ForgetDevices},
        list::ListDevices,
        offer::{OfferDevice, OfferDeviceError},
        remember::{RememberDevice, RememberDeviceError, RememberedDevice},
    },
    password::change::{ChangePassword, OwnSignIn},
    sessions::end::EndOtherSignIns,
    sign_in::with_password::{SignIn, SignInOutcome},
};
use selfsame_domain::{Action, Claim, Factor, Factors, Password, Place, RequestContext, Rule};
use selfsame_ports::{Clock as _, Mail, Places};

const EMAIL: &str = "ada@example.com";
const FIREFOX: &str = "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0";
const SAFARI: &str = "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) \
    Version/17.5 Mobile/15E148 Safari/604.1";

/// An account with a one-time password, and a caller who gave one a moment ago.
fn with_second_factor(test: &TestCore) -> Caller {
    test.verified_user(EMAIL);
    test.enrol(EMAIL, Factors::of([Factor::Totp]));
    second_factor_caller(test)
}

/// A further sign-in with a second factor.
fn second_factor_caller(test: &TestCore) -> Caller {
    test.caller_by(EMAIL, Factors::of([Factor::Password, Factor::Totp]))
}

fn remember(test: &TestCore, caller: &Caller) -> RememberedDevice {
    RememberDevice { name: Some("Laptop".to_owned()), context: context() }.execute(&test.core, caller).unwrap()
}

/// A request of the client of a device.
fn of(device: &RememberedDevice) -> RequestContext {
    RequestContext { device: Some(device.token.hash()), ..context() }
}

fn is_remembered(test: &TestCore, caller: &Caller, device: &RememberedDevice) -> bool {
    let user = test.ports.storage.read().unwrap().user(caller.user.id).unwrap().unwrap();
    test.core.remembered(&user, &of(device)).unwrap()
}

#[test]
fn a_device_is_remembered_after_a_second_factor_until_it_expires() {
    let test = TestCore::new();
    let caller = with_second_factor(&test);
    let device = remember(&test, &caller);
    assert_eq!(device.device.name.as_deref(), Some("Laptop"));
    assert!(is_remembered(&test, &caller, &device));
    assert!(!test.core.remembered(&caller.user, &context()).unwrap(), "without its token");
    let listed = ListDevices.execute(&test.core, &caller, Some(&device.token.hash())).unwrap();
    assert_eq!((listed.devices, listed.current), (vec![device.device.clone()], Some(device.device.id)));
    assert_eq!(count_events(&test, caller.user.id, Action::DeviceRemembered), 1);
    test.clock.advance(Duration::from_hours(30 * 24) - Duration::from_millis(1));
    assert!(is_remembered(&test, &caller, &device));
    test.clock.advance(Duration::from_millis(1));
    assert!(!is_remembered(&test, &caller, &device));
}

#[test]
fn no_device_is_remembered_without_a_fresh_second_factor() {
    let test = TestCore::new();
    test.verified_user(EMAIL);
    let ask = || RememberDevice { name: None, context: context() };
    let plain = test.caller(&test.tokens(EMAIL));
    assert_eq!(ask().execute(&test.core, &plain).unwrap_err(), RememberDeviceError::NoSecondFactor);
    test.enrol(EMAIL, Factors::of([Factor::Totp]));
    let one_factor = test.caller_by(EMAIL, Factors::of([Factor::Password]));
    assert!(matches!(ask().execute(&test.core, &one_factor), Err(RememberDeviceError::StepUp(_))));
    let offer = OfferDevice { name: None, context: context() };
    assert_eq!(offer.execute(&test.core, &one_factor.sign_in).unwrap_err(), OfferDeviceError::NotProven);
    let stale = second_factor_caller(&test);
    test.clock.advance(Duration::from_mins(10));
    assert!(matches!(ask().execute(&test.core, &stale), Err(RememberDeviceError::StepUp(_))));
}

#[test]
fn r27_r33_a_remembered_device_takes_the_place_of_the_second_factor_at_sign_in_and_nowhere_else() {
    let test = TestCore::new();
    let caller = with_second_factor(&test);
    let device = remember(&test, &caller);
    let sign_in = |context| SignIn { context, ..sign_in(EMAIL, PASSWORD) }.execute(&test.core).unwrap();
    assert!(matches!(sign_in(context()), SignInOutcome::Incomplete { .. }));
    let SignInOutcome::Completed(signed_in) = sign_in(of(&device)) else { unreachable!("it is remembered") };
    assert_eq!(signed_in.sign_in.assurance.methods, Factors::of([Factor::Password]));
    let again = RememberDevice { name: None, context: context() };
    let caller = test.caller(&tokens_of(*signed_in));
    assert!(matches!(again.execute(&test.core, &caller), Err(RememberDeviceError::StepUp(_))));
}

#[test]
fn a_device_has_a_name_that_can_be_shown() {
    let test = TestCore::new();
    let caller = with_second_factor(&test);
    let ask = RememberDevice { name: Some("x".repeat(65)), context: context() };
    let Err(RememberDeviceError::Invalid(violations)) = ask.execute(&test.core, &caller) else {
        unreachable!("a name that is too long")
    };
    assert_eq!((violations.0[0].claim, &violations.0[0].rule), (Claim::Name, &Rule::TooLong { max: 64 }));
}

#[test]
fn a_device_of_one_account_is_none_of_another() {
    let test = TestCore::new();
    let caller = with_second_factor(&test);
    let device = remember(&test, &caller);
    let eve = test.verified_user("eve@example.com");
    assert!(!test.core.remembered(&eve, &of(&device)).unwrap());
    let eve = test.caller(&test.tokens("eve@example.com"));
    let forget = ForgetDevice { id: device.device.id, context: context() };
    assert_eq!(forget.execute(&test.core, &eve), Err(ForgetDeviceError::UnknownDevice));
    let listed = ListDevices.execute(&test.core, &eve, Some(&device.token.hash())).unwrap();
    assert_eq!((listed.devices, listed.current), (Vec::new(), None));
    assert!(is_remembered(&test, &caller, &device));
}

#[test]
fn devices_are_forgotten_one_by_one_and_all_together() {
    let test = TestCore::new();
    let caller = with_second_factor(&test);
    let [one, two, three] = [(); 3].map(|()| remember(&test, &caller));
    let forget = ForgetDevice { id: one.device.id, context: context() };
    assert_eq!(forget.execute(&test.core, &caller), Ok(()));
    assert_eq!(forget.execute(&test.core, &caller), Err(ForgetDeviceError::UnknownDevice));
    let remembered = || [&one, &two, &three].map(|device| is_remembered(&test, &caller, device));
    assert_eq!(remembered(), [false, true, true]);
    for _ in 0..2 {
        ForgetDevices { context: context() }.execute(&test.core, &caller).unwrap();
    }
    assert_eq!(remembered(), [false; 3]);
    assert_eq!(count_events(&test, caller.user.id, Action::DevicesForgotten), 1);
}

#[test]
fn a_device_is_void_when_a_credential_changes_and_when_all_others_end() {
    let test = TestCore::new();
    let caller = with_second_factor(&test);
    let device = remember(&test, &caller);
    EndOtherSignIns { context: context() }.execute(&test.core, &caller).unwrap();
    assert!(!is_remembered(&test, &caller, &device));

    let device = remember(&test, &caller);
    let change = ChangePassword {
        current_password: Password::new(PASSWORD),
        new_password: Password::new(OTHER_PASSWORD),
        own_sign_in: OwnSignIn::GoesOn { access_ttl: Duration::from_mins(5) },
        context: context(),
    };
    change.execute(&test.core, &caller).unwrap();
    assert!(!is_remembered(&test, &caller, &device));
    let caller = Caller { user: test.ports.storage.read().unwrap().user(caller.user.id).unwrap().unwrap(), ..caller };
    assert!(ListDevices.execute(&test.core, &caller, None).unwrap().devices.is_empty());
}

#[test]
fn r12_an_offer_is_accepted_once_within_five_minutes() {
    let test = TestCore::new();
    let caller = with_second_factor(&test);
    let offer = || OfferDevice { name: None, context: context() }.execute(&test.core, &caller.sign_in).unwrap();
    let accept = |offer: &RememberedDevice| {
        ActivateDevice { token: offer.token.expose().to_owned(), context: context() }.execute(&test.core, &caller)
    };
    let offered = offer();
    assert!(!is_remembered(&test, &caller, &offered), "only offered");
    let device = accept(&offered).unwrap();
    assert!(is_remembered(&test, &caller, &device) && !is_remembered(&test, &caller, &offered));
    assert_eq!(device.device.id, offered.device.id);
    assert_eq!(accept(&offered).unwrap_err(), ActivateDeviceError::InvalidToken);
    let late = offer();
    test.clock.advance(Duration::from_mins(5));
    assert_eq!(accept(&late).unwrap_err(), ActivateDeviceError::InvalidToken);
    assert_eq!(accept(&device).unwrap_err(), ActivateDeviceError::InvalidToken);
}

#[test]
fn r12_an_offer_that_twenty_threads_accept_is_accepted_once() {
    let test = TestCore::with(|_, limits| limits.enabled = false);
    let caller = with_second_factor(&test);
    let offer = OfferDevice { name: None, context: context() }.execute(&test.core, &caller.sign_in).unwrap();
    let accept = || ActivateDevice { token: offer.token.expose().to_owned(), context: context() };
    let accepted = thread::scope(|scope| {
        let threads: Vec<_> = (0..20).map(|_| scope.spawn(|| accept().execute(&test.core, &caller).is_ok())).collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).filter(|done| *done).count()
    });
    assert_eq!(accepted, 1);
}

#[test]
fn r86_devices_are_remembered_within_the_write_budget_of_the_account() {
    let test = TestCore::with(|_, limits| limits.profile_write_per_user.burst = 2);
    let caller = with_second_factor(&test);
    remember(&test, &caller);
    remember(&test, &caller);
    let refused = RememberDevice { name: None, context: context() }.execute(&test.core, &caller);
    assert!(matches!(refused, Err(RememberDeviceError::Fault(Fault::Limited(_)))));
}

fn sign_in_from(test: &TestCore, ip: &str, user_agent: &str, device: Option<&RememberedDevice>) {
    let context = RequestContext {
        ip: Some(ip.parse().unwrap()),
        user_agent: Some(user_agent.to_owned()),
        device: device.map(|device| device.token.hash()),
        ..context()
    };
    SignIn { context, ..sign_in(EMAIL, PASSWORD) }.execute(&test.core).unwrap();
}

fn notices(test: &TestCore) -> usize {
    test.mails_to(EMAIL).iter().filter(|mail| **mail == Mail::NewSignIn).count()
}

#[test]
fn r25_a_sign_in_from_a_new_device_is_told_to_the_owner_once() {
    let test = TestCore::new();
    test.verified_user(EMAIL);
    sign_in_from(&test, "192.0.2.7", FIREFOX, None);
    assert_eq!(notices(&test), 0, "the first sign-in is no news");
    sign_in_from(&test, "192.0.99.7", FIREFOX, None);
    assert_eq!(notices(&test), 0, "the same network");
    sign_in_from(&test, "192.0.2.7", SAFARI, None);
    assert_eq!(notices(&test), 1, "another browser");
    sign_in_from(&test, "198.51.100.1", FIREFOX, None);
    assert_eq!(notices(&test), 2, "another network");
    sign_in_from(&test, "198.51.100.1", FIREFOX, None);
    assert_eq!(notices(&test), 2, "known by now");
}

#[test]
fn a_remembered_device_is_no_new_one_wherever_it_is() {
    let test = TestCore::new();
    let caller = with_second_factor(&test);
    let device = remember(&test, &caller);
    tick(&test);
    sign_in_from(&test, "203.0.113.5", SAFARI, Some(&device));
    assert_eq!(notices(&test), 0);
    let listed = ListDevices.execute(&test.core, &caller, None).unwrap().devices;
    assert_eq!((listed[0].ip.as_deref(), listed[0].last_used_at), (Some("203.0.113.5"), test.clock.now()));
}

#[test]
fn r86_notices_of_sign_ins_have_a_budget() {
    let test = TestCore::new();
    test.verified_user(EMAIL);
    for network in 1..=8 {
        sign_in_from(&test, &format!("10.{network}.0.1"), FIREFOX, None);
    }
    assert_eq!(notices(&test), 5);
}

/// Knows one place, in two languages.
struct OnePlace;

impl Places for OnePlace {
    fn place(&self, ip: std::net::IpAddr, locale: Option<&str>) -> Option<Place> {
        let country = if locale == Some("nl-NL") { "Nederland" } else { "Netherlands" };
        let place =
            || Place { city: Some("Amsterdam".to_owned()), country: Some(country.to_owned()), ..Place::default() };
        ip.to_string().starts_with("198.51.").then(place)
    }
}

#[test]
fn r25_a_notice_tells_device_address_place_and_time_as_its_reader_writes_them() {
    let test = TestCore::new().over(|ports| ports.places = Some(Arc::new(OnePlace)));
    let user = test.verified_user(EMAIL);
    test.change_user(EMAIL, |user| {
        user.locale = Some("nl-NL".to_owned());
        user.zoneinfo = Some("Europe/Amsterdam".to_owned());
    });
    sign_in_from(&test, "192.0.2.7", FIREFOX, None);
    sign_in_from(&test, "198.51.100.1", SAFARI, None);
    let told = test.mails().pop().unwrap().circumstances.unwrap();
    assert_eq!(told.device.as_deref(), Some("Safari op iPhone"));
    assert_eq!(told.ip.as_deref(), Some("198.51.100.1"));
    assert_eq!(told.place.as_deref(), Some("Amsterdam, Nederland"));
    assert_eq!(told.time, "14-03-26, 16:09:26 (Europe/Amsterdam, UTC+01:00)");
    let place = test.core.place_of(Some("198.51.100.1"), None).unwrap();
    assert_eq!(place.in_words().as_deref(), Some("Amsterdam, Netherlands"));
    assert_eq!(test.core.place_of(Some("not an address"), None), None);
    assert_eq!(user.locale, None);
}
