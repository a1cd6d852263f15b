//! Decodes a picture. The bytes decide its kind, never a name or a media type (R71). Size and need of memory are read
//! from the headers and checked before anything is allocated (R73).

use std::io::Cursor;

use image::{DynamicImage, ImageDecoder, ImageFormat, ImageReader, ImageResult, Limits, metadata::Orientation};
use selfsame_ports::PictureError;

use crate::{PictureOptions, colour::Profile, container, encode};

/// The pixels as stored, and what is left to do to them.
pub(crate) struct Picture {
    pub(crate) pixels: DynamicImage,
    pub(crate) orientation: Orientation,
    pub(crate) profile: Option<Profile>,
}

/// A picture that is within the bounds, as far as its headers tell.
#[derive(Clone, Copy)]
pub(crate) struct Accepted {
    kind: ImageFormat,
    /// Most memory that it takes from now until it is encoded, in bytes.
    pub(crate) memory: u64,
    /// Most memory that its decoder may ask for at once, in bytes.
    decoding: u64,
}

/// Pixels of a megapixel.
const MEGAPIXEL: u64 = 1_000_000;

/// Checks the headers. Allocates nothing.
pub(crate) fn accept(bytes: &[u8], options: &PictureOptions) -> Result<Accepted, PictureError> {
    // An outline is of the four kinds only.
    let kind = image::guess_format(bytes).map_err(|_| PictureError::Unsupported)?;
    let outline = container::outline(bytes, kind).ok_or(PictureError::Unsupported)?;
    let pixels = u64::from(outline.width) * u64::from(outline.height);
    // For the thread, and without metadata; the JPEG decoder copies it again.
    let copies = bytes.len() as u64 * 2 + 64;
    let memory = encode::memory(outline.decoding.saturating_add(copies), pixels, options);
    let side = options.max_side;
    let too_large = |megapixels| Err(PictureError::TooLarge { side, megapixels });
    if outline.width > side || outline.height > side || pixels > u64::from(options.max_megapixels) * MEGAPIXEL {
        return too_large(options.max_megapixels);
    }
    if memory > options.max_memory {
        // What would fit of this kind.
        let fitting = u128::from(pixels) * u128::from(options.max_memory) / u128::from(memory);
        return too_large(u32::try_from(fitting / u128::from(MEGAPIXEL)).unwrap_or(u32::MAX).max(1));
    }
    Ok(Accepted { kind, memory, decoding: outline.decoding })
}

impl Accepted {
    /// The picture, or the first frame of a moving one.
    pub(crate) fn decode(self, bytes: Vec<u8>) -> Result<Picture, PictureError> {
        let bare = container::bare(&bytes, self.kind).ok_or(PictureError::Unsupported)?;
        drop(bytes);
        let orientation = bare.orientation();
        let pixels = self.pixels(&bare.bytes).map_err(|_| PictureError::Unsupported)?;
        Ok(Picture { pixels, orientation, profile: bare.profile })
    }

    fn pixels(self, bytes: &[u8]) -> ImageResult<DynamicImage> {
        let mut limits = Limits::no_limits();
        limits.max_alloc = Some(self.decoding);
        let mut reader = ImageReader::with_format(Cursor::new(bytes), self.kind);
        reader.limits(limits.clone());
        let mut decoder = reader.into_decoder()?;
        limits.reserve(decoder.total_bytes())?;
        decoder.set_limits(limits)?;
        DynamicImage::from_decoder(decoder)
    }
}
