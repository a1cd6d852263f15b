//! What the pages of the server ask, over memory: readiness, pictures, the development mailbox.

#![expect(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

use std::sync::Arc;

use selfsame_application::{
    Core, Fault,
    data::check_readiness::CheckReadiness,
    mail::mailbox::{ListMails, ReadMail, ReadMailboxError, StoredMail},
    profile::read_picture::{PictureFile, ReadPicture, ReadPictureError},
};
use selfsame_ports::{BlobError, MailError, Mailbox, StorageError};
use selfsame_testing::core::TestCore;

const PICTURE: &str = "0123456789abcdef.png";

fn read(test: &TestCore, name: &str) -> Result<PictureFile, ReadPictureError> {
    ReadPicture { name: name.to_owned() }.execute(&test.core)
}

#[test]
fn r90_a_server_is_ready_as_long_as_its_database_is() {
    let test = TestCore::new();
    CheckReadiness.execute(&test.core).unwrap();
    let error = StorageError::Schema("2 migrations are pending".to_owned());
    test.storage.fail_with(error.clone());
    assert_eq!(CheckReadiness.execute(&test.core), Err(Fault::Unavailable(error.to_string())));
}

#[test]
fn r76_a_picture_is_read_with_the_media_type_of_its_name() {
    let test = TestCore::new();
    test.ports.blobs.put(PICTURE, b"<script>", test.ports.clock.now()).unwrap();
    assert_eq!(read(&test, PICTURE).unwrap(), PictureFile { media_type: "image/png", bytes: b"<script>".to_vec() });
    assert_eq!(read(&test, "fedcba9876543210.png"), Err(ReadPictureError::NotFound));
}

#[test]
fn r72_a_store_that_is_away_is_a_fault_and_is_not_asked_for_other_names() {
    let test = TestCore::new();
    test.blobs.fail_with(Some(BlobError::Unavailable("on purpose".to_owned())));
    assert!(matches!(read(&test, PICTURE), Err(ReadPictureError::Fault(Fault::Unavailable(_)))));
    for name in ["page.html", "../0123456789abcdef.png", "0123456789abcdef.svg", ""] {
        assert_eq!(read(&test, name), Err(ReadPictureError::NotFound), "{name}");
    }
}

/// Holds one mail, or cannot be read.
struct OneMail(Option<StoredMail>);

impl OneMail {
    fn mail(&self) -> Result<StoredMail, MailError> {
        self.0.clone().ok_or_else(|| MailError::Temporary("on purpose".to_owned()))
    }
}

impl Mailbox for OneMail {
    fn list(&self, limit: usize) -> Result<Vec<StoredMail>, MailError> {
        Ok(vec![self.mail()?; limit + 1].into_iter().take(limit).collect())
    }

    fn read(&self, id: &str) -> Result<Option<StoredMail>, MailError> {
        Ok(Some(self.mail()?).filter(|mail| mail.id == id))
    }
}

fn a_mail() -> StoredMail {
    let [id, sent_at, to, subject, text, html] = ["1", "", "jane@example.com", "Code", "123456", "123456"];
    let [id, sent_at, to, subject, text, html] = [id, sent_at, to, subject, text, html].map(str::to_owned);
    StoredMail { id, sent_at, to, subject, text, html }
}

fn with_mailbox(mailbox: OneMail) -> Arc<Core> {
    TestCore::new().over(|ports| ports.mailbox = Some(Arc::new(mailbox))).core
}

#[test]
fn the_mailbox_lists_a_hundred_mails_and_shows_each() {
    let core = with_mailbox(OneMail(Some(a_mail())));
    assert_eq!(ListMails.execute(&core).unwrap().len(), 100);
    assert_eq!(ReadMail { id: "1".to_owned() }.execute(&core), Ok(a_mail()));
    assert_eq!(ReadMail { id: "2".to_owned() }.execute(&core), Err(ReadMailboxError::NotFound));
}

#[test]
fn a_mailbox_that_cannot_be_read_is_a_fault() {
    let core = with_mailbox(OneMail(None));
    assert!(matches!(ListMails.execute(&core), Err(ReadMailboxError::Fault(Fault::Internal(_)))));
}

#[test]
fn in_production_there_is_no_mailbox() {
    let test = TestCore::new();
    assert!(!test.core.has_mailbox());
    assert_eq!(ListMails.execute(&test.core), Err(ReadMailboxError::NotFound));
    assert_eq!(ReadMail { id: "1".to_owned() }.execute(&test.core), Err(ReadMailboxError::NotFound));
}
