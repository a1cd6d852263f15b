//! `selfsame mail test`: sends one mail at once, without the outbox, so that the operator sees the reply of the mail
//! server.

use std::io::Write;

use selfsame_domain::EmailAddress;
use selfsame_ports::{Clock as _, Mail, MailError, Message};

use super::{composition_failed, fail, say};
use crate::{
    cli::Exit,
    compose::{SystemClock, open_mailer},
    settings::schema::Settings,
};

/// Sends it.
pub(super) fn run(settings: &Settings, address: &str, stdout: &mut dyn Write) -> Exit {
    let Ok(email) = EmailAddress::parse(address) else {
        return fail(&format!("{address:?} is not an e-mail address"));
    };
    let mailer = match open_mailer(settings) {
        Ok((mailer, _)) => mailer,
        Err(error) => return composition_failed(&error),
    };
    let now = SystemClock.now();
    let id = format!("test-{}", now.timestamp_millis());
    let message = Message {
        id,
        to: email.address().to_owned(),
        name: None,
        locale: None,
        mail: Mail::Test,
        circumstances: None,
        undo: None,
    };
    match mailer.send(&message, now) {
        Ok(()) => say(stdout, &format!("handed over to {}", settings.mail.url)),
        Err(error @ MailError::Temporary(_)) => {
            fail(&error.to_string());
            Exit::Temporary
        }
        Err(error @ MailError::Permanent(_)) => fail(&error.to_string()),
    }
}
