//! Uploaded pictures: decoded within bounds and encoded again (R71-R73).

/// A picture that is safe to serve.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProcessedPicture {
    /// The bytes: re-encoded, without metadata, square-bounded.
    pub bytes: Vec<u8>,
    /// File name extension, without the dot.
    pub extension: &'static str,
}

/// Processes every uploaded picture.
#[cfg_attr(feature = "mock", mockall::automock)]
pub trait Pictures: Send + Sync {
    /// Checks the limits, then decodes (PNG, JPEG, WebP, first frame of a GIF), which decides the type, and encodes a
    /// new picture from the pixels alone, in sRGB.
    fn process(&self, bytes: &[u8]) -> Result<ProcessedPicture, PictureError>;
}

/// Why a picture was not taken.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PictureError {
    /// Not one of the four kinds, or broken.
    #[error("not a PNG, JPEG, WebP or GIF picture")]
    Unsupported,
    /// Wider or higher than `side` pixels, or of more than `megapixels` million pixels.
    #[error("wider or higher than {side} pixels, or of more than {megapixels} megapixels")]
    TooLarge {
        /// Greatest width and height.
        side: u32,
        /// Greatest number of pixels, in millions. Less for a kind of picture that needs more memory.
        megapixels: u32,
    },
    /// Too many pictures at once. Try again later.
    #[error("too many pictures are being processed")]
    Busy,
}
