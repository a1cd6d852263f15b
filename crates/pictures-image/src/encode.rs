//! Encodes a new picture: small, upright, 8 bits per channel, without metadata (R72).

use image::{DynamicImage, ExtendedColorType, codecs::webp::WebPEncoder, imageops::FilterType};
use selfsame_ports::{PictureError, ProcessedPicture};

use crate::{PictureOptions, decode::Picture};

/// Shrinks the picture to fit, never enlarges it, turns it upright and encodes it.
pub(crate) fn shrink_and_encode(picture: Picture, options: &PictureOptions) -> Result<ProcessedPicture, PictureError> {
    let Picture { mut pixels, orientation } = picture;
    let side = options.output_side;
    if pixels.width() > side || pixels.height() > side {
        pixels = pixels.resize(side, side, FilterType::CatmullRom);
    }
    // Turned last: that is faster on the small picture, and the bound is a square.
    pixels.apply_orientation(orientation);
    Ok(ProcessedPicture { bytes: encode(&pixels)?, extension: "webp" })
}

fn encode(pixels: &DynamicImage) -> Result<Vec<u8>, PictureError> {
    let (width, height) = (pixels.width(), pixels.height());
    let mut bytes = Vec::new();
    let encoder = WebPEncoder::new_lossless(&mut bytes);
    let encoded = if pixels.color().has_alpha() {
        encoder.encode(pixels.to_rgba8().as_raw(), width, height, ExtendedColorType::Rgba8)
    } else {
        encoder.encode(pixels.to_rgb8().as_raw(), width, height, ExtendedColorType::Rgb8)
    };
    // Fails only for a picture without pixels.
    encoded.map_err(|_| PictureError::Unsupported)?;
    Ok(bytes)
}
