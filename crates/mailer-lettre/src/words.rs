//! The text of every mail: subject, text and HTML, from the templates in `templates/`, which are part of the binary.
//!
//! Every value in HTML is escaped. A template with an unknown value fails and does not leave a gap. In the text, code
//! and link have lines of their own, so that they can be found and copied. The subject never contains a code, because
//! subjects are in the logs of mail servers and on locked screens.

use minijinja::{
    Environment, Error, UndefinedBehavior, Value, context,
    syntax::SyntaxConfig,
    value::{Serde, merge_maps},
};
use selfsame_ports::{Circumstances, Mail, UndoLink};

/// Greatest length of a line in a text, in characters (RFC 3676 section 4.2 recommends up to 78).
const WIDTH: usize = 72;

/// A rendered mail.
pub(crate) struct Words {
    pub(crate) subject: String,
    pub(crate) text: String,
    pub(crate) html: String,
}

/// The sources of one mail.
struct Sources {
    subject: &'static str,
    text: &'static str,
    html: &'static str,
}

/// The two templates called `$file`.
macro_rules! sources {
    ($file:literal, $subject:literal) => {
        Sources {
            subject: $subject,
            text: include_str!(concat!("../templates/", $file, ".txt")),
            html: include_str!(concat!("../templates/", $file, ".html")),
        }
    };
}

fn sources(mail: &Mail) -> Sources {
    match mail {
        Mail::VerifyEmail { .. } => sources!("verify_email", "Confirm your e-mail address for {{ app_name }}"),
        Mail::Invitation { .. } => sources!("invitation", "An account for you at {{ app_name }}"),
        Mail::AlreadyRegistered => sources!("already_registered", "You already have an account at {{ app_name }}"),
        Mail::ResetPassword { .. } => sources!("reset_password", "Choose a new password for {{ app_name }}"),
        Mail::PasswordChanged => sources!("password_changed", "Your {{ app_name }} password was changed"),
        Mail::ConfirmEmailChange { .. } => {
            sources!("confirm_email_change", "Confirm your new e-mail address for {{ app_name }}")
        }
        Mail::EmailChangeRequested { .. } => {
            sources!("email_change_requested", "A new e-mail address for your {{ app_name }} account?")
        }
        Mail::EmailChanged { .. } => {
            sources!("email_changed", "The e-mail address of your {{ app_name }} account was changed")
        }
        Mail::ContactChanged => {
            sources!("contact_changed", "The contact details of your {{ app_name }} account were changed")
        }
        Mail::DeletionScheduled { .. } => {
            sources!("deletion_scheduled", "Your {{ app_name }} account will be deleted")
        }
        Mail::DeletionCancelled => sources!("deletion_cancelled", "Your {{ app_name }} account stays"),
        Mail::AccountDeleted => sources!("account_deleted", "Your {{ app_name }} account was deleted"),
        Mail::ChangeUndone { .. } => {
            sources!("change_undone", "A change of your {{ app_name }} account was undone")
        }
        Mail::AuthenticatorAdded => {
            sources!("authenticator_added", "An authenticator app was added to your {{ app_name }} account")
        }
        Mail::AuthenticatorRemoved => {
            sources!("authenticator_removed", "The authenticator app of your {{ app_name }} account was removed")
        }
        Mail::SmsFactorAdded { .. } => {
            sources!("sms_factor_added", "Text messages were added to the sign-in of your {{ app_name }} account")
        }
        Mail::SmsFactorRemoved { .. } => {
            sources!("sms_factor_removed", "Text messages were removed from the sign-in of your {{ app_name }} account")
        }
        Mail::BackupCodesMade => {
            sources!("backup_codes_made", "New backup codes for your {{ app_name }} account")
        }
        Mail::BackupCodeUsed { .. } => {
            sources!("backup_code_used", "A backup code of your {{ app_name }} account was used")
        }
        Mail::PasskeyAdded => sources!("passkey_added", "A passkey was added to your {{ app_name }} account"),
        Mail::PasskeyRemoved => sources!("passkey_removed", "A passkey was removed from your {{ app_name }} account"),
        Mail::ContactAdded { .. } => {
            sources!("contact_added", "New contact details for your {{ app_name }} account")
        }
        Mail::ContactVerified { .. } => {
            sources!("contact_verified", "New contact details of your {{ app_name }} account were confirmed")
        }
        Mail::ContactRemoved { .. } => {
            sources!("contact_removed", "Contact details of your {{ app_name }} account were removed")
        }
        Mail::ContactClaimed { .. } => {
            sources!("contact_claimed", "Somebody used your contact details at {{ app_name }}")
        }
        Mail::PasswordRemoved => sources!("password_removed", "Your {{ app_name }} password was removed"),
        Mail::NewSignIn => sources!("new_sign_in", "A new sign-in to your {{ app_name }} account"),
        Mail::Test => sources!("test", "Test mail from {{ app_name }}"),
    }
}

