//! Fakes of the ports: quick, deterministic, honest where a use case could tell the difference.

mod blobs;
mod clock;
mod mailer;
mod passwords;
mod pictures;
mod tokens;
mod vault;

pub use blobs::MemoryBlobs;
pub use clock::FixedClock;
pub use mailer::{RecordingMailer, code_of, link_of};
pub use passwords::PlainPasswords;
pub use pictures::FakePictures;
pub use tokens::FakeTokens;
pub use vault::TestVault;
