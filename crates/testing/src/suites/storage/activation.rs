//! Which sign-in a browser acts in: the one that was activated last.

use selfsame_domain::{Attributes, Session, SignIn, SignInId, TokenHash, User};
use selfsame_ports::{SessionState, Storage};
use serde_json::json;

use super::{
    sessions::stored_session,
    sign_ins::{found, stored},
    support::{read, unit},
};
use crate::builders::{a_sign_in, a_user, fresh_id, t0, t0_plus};

/// A browser.
struct Browser<'s> {
    storage: &'s dyn Storage,
    session: Session,
    cookie: TokenHash,
}

impl<'s> Browser<'s> {
    fn new(storage: &'s dyn Storage) -> Self {
        let (session, cookie) = stored_session(storage);
        Self { storage, session, cookie }
    }

    /// A sign-in of the browser that was activated so many seconds after `t0`, or never.
    fn sign_in(&self, user: &User, activated: Option<i64>) -> SignIn {
        let activated_at = activated.map(t0_plus);
        stored(self.storage, SignIn { session_id: Some(self.session.id), activated_at, ..a_sign_in(user) })
    }

    fn state(&self, with_attributes: bool) -> SessionState {
        let state = read(self.storage, |queries| queries.session(&self.cookie, t0(), with_attributes));
        state.expect("the session is there")
    }

    fn active(&self) -> Option<SignInId> {
        self.state(false).active
    }

    fn activate(&self, sign_in: &SignIn, seconds: i64) -> bool {
        unit(self.storage, |unit| unit.sessions().activate(sign_in.user_id, sign_in.id, t0_plus(seconds)))
    }

    fn end(&self, sign_in: &SignIn, seconds: i64) {
        unit(self.storage, |unit| unit.sessions().end_sign_in(sign_in.user_id, sign_in.id, t0_plus(seconds)));
    }
}

pub fn the_sign_in_that_was_activated_last_is_active(storage: &dyn Storage) {
    let browser = Browser::new(storage);
    let elsewhere = Browser::new(storage);
    let [ada, grace] = [(); 2].map(|()| a_user().stored_in(storage));
    let never = browser.sign_in(&ada, None);
    assert_eq!(browser.active(), None);
    let later = browser.sign_in(&ada, Some(20));
    let earlier = browser.sign_in(&grace, Some(10));
    elsewhere.sign_in(&ada, Some(99));
    assert_eq!(browser.active(), Some(later.id));

    assert!(browser.activate(&never, 30));
    assert_eq!(browser.active(), Some(never.id));
    assert!(browser.activate(&earlier, 40));
    assert_eq!(browser.active(), Some(earlier.id));
    assert_eq!(found(storage, &earlier), Some(SignIn { activated_at: Some(t0_plus(40)), ..earlier }));
    assert_eq!(found(storage, &later), Some(later), "the others are as they were");
}

pub fn of_two_that_were_activated_at_one_instant_the_one_with_the_greater_id_is_active(storage: &dyn Storage) {
    let browser = Browser::new(storage);
    let user = a_user().stored_in(storage);
    let [less, greater] =
        [(); 2].map(|()| SignIn { session_id: Some(browser.session.id), activated_at: Some(t0()), ..a_sign_in(&user) });
    let greater = stored(storage, greater);
    stored(storage, less);
    assert_eq!(browser.active(), Some(greater.id));
}

pub fn r97_a_sign_in_becomes_active_also_when_the_clock_stands_or_went_back(storage: &dyn Storage) {
    let browser = Browser::new(storage);
    let user = a_user().stored_in(storage);
    let [first, second] = [(); 2].map(|()| browser.sign_in(&user, Some(10)));
    for seconds in [10, 10, 9, -99, 10, 11] {
        for sign_in in [&first, &second] {
            assert!(browser.activate(sign_in, seconds));
            assert_eq!(browser.active(), Some(sign_in.id), "at {seconds}");
        }
    }
}

pub fn only_an_own_sign_in_that_has_not_ended_can_be_activated(storage: &dyn Storage) {
    let browser = Browser::new(storage);
    let [ada, grace] = [(); 2].map(|()| a_user().stored_in(storage));
    let active = browser.sign_in(&ada, Some(0));
    let ended = browser.sign_in(&ada, None);
    browser.end(&ended, 1);
    assert!(!browser.activate(&ended, 5));
    let foreign = SignIn { user_id: grace.id, ..browser.sign_in(&ada, None) };
    assert!(!browser.activate(&foreign, 5), "of another account");
    assert!(!browser.activate(&SignIn { id: fresh_id(), ..active.clone() }, 5), "unknown");
    assert_eq!(browser.active(), Some(active.id));
}

