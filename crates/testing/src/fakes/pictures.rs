//! A picture processor that looks at no more than the first bytes.

use std::sync::{Mutex, PoisonError};

use selfsame_ports::{PictureError, Pictures, ProcessedPicture};
use sha2::{Digest as _, Sha256};

const PNG: &[u8] = b"\x89PNG\r\n\x1a\n";

/// Takes what begins like a PNG, JPEG, GIF or WebP, and gives a "PNG" with a digest of it: the same picture gives the
/// same bytes, another gives others, and none gives its own.
#[derive(Default)]
pub struct FakePictures {
    failure: Mutex<Option<PictureError>>,
}

impl FakePictures {
    /// A processor.
    pub fn new() -> Self {
        Self::default()
    }

    /// Bytes that this processor takes for a picture, unlike those of any other `number`.
    pub fn a_picture(number: u8) -> Vec<u8> {
        [PNG, b"pixels", &[number]].concat()
    }

    /// The next picture is answered with this error.
    pub fn fail_next(&self, error: PictureError) {
        *self.failure.lock().unwrap_or_else(PoisonError::into_inner) = Some(error);
    }
}

fn is_picture(bytes: &[u8]) -> bool {
    let is_webp = bytes.starts_with(b"RIFF") && bytes.get(8..12) == Some(b"WEBP");
    let starts: [&[u8]; 4] = [PNG, b"\xFF\xD8\xFF", b"GIF87a", b"GIF89a"];
    is_webp || starts.iter().any(|start| bytes.starts_with(start))
}

impl Pictures for FakePictures {
    fn process(&self, bytes: &[u8]) -> Result<ProcessedPicture, PictureError> {
        let failure = self.failure.lock().unwrap_or_else(PoisonError::into_inner).take();
        failure.map_or(Ok(()), Err)?;
        if !is_picture(bytes) {
            return Err(PictureError::Unsupported);
        }
        Ok(ProcessedPicture { bytes: [PNG, &Sha256::digest(bytes)].concat(), extension: "png" })
    }
}