/// The service in its mails.
pub(crate) struct Brand {
    pub(crate) app_name: String,
    /// Address of a picture.
    pub(crate) logo_url: Option<String>,
    /// Of the button, as CSS has it.
    pub(crate) color: String,
}

/// Renders mails for one service.
pub(crate) struct Templates {
    environment: Environment<'static>,
    brand: Brand,
}

impl Templates {
    pub(crate) fn new(brand: Brand) -> Result<Self, Error> {
        let mut environment = Environment::new();
        environment.set_undefined_behavior(UndefinedBehavior::Strict);
        environment.set_syntax(SyntaxConfig::builder().trim_blocks(true).lstrip_blocks(true).build()?);
        environment.add_filter("lifetime", lifetime);
        environment.add_template("layout.txt", include_str!("../templates/layout.txt"))?;
        environment.add_template("layout.html", include_str!("../templates/layout.html"))?;
        environment.add_template("parts.html", include_str!("../templates/parts.html"))?;
        Ok(Self { environment, brand })
    }

    /// The name of the service.
    pub(crate) fn app_name(&self) -> &str {
        &self.brand.app_name
    }

    /// `name` is the recipient's name, if known; `circumstances` and `undo` are those of a notice.
    pub(crate) fn render(
        &self,
        mail: &Mail,
        name: Option<&str>,
        circumstances: Option<&Circumstances>,
        undo: Option<&UndoLink>,
    ) -> Result<Words, Error> {
        let sources = sources(mail);
        let Brand { app_name, logo_url, color } = &self.brand;
        let brand = context! { app_name, logo_url, color };
        let subject = self.environment.render_str(sources.subject, &brand)?;
        let name = name.filter(|name| is_mere_name(name));
        let circumstances = circumstances.map(|circumstances| Value::from(Serde(circumstances)));
        let undo = undo.map(|undo| Value::from(Serde(undo)));
        let own = context! { name, circumstances, undo, subject => subject.as_str() };
        let values = merge_maps([own, brand, Value::from(Serde(mail))]);
        let text = wrapped(&self.environment.render_named_str("mail.txt", sources.text, &values)?);
        let html = self.environment.render_named_str("mail.html", sources.html, &values)?;
        Ok(Words { subject, text, html })
    }
}

/// The text with its paragraphs in lines of at most [`WIDTH`] characters. A longer word, such as a link, is a line.
fn wrapped(text: &str) -> String {
    let paragraphs = text.split("\n\n").map(|paragraph| {
        let mut lines: Vec<String> = Vec::new();
        for word in paragraph.split_ascii_whitespace() {
            match lines.last_mut() {
                Some(line) if line.chars().count() + 1 + word.chars().count() <= WIDTH => {
                    line.push(' ');
                    line.push_str(word);
                }
                _ => lines.push(word.to_owned()),
            }
        }
        lines.join("\n")
    });
    paragraphs.collect::<Vec<_>>().join("\n\n")
}

/// `90` to `90 minutes`, `120` to `2 hours`, `2880` to `2 days`.
fn lifetime(minutes: i64) -> String {
    let (count, unit) = match minutes {
        2880.. if minutes % 1440 == 0 => (minutes / 1440, "day"),
        60.. if minutes % 60 == 0 => (minutes / 60, "hour"),
        _ => (minutes, "minute"),
    };
    format!("{count} {unit}{}", if count == 1 { "" } else { "s" })
}

/// Whether a name may be in a mail. At sign-up anybody chooses name and address freely, and must not be able to send a
/// message or a link to somebody else through this server.
fn is_mere_name(name: &str) -> bool {
    let is_host_like = name.split(|char: char| !(char.is_alphanumeric() || char == '.' || char == '-')).any(|word| {
        let mut labels = word.rsplit('.');
        labels.next().is_some_and(|last| last.chars().count() > 1)
            && labels.next().is_some_and(|label| !label.is_empty())
    });
    (1..=64).contains(&name.chars().count())
        && !name.trim().is_empty()
        && !name.contains(|char: char| char.is_control() || "/\\:@<>".contains(char))
        && !is_host_like
}

#[cfg(test)]
mod tests;
