//! `selfsame sms test`: sends one text message at once, without the outbox, so that the operator sees the answer of the
//! gateway.

use std::io::Write;

use selfsame_domain::PhoneNumber;
use selfsame_ports::{Clock as _, Sms, SmsError, TextMessage};

use super::{composition_failed, fail, say};
use crate::{
    cli::Exit,
    compose::{SystemClock, open_sms},
    settings::schema::Settings,
};

/// Sends it.
pub(super) fn run(settings: &Settings, number: &str, stdout: &mut dyn Write) -> Exit {
    let Ok(phone) = PhoneNumber::parse(number) else {
        return fail(&format!("{number:?} is not an international phone number, such as +31612345678"));
    };
    let sender = match open_sms(settings) {
        Ok(Some(sender)) => sender,
        Ok(None) => return fail("sms.url is empty: there is no gateway"),
        Err(error) => return composition_failed(&error),
    };
    let now = SystemClock.now();
    let message = TextMessage {
        id: format!("test-{}", now.timestamp_millis()),
        to: phone.as_str().to_owned(),
        locale: None,
        sms: Sms::Test,
    };
    match sender.send(&message, now) {
        Ok(()) => say(stdout, &format!("handed over to {}", settings.sms.url)),
        Err(error @ SmsError::Temporary(_)) => {
            fail(&error.to_string());
            Exit::Temporary
        }
        Err(error @ SmsError::Permanent(_)) => fail(&error.to_string()),
    }
}
