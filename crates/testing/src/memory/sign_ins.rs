//! Sign-ins in memory: which one is active in its browser, and how its refresh chain moves on.

use selfsame_domain::{Instant, RefreshChain, SessionId, SignIn, SignInId, UserId};

use super::tables::Tables;

impl Tables {
    /// The sign-in with this id, if it is the user's.
    pub(super) fn own_sign_in(&mut self, user: UserId, id: SignInId) -> Option<&mut SignIn> {
        self.sign_ins.get_mut(&id).filter(|sign_in| sign_in.user_id == user)
    }

    /// The sign-ins of a session that have not been ended, oldest first.
    pub(super) fn sign_ins_of(&self, session: SessionId) -> Vec<SignIn> {
        let of_session = |sign_in: &&SignIn| sign_in.session_id == Some(session) && sign_in.ended_at.is_none();
        let mut found: Vec<SignIn> = self.sign_ins.values().filter(of_session).cloned().collect();
        found.sort_by_key(|sign_in| (sign_in.created_at, sign_in.id));
        found
    }

    /// The sign-in of a session that was activated last, ended or not; of two at one instant the one with the greater id.
    pub(super) fn active_sign_in(&self, session: SessionId) -> Option<&SignIn> {
        let of_session = self.sign_ins.values().filter(|sign_in| sign_in.session_id == Some(session));
        let activated = of_session.filter(|sign_in| sign_in.activated_at.is_some());
        activated.max_by_key(|sign_in| (sign_in.activated_at, sign_in.id))
    }

    /// Makes a sign-in the active one of its session, also when the clock stands or went back since the last time (R97).
    pub(super) fn activate(&mut self, user: UserId, id: SignInId, now: Instant) -> bool {
        let Some(sign_in) = self.own_sign_in(user, id).filter(|sign_in| sign_in.ended_at.is_none()) else {
            return false;
        };
        let session = sign_in.session_id;
        let rival = session.and_then(|session| self.active_sign_in(session)).filter(|active| active.id != id);
        let latest = rival.and_then(|rival| rival.activated_at);
        let after = latest.map_or(now, |latest| now.max(latest + chrono::Duration::milliseconds(1)));
        self.own_sign_in(user, id).map(|sign_in| sign_in.activated_at = Some(after)).is_some()
    }

    pub(super) fn rotate_refresh(&mut self, user: UserId, id: SignInId, chain: &RefreshChain, now: Instant) -> bool {
        let Some(sign_in) = self.own_sign_in(user, id).filter(|sign_in| sign_in.ended_at.is_none()) else {
            return false;
        };
        let place = |chain: &RefreshChain| (chain.hash, chain.generation);
        let stored = sign_in.refresh.as_mut().filter(|stored| place(stored) == place(chain));
        let Some(stored) = stored else { return false };
        (stored.generation, stored.rotated_at) = (chain.generation + 1, now);
        sign_in.last_active_at = now;
        true
    }
}
