//! Enqueues mails and text messages in the outbox, in the unit of the change that it reports (R88).

use selfsame_domain::{Identifier, Instant, OutboxId, RequestContext, User, UserAgent, local_time};
use selfsame_ports::{Channel, Circumstances, Mail, Message, OutboxMessage, Sms, TextMessage, UndoLink};
use selfsame_texts::{Form, Language, text};
use serde::Serialize;

use crate::{Core, Fault, core::Work, policy::LONGEST_MAIL_USE, undo::before::Before};

/// What a notice has beside its mail; nothing for other mails.
#[derive(Default)]
struct Notice {
    circumstances: Option<Circumstances>,
    undo: Option<UndoLink>,
}

impl Core {
    /// Mails to a stored address of a user (R4). It is not sent after `useful_until`.
    pub(crate) fn post(
        &self,
        work: &mut Work<'_>,
        user: &User,
        to: &Identifier,
        mail: Mail,
        useful_until: Instant,
    ) -> Result<(), Fault> {
        let name = self.policy.fields.shown(user).display_name();
        let locale = user.locale.as_deref().or(locale_of_request(work, &mail));
        self.enqueue_mail(work, &to.value, name, locale, mail, Notice::default(), useful_until)
    }

    /// Mails to an address that is not proven to be the user's: in the user's language, without the name.
    pub(crate) fn post_to(
        &self,
        work: &mut Work<'_>,
        user: &User,
        address: &str,
        mail: Mail,
        useful_until: Instant,
    ) -> Result<(), Fault> {
        let locale = user.locale.as_deref().or(locale_of_request(work, &mail));
        self.enqueue_mail(work, address, None, locale, mail, Notice::default(), useful_until)
    }

    /// Mails to every address that gets notices, with the circumstances of the request (R25), and with the link that undoes
    /// the change for those that get one: see [`crate::undo`].
    pub(crate) fn notify(&self, work: &mut Work<'_>, user: &User, mail: &Mail, before: &Before) -> Result<(), Fault> {
        self.keep_point(work, user.id, before, &user.notice_addresses())?;
        self.notify_with(work, user, mail, |work, address| self.undo_link(work, user.id, before, address))
    }

    /// The same for what cannot be undone: the deletion of an account, and an undo.
    pub(crate) fn notify_without_undo(&self, work: &mut Work<'_>, user: &User, mail: &Mail) -> Result<(), Fault> {
        self.notify_with(work, user, mail, |_, _| Ok(None))
    }

    fn notify_with(
        &self,
        work: &mut Work<'_>,
        user: &User,
        mail: &Mail,
        undo_link: impl Fn(&mut Work<'_>, &Identifier) -> Result<Option<UndoLink>, Fault>,
    ) -> Result<(), Fault> {
        let useful_until = self.clock.now() + LONGEST_MAIL_USE;
        let circumstances = self.circumstances(work.context, user)?;
        let name = self.policy.fields.shown(user).display_name();
        for address in user.notice_addresses() {
            let undo = undo_link(work, address)?;
            let notice = Notice { circumstances: Some(circumstances.clone()), undo };
            let locale = user.locale.as_deref();
            self.enqueue_mail(work, &address.value, name.clone(), locale, mail.clone(), notice, useful_until)?;
        }
        Ok(())
    }

    /// Sends a text message to a stored number of a user. It is not sent after `useful_until`.
    pub(crate) fn post_sms(
        &self,
        work: &mut Work<'_>,
        user: &User,
        number: &str,
        sms: Sms,
        useful_until: Instant,
    ) -> Result<(), Fault> {
        let id: OutboxId = self.id();
        let locale = user.locale.as_ref().or(work.context.locale.as_ref()).cloned();
        let message = TextMessage { id: id.to_string(), to: number.to_owned(), locale: locale.clone(), sms };
        self.enqueue(work, id, Channel::Sms, locale.as_deref(), &message, useful_until)
    }

    /// Browser, address, place and time of a request, in words for this user.
    fn circumstances(&self, context: &RequestContext, user: &User) -> Result<Circumstances, Fault> {
        let locale = user.locale.as_deref();
        let client = UserAgent::of(context.user_agent.as_deref().unwrap_or_default());
        let place = context.ip.and_then(|ip| self.places.as_ref()?.place(ip, locale));
        Ok(Circumstances {
            device: device_in_words(client, Language::of_reader(locale, self.policy.language))?,
            ip: context.ip.map(|ip| ip.to_string()),
            place: place.and_then(|place| place.in_words()),
            time: local_time::in_words(self.clock.now(), user.zoneinfo.as_deref(), locale),
        })
    }

    #[expect(clippy::too_many_arguments, reason = "the parts of a message, all of which differ")]
    fn enqueue_mail(
        &self,
        work: &mut Work<'_>,
        address: &str,
        name: Option<String>,
        locale: Option<&str>,
        mail: Mail,
        notice: Notice,
        useful_until: Instant,
    ) -> Result<(), Fault> {
        let id: OutboxId = self.id();
        let Notice { circumstances, undo } = notice;
        let (id_text, to, locale_text) = (id.to_string(), address.to_owned(), locale.map(ToOwned::to_owned));
        let message = Message { id: id_text, to, name, locale: locale_text, mail, circumstances, undo };
        self.enqueue(work, id, Channel::Mail, locale, &message, useful_until)
    }

    /// Seals a message and enqueues it; the commit of the unit wakes the worker of this process.
    pub(crate) fn enqueue(
        &self,
        work: &mut Work<'_>,
        id: OutboxId,
        channel: Channel,
        locale: Option<&str>,
        content: &impl Serialize,
        useful_until: Instant,
    ) -> Result<(), Fault> {
        let message = self.sealed(id, channel, locale, content, useful_until)?;
        work.outbox().enqueue(&message)?;
        work.has_enqueued = true;
        Ok(())
    }

    /// A message for the outbox.
    pub(super) fn sealed(
        &self,
        id: OutboxId,
        channel: Channel,
        locale: Option<&str>,
        content: &impl Serialize,
        useful_until: Instant,
    ) -> Result<OutboxMessage, Fault> {
        let json = serde_json::to_vec(content).map_err(|error| Fault::Internal(error.to_string()))?;
        Ok(OutboxMessage {
            id,
            locale: locale.map(ToOwned::to_owned),
            sealed: self.vault.seal(&outbox_context(&channel.to_text(), id), &json)?,
            channel,
            created_at: self.clock.now(),
            expires_at: useful_until,
            attempts: 0,
        })
    }
}

/// The locale that the request asks for, if the mail is for whoever made the request. A notice is for the owner of the
/// account, who must be able to read it whatever the language of the request was.
fn locale_of_request<'w>(work: &Work<'w>, mail: &Mail) -> Option<&'w str> {
    work.context.locale.as_deref().filter(|_| mail.is_requested())
}

/// Browser and system in words; `None` if neither is known.
fn device_in_words(client: UserAgent, language: Language) -> Result<Option<String>, Fault> {
    let (Some(browser), Some(system)) = (client.browser, client.system) else {
        return Ok(client.browser.or(client.system).map(str::to_owned));
    };
    let words = text(language, "device-words", Form::Plain, &[("browser", browser.into()), ("system", system.into())]);
    words.map(Some).map_err(|error| Fault::Internal(error.to_string()))
}

/// The context for sealing a message, with its channel: a mail cannot be turned into a job in the database.
pub(crate) fn outbox_context(channel: &str, id: OutboxId) -> String {
    format!("outbox:{channel}:{id}")
}
