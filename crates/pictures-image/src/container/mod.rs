//! The four containers, as far as they bound what decoding them costs (R73). Nothing here decodes a pixel.
//!
//! [`outline`] reads the headers of a file and allocates nothing. [`bare`] copies the parts that a decoder needs. The
//! decoder sees no other part: no text, no thumbnail, no second picture, and nothing behind the picture. Orientation and
//! colour profile are read here, within bounds of their own.
//!
//! | file | idea |
//! |---|---|
//! | `jpeg.rs` | segments up to the first end of the picture |
//! | `png.rs` | chunks up to IEND |
//! | `webp.rs` | chunks within the RIFF; of a moving picture, the first frame |
//! | `vp8l.rs` | the Huffman tables that a lossless WebP asks for |
//! | `gif.rs` | blocks up to the end of the first frame |

mod gif;
pub(crate) mod jpeg;
mod png;
mod vp8l;
mod webp;

use image::{ImageFormat, metadata::Orientation};

use crate::colour::Profile;

/// What the headers say.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Outline {
    /// In pixels, at least 1.
    pub(crate) width: u32,
    /// In pixels, at least 1.
    pub(crate) height: u32,
    /// Most memory that decoding takes besides the file, in bytes, the decoded pixels included.
    pub(crate) decoding: u64,
}

/// A file without metadata, and what of the metadata matters for the pixels.
#[derive(Default)]
pub(crate) struct Bare {
    pub(crate) bytes: Vec<u8>,
    /// The data of Exif, from its TIFF header.
    exif: Option<Vec<u8>>,
    pub(crate) profile: Option<Profile>,
}

impl Bare {
    /// How the picture is to be turned.
    pub(crate) fn orientation(&self) -> Orientation {
        self.exif.as_deref().and_then(Orientation::from_exif_chunk).unwrap_or(Orientation::NoTransforms)
    }

    /// Takes the first Exif of a file, with or without the prefix that JPEG has.
    fn take_exif(&mut self, data: &[u8]) {
        self.exif.get_or_insert_with(|| data.strip_prefix(jpeg::EXIF).unwrap_or(data).to_vec());
    }
}

/// What the headers say; `None` if the file is incomplete or broken.
pub(crate) fn outline(bytes: &[u8], kind: ImageFormat) -> Option<Outline> {
    let outline = match kind {
        ImageFormat::Jpeg => jpeg::outline(bytes),
        ImageFormat::Png => png::outline(bytes),
        ImageFormat::WebP => webp::outline(bytes),
        ImageFormat::Gif => gif::outline(bytes),
        _ => None,
    };
    outline.filter(|outline| outline.width > 0 && outline.height > 0)
}

/// A copy of the parts that a decoder needs; `None` if the file is incomplete or broken, or its decoder would take more
/// memory than [`Outline::decoding`].
pub(crate) fn bare(bytes: &[u8], kind: ImageFormat) -> Option<Bare> {
    match kind {
        ImageFormat::Jpeg => jpeg::bare(bytes),
        ImageFormat::Png => png::bare(bytes),
        ImageFormat::WebP => webp::bare(bytes).filter(|bare| webp::check_tables(&bare.bytes).is_some()),
        ImageFormat::Gif => Some(gif::bare(bytes)),
        _ => None,
    }
}
