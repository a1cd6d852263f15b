//! Notices of sign-ins from new devices (R25).
//!
//! A device is new if the account was never signed in to with the same browser and system from the same network before (a
//! /16 of IPv4, a /32 of IPv6), unless its client holds a remembered device. Of browser, system and network a MAC is kept, for
//! 400 days after the last sign-in. The first sign-in of an account is no news to its owner.

use std::net::IpAddr;

use selfsame_domain::{RequestContext, UserAgent};
use selfsame_ports::Mail;

use crate::{Core, Fault, account::Account, core::Work};

impl Core {
    /// Notes the use of a remembered device and the origin of a sign-in that is about to be counted, and sends the notice
    /// if it is new. The account is locked and still to be saved.
    pub(crate) fn note_device(&self, work: &mut Work<'_>, account: &mut Account) -> Result<(), Fault> {
        let (now, context) = (self.clock.now(), work.context);
        let is_remembered = match &context.device {
            Some(token) => {
                let ip = context.ip.map(|ip| ip.to_string());
                work.devices().note_use(account.id, token, account.credential_epoch, ip, now)?
            }
            None => false,
        };
        let origin = self.vault.mac("sign-in origin", origin(context).as_bytes());
        let is_known = work.devices().note_origin(account.id, &origin, now)? || is_remembered;
        let is_first = account.sign_in_count == 0;
        if !is_known && !is_first && self.may_notify(account, |budgets| &mut budgets.sign_in_notices) {
            let before = self.before_change(work, account)?;
            self.notify(work, account, &Mail::NewSignIn, &before)?;
        }
        Ok(())
    }
}

fn origin(context: &RequestContext) -> String {
    let UserAgent { browser, system } = UserAgent::of(context.user_agent.as_deref().unwrap_or_default());
    let network = match context.ip.map(|ip| ip.to_canonical()) {
        Some(IpAddr::V4(v4)) => {
            let [a, b, ..] = v4.octets();
            format!("{a}.{b}")
        }
        Some(IpAddr::V6(v6)) => {
            let [a, b, ..] = v6.segments();
            format!("{a:x}:{b:x}")
        }
        None => String::new(),
    };
    format!("{}|{}|{network}", browser.unwrap_or_default(), system.unwrap_or_default())
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test may stop at the first surprise")]
mod tests {
    use super::*;

    #[test]
    fn an_origin_is_the_browser_the_system_and_the_network() {
        let of = |ip: &str, user_agent: &str| {
            let user_agent = Some(user_agent.to_owned());
            origin(&RequestContext { ip: Some(ip.parse().unwrap()), user_agent, ..RequestContext::default() })
        };
        let firefox = "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0";
        assert_eq!(of("192.0.2.7", firefox), "Firefox|Linux|192.0");
        assert_eq!(of("::ffff:192.0.9.9", &firefox.replace("128", "131")), "Firefox|Linux|192.0");
        assert_eq!(of("2001:db8:1::7", "curl/8"), "||2001:db8");
        assert_eq!(origin(&RequestContext::default()), "||");
    }
}
