//! Colours of a picture with a profile, converted to sRGB: what is served has no profile, and a browser takes it for
//! sRGB.
//!
//! A profile that is broken, too large, or of another space than the pixels is not used, and the picture is kept as it
//! is. So are gAMA and cHRM of PNG, and every cICP but that of Display P3.

use image::{DynamicImage, GrayAlphaImage, GrayImage, RgbImage, RgbaImage};
use moxcms::{ColorProfile, DataColorSpace, Layout, ParsingOptions, TransformOptions};

/// The colours that the numbers of a picture stand for.
pub(crate) enum Profile {
    /// An ICC profile, not parsed yet.
    Icc(Vec<u8>),
    /// The primaries of P3 with the curve of sRGB.
    DisplayP3,
}

impl Profile {
    /// Largest ICC profile that is read, in bytes. Those of cameras and screens have less than 64 KiB.
    pub(crate) const MAX_BYTES: usize = 2 << 20;
    /// Most memory of one table of a profile.
    const MAX_TABLE: usize = 4 << 20;

    /// An ICC profile, if it begins as one.
    pub(crate) fn icc(bytes: Vec<u8>) -> Option<Self> {
        (bytes.get(36..40) == Some(b"acsp")).then_some(Self::Icc(bytes))
    }

    /// From the four numbers of cICP (ITU-T H.273): primaries, transfer, matrix and range.
    pub(crate) fn cicp(numbers: [u8; 4]) -> Option<Self> {
        (numbers == [12, 13, 0, 1]).then_some(Self::DisplayP3)
    }

    fn parsed(&self) -> Option<ColorProfile> {
        match self {
            Self::Icc(bytes) => {
                let options = ParsingOptions {
                    max_profile_size: Self::MAX_BYTES + 1,
                    max_allowed_clut_size: Self::MAX_TABLE,
                    ..ParsingOptions::default()
                };
                ColorProfile::new_from_slice_with_options(bytes, options).ok()
            }
            Self::DisplayP3 => Some(ColorProfile::new_display_p3()),
        }
    }
}

/// The picture in sRGB, 8 bits per channel.
pub(crate) fn to_srgb(pixels: DynamicImage, profile: Option<&Profile>) -> DynamicImage {
    profile.and_then(Profile::parsed).and_then(|profile| converted(&pixels, &profile)).unwrap_or(pixels)
}

fn converted(pixels: &DynamicImage, profile: &ColorProfile) -> Option<DynamicImage> {
    let (has_colour, has_alpha) = (pixels.color().has_color(), pixels.color().has_alpha());
    match (profile.color_space, has_alpha) {
        (DataColorSpace::Rgb, true) => rgba(pixels.to_rgba8().as_raw(), Layout::Rgba, profile, pixels),
        (DataColorSpace::Rgb, false) => rgb(pixels.to_rgb8().as_raw(), Layout::Rgb, profile, pixels),
        (DataColorSpace::Gray, true) if !has_colour => {
            let grey: GrayAlphaImage = pixels.to_luma_alpha8();
            rgba(grey.as_raw(), Layout::GrayAlpha, profile, pixels)
        }
        (DataColorSpace::Gray, false) if !has_colour => {
            let grey: GrayImage = pixels.to_luma8();
            rgb(grey.as_raw(), Layout::Gray, profile, pixels)
        }
        _ => None,
    }
}

fn rgb(from: &[u8], layout: Layout, profile: &ColorProfile, pixels: &DynamicImage) -> Option<DynamicImage> {
    let mut to = RgbImage::new(pixels.width(), pixels.height());
    transform(from, layout, &mut to, Layout::Rgb, profile)?;
    Some(to.into())
}

fn rgba(from: &[u8], layout: Layout, profile: &ColorProfile, pixels: &DynamicImage) -> Option<DynamicImage> {
    let mut to = RgbaImage::new(pixels.width(), pixels.height());
    transform(from, layout, &mut to, Layout::Rgba, profile)?;
    Some(to.into())
}

fn transform(from: &[u8], source: Layout, to: &mut [u8], target: Layout, profile: &ColorProfile) -> Option<()> {
    let srgb = ColorProfile::new_srgb();
    let transform = profile.create_transform_8bit(source, &srgb, target, TransformOptions::default()).ok()?;
    transform.transform(from, to).ok()
}
