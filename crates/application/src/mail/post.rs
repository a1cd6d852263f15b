//! Enqueues mails and text messages in the outbox, in the unit of the change that it reports (R88).

use selfsame_domain::{Identifier, Instant, OutboxId, RequestContext, User, UserAgent, local_time};
use selfsame_ports::{Channel, Circumstances, Mail, Message, OutboxMessage, Sms, TextMessage, UndoLink};
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
        let name = user.display_name();
        self.enqueue_mail(work, &to.value, name, user.locale.as_deref(), mail, Notice::default(), useful_until)
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
        self.enqueue_mail(work, address, None, user.locale.as_deref(), mail, Notice::default(), useful_until)
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
        let circumstances = self.circumstances(work.context, user);
        for address in user.notice_addresses() {
            let undo = undo_link(work, address)?;
            let notice = Notice { circumstances: Some(circumstances.clone()), undo };
            let (name, locale) = (user.display_name(), user.locale.as_deref());
            self.enqueue_mail(work, &address.value, name, locale, mail.clone(), notice, useful_until)?;
        }
        Ok(())
    }

    /// Sends a text message to a stored number. It is not sent after `useful_until`.
    pub(crate) fn post_sms(
        &self,
        work: &mut Work<'_>,
        number: &str,
        sms: Sms,
        useful_until: Instant,
    ) -> Result<(), Fault> {
        let id: OutboxId = self.id();
        let message = TextMessage { id: id.to_string(), to: number.to_owned(), sms };
        self.enqueue(work, id, Channel::Sms, None, &message, useful_until)
    }

    /// Browser, address, place and time of a request, in words for this user.
    fn circumstances(&self, context: &RequestContext, user: &User) -> Circumstances {
        let locale = user.locale.as_deref();
        let place = context.ip.and_then(|ip| self.places.as_ref()?.place(ip, locale));
        Circumstances {
            device: context.user_agent.as_deref().and_then(|text| UserAgent::of(text).in_words()),
            ip: context.ip.map(|ip| ip.to_string()),
            place: place.and_then(|place| place.in_words()),
            time: local_time::in_words(self.clock.now(), user.zoneinfo.as_deref(), locale),
        }
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
        let message = Message { id: id.to_string(), to: address.to_owned(), name, mail, circumstances, undo };
        self.enqueue(work, id, Channel::Mail, locale, &message, useful_until)
    }

    /// Seals a message and enqueues it; the commit of the unit wakes the worker of this process.
    pub(super) fn enqueue(
        &self,
        work: &mut Work<'_>,
        id: OutboxId,
        channel: Channel,
        locale: Option<&str>,
        content: &impl Serialize,
        useful_until: Instant,
    ) -> Result<(), Fault> {
        let json = serde_json::to_vec(content).map_err(|error| Fault::Internal(error.to_string()))?;
        work.outbox().enqueue(&OutboxMessage {
            id,
            channel,
            locale: locale.map(ToOwned::to_owned),
            sealed: self.vault.seal(&outbox_context(channel.as_str(), id), &json)?,
            created_at: self.clock.now(),
            expires_at: useful_until,
            attempts: 0,
        })?;
        work.has_enqueued = true;
        Ok(())
    }
}

/// The context for sealing a message, with its channel: a mail cannot be turned into a job in the database.
pub(crate) fn outbox_context(channel: &str, id: OutboxId) -> String {
    format!("outbox:{channel}:{id}")
}
