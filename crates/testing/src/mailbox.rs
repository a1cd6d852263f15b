//! The development mailbox: a folder with one `.eml` file per mail, whose names sort by time and which appear whole.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use crate::poll::eventually;
use crate::received::Received;

const LIMIT: Duration = Duration::from_secs(20);

/// A reader of the mailbox in a folder, which need not exist yet.
#[derive(Debug, Clone)]
pub struct DevMailbox {
    folder: PathBuf,
}

impl DevMailbox {
    /// The mailbox in `folder`.
    pub fn at(folder: impl Into<PathBuf>) -> Self {
        Self { folder: folder.into() }
    }

    /// The folder.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// What makes a server write here: `file:///…`.
    pub fn url(&self) -> String {
        format!("file://{}", self.folder.display())
    }

    /// All mails, oldest first.
    pub fn messages(&self) -> Vec<Received> {
        self.sources("eml").iter().map(|source| Received::from_source(source)).collect()
    }

    /// The contents of the files with an ending, oldest first.
    fn sources(&self, ending: &str) -> Vec<String> {
        let Ok(entries) = fs::read_dir(&self.folder) else {
            return Vec::new();
        };
        let mut files: Vec<PathBuf> = entries.map(|entry| entry.expect("a readable folder").path()).collect();
        files.retain(|file| file.extension().is_some_and(|extension| extension == ending));
        files.sort();
        files.iter().map(|file| fs::read_to_string(file).expect("a readable message")).collect()
    }

    /// All mails to `address`, oldest first.
    pub fn messages_to(&self, address: &str) -> Vec<Received> {
        self.messages().into_iter().filter(|mail| mail.is_to(address)).collect()
    }

    /// The texts of all text messages to a number, oldest first.
    pub fn texts_to(&self, number: &str) -> Vec<String> {
        let of_number =
            |source: &String| Some(source.strip_prefix(&format!("To: {number}\n\n"))?.trim_end().to_owned());
        self.sources("sms").iter().filter_map(of_number).collect()
    }

    /// As [`DevMailbox::texts_to`], as soon as there are at least `count`. Panics after twenty seconds.
    #[track_caller]
    pub fn wait_for_texts_to(&self, number: &str, count: usize) -> Vec<String> {
        eventually(LIMIT, &format!("text message {count} to {number} in {}", self.folder.display()), || {
            Some(self.texts_to(number)).filter(|texts| texts.len() >= count)
        })
    }

    /// The newest mail to `address` that is there now.
    pub fn latest_to(&self, address: &str) -> Option<Received> {
        self.messages_to(address).pop()
    }

    /// All mails to `address`, as soon as there are at least `count`. Panics after twenty seconds.
    #[track_caller]
    pub fn wait_for_to(&self, address: &str, count: usize) -> Vec<Received> {
        eventually(LIMIT, &format!("mail {count} to {address} in {}", self.folder.display()), || {
            Some(self.messages_to(address)).filter(|mails| mails.len() >= count)
        })
    }
}

#[cfg(test)]
mod tests {
    use std::{fs, thread};

    use super::DevMailbox;

    fn mail(to: &str, text: &str) -> String {
        format!("From: no-reply@example.com\r\nTo: {to}\r\n\r\n{text}\r\n")
    }

    #[test]
    fn mails_are_read_in_the_order_of_their_names_and_unfinished_ones_not_at_all() {
        let folder = tempfile::tempdir().unwrap();
        let mailbox = DevMailbox::at(folder.path());
        fs::write(folder.path().join("2-b.eml"), mail("Jane@example.com", "second")).unwrap();
        fs::write(folder.path().join("1-a.eml"), mail("jane@example.com", "first")).unwrap();
        fs::write(folder.path().join("3-c.eml"), mail("joe@example.com", "third")).unwrap();
        fs::write(folder.path().join(".tmp9"), "unfin").unwrap();

        let texts: Vec<_> = mailbox.messages().iter().map(|mail| mail.text_part().trim().to_owned()).collect();
        assert_eq!(texts, ["first", "second", "third"]);
        assert_eq!(mailbox.latest_to("jane@example.com").unwrap().text_part(), "second\n");
        assert!(mailbox.latest_to("nobody@example.com").is_none());
    }

    #[test]
    fn a_mail_that_comes_later_is_waited_for_even_if_the_folder_does_too() {
        let parent = tempfile::tempdir().unwrap();
        let mailbox = DevMailbox::at(parent.path().join("mailbox"));
        assert!(mailbox.messages().is_empty());
        thread::scope(|scope| {
            let waiting = scope.spawn(|| mailbox.wait_for_to("jane@example.com", 1));
            fs::create_dir(mailbox.folder()).unwrap();
            fs::write(mailbox.folder().join("part"), mail("jane@example.com", "late")).unwrap();
            fs::rename(mailbox.folder().join("part"), mailbox.folder().join("1.eml")).unwrap();
            assert_eq!(waiting.join().unwrap().len(), 1);
        });
    }
}
