//! Where the caller's account is signed in (R49).

use selfsame_domain::{Place, SignIn, SignInId};

use crate::{Caller, Core, Fault};

/// Most sign-ins that are listed.
const LISTED: i64 = 1000;

/// Asks for the live sign-ins of the caller's account, in browsers and applications.
#[derive(Clone, Copy, Debug)]
pub struct ListSignIns;

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
    /// Reads them, the one used last first. One that was idle for too long is over and not listed.
    pub fn execute(self, core: &Core, caller: &Caller) -> Result<Vec<SignIn>, Fault> {
        let now = core.clock.now();
        let mut sign_ins = core.storage.read()?.live_sign_ins(caller.user.id, now, LISTED)?;
        sign_ins.retain(|sign_in| core.is_usable(sign_in, &caller.user, now));
        Ok(sign_ins)
    }
}

impl Core {
    /// Where a sign-in or a device was made from, by its stored IP address, in words of a language. `None` if it is not known.
    pub fn place_of(&self, ip: Option<&str>, locale: Option<&str>) -> Option<Place> {
        self.places.as_ref()?.place(ip?.parse().ok()?, locale)
    }
}
