//! Fakes of the ports: fast, deterministic, and faithful where a use case could notice a difference.

mod blobs;
mod clock;
mod foreign_tokens;
mod mailer;
mod passwords;
mod pictures;
mod sms;
mod tokens;
mod vault;
mod webhooks;

pub use blobs::MemoryBlobs;
pub use clock::FixedClock;
pub use foreign_tokens::FakeForeignTokens;
pub use mailer::{RecordingMailer, code_of, link_of};
pub use passwords::PlainPasswords;
pub use pictures::FakePictures;
pub use sms::RecordingSms;
pub use tokens::FakeTokens;
pub use vault::TestVault;
pub use webhooks::RecordingEndpoint;
