//! Reads the file of a picture.

use selfsame_ports::is_blob_name;

use crate::{Core, Fault};

/// Reads a stored picture by the name of its file. Pictures are public: whoever knows the name may see it.
#[derive(Clone, Debug)]
pub struct ReadPicture {
    /// As it was typed or linked; any text.
    pub name: String,
}

/// A picture. Its name stands for these bytes for ever.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PictureFile {
    /// What it is, by the name that the server itself gave the file, never by its bytes (R76).
    pub media_type: &'static str,
    /// The file.
    pub bytes: Vec<u8>,
}

/// Why there is no picture.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ReadPictureError {
    /// No such picture, or not the name of one.
    #[error("no such picture")]
    NotFound,
    /// No answer just now.
    #[error(transparent)]
    Fault(#[from] Fault),
}

impl ReadPicture {
    /// Reads it. The store is asked for names of pictures only.
    pub fn execute(&self, core: &Core) -> Result<PictureFile, ReadPictureError> {
        let media_type = media_type(&self.name).ok_or(ReadPictureError::NotFound)?;
        let bytes = core.blobs.get(&self.name).map_err(Fault::from)?.ok_or(ReadPictureError::NotFound)?;
        Ok(PictureFile { media_type, bytes })
    }
}

/// `None` if no picture can have this name.
fn media_type(name: &str) -> Option<&'static str> {
    let (_, extension) = name.rsplit_once('.').filter(|_| is_blob_name(name))?;
    match extension {
        "webp" => Some("image/webp"),
        "png" => Some("image/png"),
        "jpg" => Some("image/jpeg"),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn r76_the_media_type_goes_by_the_name() {
        for (extension, expected) in [("webp", "image/webp"), ("png", "image/png"), ("jpg", "image/jpeg")] {
            assert_eq!(media_type(&format!("0123456789abcdef.{extension}")), Some(expected));
        }
        for name in ["page.html", "0123456789abcdef.svg", "0123456789abcdef.gif", "0123456789abcdef", ".png", ""] {
            assert_eq!(media_type(name), None, "{name}");
        }
    }
}
