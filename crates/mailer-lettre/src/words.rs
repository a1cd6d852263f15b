//! Every mail: subject, text and HTML, from the templates in `templates/` and the texts of the reader's language.
//!
//! Every value in HTML is escaped. A template with an unknown value fails and does not leave a gap. In the text, code
//! and link have lines of their own, so that they can be found and copied. The subject never contains a code, because
//! subjects are in the logs of mail servers and on locked screens.

use minijinja::{
    Environment, Error, ErrorKind, UndefinedBehavior, Value, context,
    syntax::SyntaxConfig,
    value::{Serde, merge_maps},
};
use selfsame_domain::local_time;
use selfsame_ports::{Mail, Message, TextMessage};
use selfsame_texts::{Arg, Form, Language, PerLanguage, TextError, templates, text};

use crate::wrap::wrapped;

/// A rendered mail.
pub(crate) struct Words {
    pub(crate) subject: String,
    pub(crate) text: String,
    pub(crate) html: String,
}

/// The sources of one mail.
struct Sources {
    /// The key of its subject.
    subject: &'static str,
    text: &'static str,
    html: &'static str,
}

/// The two templates called `$file`, and the text `$subject`.
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
        Mail::VerifyEmail { .. } => sources!("verify_email", "verify-email-subject"),
        Mail::Invitation { .. } => sources!("invitation", "invitation-subject"),
        Mail::AlreadyRegistered => sources!("already_registered", "already-registered-subject"),
        Mail::ResetPassword { .. } => sources!("reset_password", "reset-password-subject"),
        Mail::PasswordChanged => sources!("password_changed", "password-changed-subject"),
        Mail::ConfirmEmailChange { .. } => sources!("confirm_email_change", "confirm-email-change-subject"),
        Mail::EmailChangeRequested { .. } => sources!("email_change_requested", "email-change-requested-subject"),
        Mail::EmailChangeCancelled { .. } => sources!("email_change_cancelled", "email-change-cancelled-subject"),
        Mail::EmailChanged { .. } => sources!("email_changed", "email-changed-subject"),
        Mail::ContactChanged => sources!("contact_changed", "contact-changed-subject"),
        Mail::DeletionScheduled { .. } => sources!("deletion_scheduled", "deletion-scheduled-subject"),
        Mail::DeletionReminder { .. } => sources!("deletion_reminder", "deletion-reminder-subject"),
        Mail::DeletionCancelled => sources!("deletion_cancelled", "deletion-cancelled-subject"),
        Mail::AccountDeleted => sources!("account_deleted", "account-deleted-subject"),
        Mail::ChangeUndone { .. } => sources!("change_undone", "change-undone-subject"),
        Mail::AuthenticatorAdded => sources!("authenticator_added", "authenticator-added-subject"),
        Mail::AuthenticatorRemoved => sources!("authenticator_removed", "authenticator-removed-subject"),
        Mail::SmsFactorAdded { .. } => sources!("sms_factor_added", "sms-factor-added-subject"),
        Mail::SmsFactorRemoved { .. } => sources!("sms_factor_removed", "sms-factor-removed-subject"),
        Mail::BackupCodesMade => sources!("backup_codes_made", "backup-codes-made-subject"),
        Mail::BackupCodeUsed { .. } => sources!("backup_code_used", "backup-code-used-subject"),
        Mail::PasskeyAdded => sources!("passkey_added", "passkey-added-subject"),
        Mail::PasskeyRemoved => sources!("passkey_removed", "passkey-removed-subject"),
        Mail::ApplicationAllowed { .. } => sources!("application_allowed", "application-allowed-subject"),
        Mail::ContactAdded { .. } => sources!("contact_added", "contact-added-subject"),
        Mail::ContactVerified { .. } => sources!("contact_verified", "contact-verified-subject"),
        Mail::ContactRemoved { .. } => sources!("contact_removed", "contact-removed-subject"),
        Mail::ContactClaimed { .. } => sources!("contact_claimed", "contact-claimed-subject"),
        Mail::PasswordRemoved => sources!("password_removed", "password-removed-subject"),
        Mail::NewSignIn => sources!("new_sign_in", "new-sign-in-subject"),
        Mail::FactorsReset { .. } => sources!("factors_reset", "factors-reset-subject"),
        Mail::ExportRequested => sources!("export_requested", "export-requested-subject"),
        Mail::ExportReady { .. } => sources!("export_ready", "export-ready-subject"),
        Mail::Test => sources!("test", "test-subject"),
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
    environments: PerLanguage<Environment<'static>>,
    brand: Brand,
    /// Of readers whose language is not known.
    language: Language,
}

impl Templates {
    pub(crate) fn new(brand: Brand, language: Language) -> Result<Self, Error> {
        Ok(Self { environments: PerLanguage::new(environment)?, brand, language })
    }

    /// The content of a text message.
    pub(crate) fn text_message(&self, message: &TextMessage) -> Result<String, TextError> {
        message.text(&self.brand.app_name, self.language)
    }

    /// The mail in the language of its reader.
    pub(crate) fn render(&self, message: &Message) -> Result<Words, Error> {
        let language = Language::of_reader(message.locale.as_deref(), self.language);
        let environment = self.environments.of(language);
        let sources = sources(&message.mail);
        let Brand { app_name, logo_url, color } = &self.brand;
        let subject = text(language, sources.subject, Form::Plain, &[("app_name", Arg::from(app_name.as_str()))])
            .map_err(|error| Error::new(ErrorKind::InvalidOperation, error.to_string()))?;
        let name = message.name.as_deref().filter(|name| is_mere_name(name));
        let circumstances = message.circumstances.as_ref().map(|circumstances| Value::from(Serde(circumstances)));
        let undo = message.undo.as_ref().map(|undo| Value::from(Serde(undo)));
        let locale = message.locale.as_deref();
        let own =
            context! { app_name, logo_url, color, name, circumstances, undo, locale, subject => subject.as_str() };
        let values = merge_maps([own, Value::from(Serde(&message.mail))]);
        let text = wrapped(&environment.render_named_str("mail.txt", sources.text, &values)?);
        let html = environment.render_named_str("mail.html", sources.html, &values)?;
        Ok(Words { subject, text, html })
    }
}

/// The parts that all mails share, with the texts of a language.
fn environment(language: Language) -> Result<Environment<'static>, Error> {
    let mut environment = Environment::new();
    environment.set_undefined_behavior(UndefinedBehavior::Strict);
    environment.set_syntax(SyntaxConfig::builder().trim_blocks(true).lstrip_blocks(true).build()?);
    templates::add(&mut environment, language);
    environment.add_filter("date", |day: &str, locale: Option<&str>| local_time::day_in_words(day, locale));
    environment.add_template("layout.txt", include_str!("../templates/layout.txt"))?;
    environment.add_template("layout.html", include_str!("../templates/layout.html"))?;
    environment.add_template("parts.html", include_str!("../templates/parts.html"))?;
    Ok(environment)
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
