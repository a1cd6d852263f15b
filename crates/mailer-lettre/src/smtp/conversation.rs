//! The part of a conversation that sends one mail.

use lettre::{Address, address::Envelope};
use selfsame_ports::MailError;

use super::{connection::Connection, deadline::Deadline, failure::Failure, temporary};

/// Sends one mail. `Ok` means that the server has accepted it, and has the connection if it can be used again.
pub(super) fn hand_over(
    mut connection: Connection,
    mail: &lettre::Message,
    deadline: Deadline,
) -> Result<Option<Connection>, MailError> {
    let (envelope, content) = (mail.envelope(), mail.formatted());
    let parameters = parameters(&connection, envelope, &content)?;
    let from = envelope.from().map(Address::to_string).unwrap_or_default();
    let recipients = envelope.to().iter().map(|to| format!("RCPT TO:<{to}>"));
    let commands = std::iter::once(format!("MAIL FROM:<{from}>{parameters}")).chain(recipients);
    for command in commands {
        connection.command(&command).map_err(Failure::of_the_mail)?;
    }
    connection.begin("DATA", 354).map_err(Failure::of_the_mail)?;
    if !deadline.has_time_for_content() {
        return Err(temporary("the server is too slow to be sent a mail"));
    }
    match connection.content(&content) {
        Ok(_) => Ok(connection.is_in_step().then_some(connection)),
        Err(failure) => failure.after_the_mail().map(|()| None),
    }
}

/// The parameters of RFC 6531 and RFC 6152 for a mail beyond ASCII, if the server supports them.
fn parameters(connection: &Connection, envelope: &Envelope, content: &[u8]) -> Result<String, MailError> {
    let mut parameters = String::new();
    let is_ascii = |address: &Address| AsRef::<str>::as_ref(address).is_ascii();
    if !envelope.to().iter().chain(envelope.from()).all(is_ascii) {
        if !connection.offers("SMTPUTF8") {
            return Err(MailError::Permanent("the server takes no such address".to_owned()));
        }
        parameters.push_str(" SMTPUTF8");
    }
    if !content.is_ascii() {
        if !connection.offers("8BITMIME") {
            return Err(MailError::Permanent("the server takes no mail beyond ASCII".to_owned()));
        }
        parameters.push_str(" BODY=8BITMIME");
    }
    Ok(parameters)
}
