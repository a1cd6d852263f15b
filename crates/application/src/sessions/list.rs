//! Where the caller's account is signed in (R49).

use selfsame_domain::{Instant, Place, SignIn, SignInId};

use crate::{Caller, Core, Fault};

/// Most sign-ins of a page.
const MAX_PAGE: u16 = 1000;

/// Asks for the live sign-ins of the caller's account, in browsers and applications.
#[derive(Clone, Copy, Debug)]
pub struct ListSignIns {
    /// The place at which the page before it ended; none for the first page.
    pub after: Option<SignInPlace>,
    /// The greatest number of sign-ins; 1 to 1000.
    pub limit: u16,
}

/// The place of a sign-in in the list: its last use, and its id.
pub type SignInPlace = (Instant, SignInId);

/// A page of sign-ins.
#[derive(Clone, Debug, PartialEq)]
pub struct SignInPage {
    /// The one used last first.
    pub sign_ins: Vec<SignIn>,
    /// The value of [`ListSignIns::after`] for the next page; none if this is the last one.
    pub next: Option<SignInPlace>,
}

/// Asks for one of them.
#[derive(Clone, Copy, Debug)]
pub struct ReadSignIn {
    /// Which.
    pub id: SignInId,
}

impl ReadSignIn {
    /// Reads it; `None` if it is not a live sign-in of the caller's account (R62).
    pub fn execute(self, core: &Core, caller: &Caller) -> Result<Option<SignIn>, Fault> {
        let found = core.storage.read()?.sign_in(caller.user.id, self.id, false)?.map(|found| found.sign_in);
        Ok(found.filter(|sign_in| core.is_usable(sign_in, &caller.user, core.clock.now())))
    }
}

impl ListSignIns {
    /// As many as fit into one page, for lists without pages.
    pub const ALL: Self = Self { after: None, limit: MAX_PAGE };

    /// Reads one page. A sign-in that was idle for too long is over and left out, so a page may have fewer than `limit`
    /// although there is a next one.
    pub fn execute(self, core: &Core, caller: &Caller) -> Result<SignInPage, Fault> {
        let now = core.clock.now();
        let limit = self.limit.clamp(1, MAX_PAGE);
        // One more than requested shows whether there is another page.
        let mut queries = core.storage.read()?;
        let mut sign_ins = queries.live_sign_ins(caller.user.id, now, self.after, i64::from(limit) + 1)?;
        let has_more = sign_ins.len() > usize::from(limit);
        sign_ins.truncate(limit.into());
        let next = sign_ins.last().filter(|_| has_more).map(|last| (last.last_active_at, last.id));
        sign_ins.retain(|sign_in| core.is_usable(sign_in, &caller.user, now));
        Ok(SignInPage { sign_ins, next })
    }
}

impl Core {
    /// Where a sign-in or a device was made from, by its stored IP address, in words of a language. `None` if it is not known.
    pub fn place_of(&self, ip: Option<&str>, locale: Option<&str>) -> Option<Place> {
        self.places.as_ref()?.place(ip?.parse().ok()?, locale)
    }
}
