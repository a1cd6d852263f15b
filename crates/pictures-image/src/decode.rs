//! Decodes a picture. The bytes decide its kind, never a name or a media type (R71). Width and height are read from the
//! header and checked before memory for pixels is allocated (R73).

use std::io::Cursor;

use image::{
    DynamicImage, ImageDecoder, ImageError, ImageFormat, ImageReader, ImageResult, Limits, metadata::Orientation,
};
use selfsame_ports::PictureError;

use crate::PictureOptions;

/// The pixels as stored, and their orientation.
pub(crate) struct Picture {
    pub(crate) pixels: DynamicImage,
    pub(crate) orientation: Orientation,
}

/// One of the four kinds, by the first bytes.
pub(crate) fn kind(bytes: &[u8]) -> Result<ImageFormat, PictureError> {
    match image::guess_format(bytes) {
        Ok(kind @ (ImageFormat::Png | ImageFormat::Jpeg | ImageFormat::WebP | ImageFormat::Gif)) => Ok(kind),
        _ => Err(PictureError::Unsupported),
    }
}

/// The picture, or the first frame of a moving one.
pub(crate) fn picture(bytes: &[u8], kind: ImageFormat, options: &PictureOptions) -> Result<Picture, PictureError> {
    if kind == ImageFormat::Jpeg && !is_whole_jpeg(bytes) {
        return Err(PictureError::Unsupported);
    }
    decode(bytes, kind, options).map_err(|error| match error {
        ImageError::Limits(_) => PictureError::TooLarge { side: options.max_side },
        _ => PictureError::Unsupported,
    })
}

fn decode(bytes: &[u8], kind: ImageFormat, options: &PictureOptions) -> ImageResult<Picture> {
    let mut limits = Limits::no_limits();
    limits.max_image_width = Some(options.max_side);
    limits.max_image_height = Some(options.max_side);
    limits.max_alloc = Some(options.max_alloc);

    let mut reader = ImageReader::with_format(Cursor::new(bytes), kind);
    reader.limits(limits.clone());
    let mut decoder = reader.into_decoder()?;
    let (width, height) = decoder.dimensions();
    limits.check_dimensions(width, height)?;
    let orientation = decoder.orientation()?;
    limits.reserve(decoder.total_bytes())?;
    decoder.set_limits(limits)?;
    Ok(Picture { pixels: DynamicImage::from_decoder(decoder)?, orientation })
}

/// Whether an end (EOI) follows the last scan (SOS). The decoder would fill missing parts with grey and report no
/// error.
fn is_whole_jpeg(bytes: &[u8]) -> bool {
    let last = |marker: [u8; 2]| bytes.windows(2).rposition(|pair| pair == marker);
    last([0xff, 0xda]) < last([0xff, 0xd9])
}
