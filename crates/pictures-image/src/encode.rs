//! Encodes a new picture: small, upright, sRGB, 8 bits per channel, without metadata (R72).

use image::{DynamicImage, ExtendedColorType, codecs::webp::WebPEncoder, imageops::FilterType};
use selfsame_ports::{PictureError, ProcessedPicture};

use crate::{PictureOptions, colour, decode::Picture};

/// Least side to which a large picture is averaged before it is filtered.
const COARSE: u32 = 1024;

/// The side to which a large picture is averaged. The filter would hold all columns of the large one as floats.
fn coarse(options: &PictureOptions) -> u32 {
    COARSE.max(options.output_side.saturating_mul(2))
}

/// Most memory that a picture takes, in bytes, if `before` is what it takes until it is decoded, the decoded pixels
/// included. While it is averaged: both pictures, of 8 bytes a pixel at most. Then: the averaged one, half as many
/// columns of 16 bytes for the filter, and a profile with its tables; the encoder has fewer pixels.
pub(crate) fn memory(before: u64, pixels: u64, options: &PictureOptions) -> u64 {
    let side = u64::from(coarse(options));
    let averaged = pixels.min(side * side);
    before.saturating_add(averaged * 8).max(averaged * 24 + (8 << 20))
}

/// Shrinks the picture to fit, never enlarges it, turns it upright and encodes it.
pub(crate) fn shrink_and_encode(picture: Picture, options: &PictureOptions) -> Result<ProcessedPicture, PictureError> {
    let Picture { mut pixels, orientation, profile } = picture;
    for (side, is_coarse) in [(coarse(options), true), (options.output_side, false)] {
        if pixels.width() > side || pixels.height() > side {
            pixels = if is_coarse {
                pixels.thumbnail(side, side)
            } else {
                pixels.resize(side, side, FilterType::CatmullRom)
            };
        }
    }
    pixels = colour::to_srgb(pixels, profile.as_ref());
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