pub fn a_sign_out_gives_the_browser_back_to_the_one_before(storage: &dyn Storage) {
    let browser = Browser::new(storage);
    let [ada, grace] = [(); 2].map(|()| a_user().stored_in(storage));
    let [first, third] = [10, 30].map(|seconds| browser.sign_in(&ada, Some(seconds)));
    let second = browser.sign_in(&grace, Some(20));
    browser.end(&first, 40);
    assert_eq!(browser.active(), Some(third.id), "it was not the active one that ended");
    browser.end(&third, 50);
    assert_eq!(browser.active(), Some(second.id));
    browser.end(&second, 60);
    assert_eq!(browser.active(), None);
}

pub fn r21_where_all_sign_ins_of_an_account_ended_nobody_is_active(storage: &dyn Storage) {
    let [browser, elsewhere, kept] = [(); 3].map(|()| Browser::new(storage));
    let [ada, grace] = [(); 2].map(|()| a_user().stored_in(storage));
    let of_grace = browser.sign_in(&grace, Some(10));
    let of_ada = browser.sign_in(&ada, Some(20));
    let [not_active, active] = [elsewhere.sign_in(&ada, Some(10)), elsewhere.sign_in(&grace, Some(20))];
    let spared = kept.sign_in(&ada, Some(20));
    unit(storage, |unit| unit.sessions().end_sign_ins_of(ada.id, Some(spared.id), t0_plus(30)));

    let live = |browser: &Browser<'_>| {
        let state = browser.state(true);
        let ids: Vec<SignInId> = state.sign_ins.iter().map(|(sign_in, _)| sign_in.id).collect();
        (state.active, ids, state.attributes.is_some())
    };
    assert_eq!(live(&browser), (Some(of_ada.id), vec![of_grace.id], false), "the active one is over, so nobody acts");
    assert_eq!(live(&elsewhere), (Some(active.id), vec![active.id], true));
    assert_eq!(live(&kept), (Some(spared.id), vec![spared.id], true));
    assert_eq!(found(storage, &not_active).and_then(|ended| ended.activated_at), Some(t0_plus(10)));
    assert!(browser.activate(&of_grace, 40), "who is left may go on by choice");
    assert_eq!(browser.active(), Some(of_grace.id));
}

pub fn attributes_come_with_a_session_of_the_active_account_alone(storage: &dyn Storage) {
    let browser = Browser::new(storage);
    let themed = |theme: &str| a_user().with_attributes(json!({ "theme": theme })).stored_in(storage);
    let [ada, grace] = ["dark", "light"].map(themed);
    let nobody = a_user().stored_in(storage);
    let [of_ada, of_grace, of_nobody] = [&ada, &grace, &nobody].map(|user| browser.sign_in(user, None));
    assert_eq!(browser.state(true).attributes, None, "nobody is active");

    let parsed = |json| Some(Attributes::parse(json).unwrap());
    let activations = [
        (&of_ada, parsed(r#"{"theme":"dark"}"#)),
        (&of_grace, parsed(r#"{"theme":"light"}"#)),
        (&of_nobody, parsed("{}")),
    ];
    for (sign_in, expected) in activations {
        browser.activate(sign_in, 10);
        assert_eq!(browser.state(true).attributes, expected);
        assert_eq!(browser.state(false).attributes, None, "they were not asked for");
    }
}

pub fn a_sign_in_has_the_name_that_its_own_account_gave_it(storage: &dyn Storage) {
    let (ada, grace) = (a_user().stored_in(storage), a_user().stored_in(storage));
    let sign_in = a_sign_in(&ada);
    unit(storage, |unit| unit.sessions().insert_sign_in(&sign_in));
    let name = |user: &User, name: Option<&str>| {
        unit(storage, |unit| unit.sessions().name_sign_in(user.id, sign_in.id, name.map(str::to_owned)))
    };
    let stored = || read(storage, |queries| queries.sign_in(ada.id, sign_in.id, false)).unwrap().sign_in.name;
    assert!(!name(&grace, Some("not hers")));
    assert!(name(&ada, Some("Work laptop")));
    assert_eq!(stored().as_deref(), Some("Work laptop"));
    assert!(name(&ada, None));
    assert_eq!(stored(), None);
    unit(storage, |unit| unit.sessions().end_sign_in(ada.id, sign_in.id, t0()));
    assert!(!name(&ada, Some("too late")));
}
