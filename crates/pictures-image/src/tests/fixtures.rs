//! Pictures to send: painted here, and spoilt by hand.

use std::io::Cursor;

use image::{
    DynamicImage, Frame, ImageEncoder, ImageFormat, Rgb, RgbImage, Rgba, RgbaImage,
    codecs::{gif::GifEncoder, jpeg::JpegEncoder, png::PngEncoder, webp::WebPEncoder},
};
use moxcms::{ColorProfile, ToneReprCurve};

pub(super) const RED: Rgb<u8> = Rgb([200, 0, 0]);
pub(super) const BLUE: Rgb<u8> = Rgb([0, 0, 200]);

/// What only the metadata say.
pub(super) const SECRET: &str = "taken at home, 52.52 N";

pub(super) const KINDS: [ImageFormat; 4] = [ImageFormat::Png, ImageFormat::Jpeg, ImageFormat::WebP, ImageFormat::Gif];

/// Blue, with a red corner at the top left.
pub(super) fn corner(width: u32, height: u32) -> DynamicImage {
    let mut pixels = RgbImage::from_pixel(width, height, BLUE);
    pixels.put_pixel(0, 0, RED);
    pixels.into()
}

/// Something that does not compress to nothing.
pub(super) fn noise(width: u32, height: u32) -> DynamicImage {
    RgbImage::from_fn(width, height, |x, y| {
        let mixed = (x.wrapping_mul(2_654_435_761) ^ y.wrapping_mul(40_503)).wrapping_mul(2_246_822_519);
        let [a, b, c, _] = mixed.to_le_bytes();
        Rgb([a, b, c])
    })
    .into()
}

pub(super) fn encoded(pixels: &DynamicImage, kind: ImageFormat) -> Vec<u8> {
    let mut bytes = Cursor::new(Vec::new());
    let pixels = if kind == ImageFormat::Gif { pixels.to_rgba8().into() } else { pixels.clone() };
    pixels.write_to(&mut bytes, kind).unwrap();
    bytes.into_inner()
}

/// A picture with Exif: an orientation, a description with [`SECRET`], and the end marker of a JPEG thumbnail.
pub(super) fn with_exif(pixels: &DynamicImage, kind: ImageFormat, orientation: u8) -> Vec<u8> {
    fn write(mut encoder: impl ImageEncoder, pixels: &DynamicImage, exif: Vec<u8>) {
        encoder.set_exif_metadata(exif).unwrap();
        pixels.write_with_encoder(encoder).unwrap();
    }
    let exif = exif(orientation);
    let mut bytes = Vec::new();
    match kind {
        ImageFormat::Png => write(PngEncoder::new(&mut bytes), pixels, exif),
        ImageFormat::Jpeg => write(JpegEncoder::new_with_quality(&mut bytes, 95), pixels, exif),
        ImageFormat::WebP => write(WebPEncoder::new_lossless(&mut bytes), pixels, exif),
        other => panic!("{other:?} has no Exif"),
    }
    assert!(contains(&bytes, SECRET.as_bytes()));
    bytes
}

/// A picture with a colour profile.
pub(super) fn with_profile(pixels: &DynamicImage, kind: ImageFormat, profile: Vec<u8>) -> Vec<u8> {
    fn write(mut encoder: impl ImageEncoder, pixels: &DynamicImage, profile: Vec<u8>) {
        encoder.set_icc_profile(profile).unwrap();
        pixels.write_with_encoder(encoder).unwrap();
    }
    let mut bytes = Vec::new();
    match kind {
        ImageFormat::Png => write(PngEncoder::new(&mut bytes), pixels, profile),
        ImageFormat::Jpeg => write(JpegEncoder::new(&mut bytes), pixels, profile),
        ImageFormat::WebP => write(WebPEncoder::new_lossless(&mut bytes), pixels, profile),
        other => panic!("{other:?} has no profile"),
    }
    bytes
}

pub(super) fn display_p3() -> Vec<u8> {
    ColorProfile::new_display_p3().encode().unwrap()
}

/// The primaries of Display P3, with a gamma of 2.2.
pub(super) fn p3_of_gamma() -> Vec<u8> {
    let mut profile = ColorProfile::new_display_p3();
    let curve = Some(ToneReprCurve::Parametric(vec![2.2]));
    (profile.red_trc, profile.green_trc, profile.blue_trc, profile.cicp) = (curve.clone(), curve.clone(), curve, None);
    profile.encode().unwrap()
}

pub(super) fn adobe_rgb() -> Vec<u8> {
    ColorProfile::new_adobe_rgb().encode().unwrap()
}

pub(super) fn srgb() -> Vec<u8> {
    ColorProfile::new_srgb().encode().unwrap()
}

pub(super) fn linear_grey() -> Vec<u8> {
    ColorProfile::new_gray_with_gamma(1.0).encode().unwrap()
}

/// The JPEG with one more segment, right after its start.
pub(super) fn with_segment(jpeg: &[u8], marker: u8, data: &[u8]) -> Vec<u8> {
    let length = u16::try_from(data.len() + 2).unwrap().to_be_bytes();
    [&jpeg[..2], &[0xff, marker], &length, data, &jpeg[2..]].concat()
}

/// A WebP of these chunks on a canvas of this size.
pub(super) fn on_canvas(chunks: &[u8], width: u32, height: u32) -> Vec<u8> {
    let [[w0, w1, w2, _], [h0, h1, h2, _]] = [width - 1, height - 1].map(u32::to_le_bytes);
    let extended = riff(*b"VP8X", &[0, 0, 0, 0, w0, w1, w2, h0, h1, h2]);
    riff(*b"RIFF", &[b"WEBP", extended.as_slice(), chunks].concat())
}

/// TIFF 6.0, one directory of two entries.
fn exif(orientation: u8) -> Vec<u8> {
    let text = [SECRET.as_bytes(), &[0xff, 0xd8, 0xff, 0xda, 0xff, 0xd9, 0]].concat();
    let length = u32::try_from(text.len()).unwrap();
    let mut exif = b"II*\0\x08\0\0\0\x02\0".to_vec();
    exif.extend(b"\x0e\x01\x02\0"); // ImageDescription, ASCII, after the directory
    exif.extend(length.to_le_bytes());
    exif.extend(38u32.to_le_bytes());
    exif.extend(b"\x12\x01\x03\0\x01\0\0\0"); // Orientation, one SHORT
    exif.extend([orientation, 0, 0, 0]);
    exif.extend([0; 4]);
    exif.extend(text);
    exif
}

/// A GIF of two frames.
pub(super) fn moving_gif(first: Rgb<u8>, second: Rgb<u8>) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut encoder = GifEncoder::new(&mut bytes);
    for Rgb([r, g, b]) in [first, second] {
        encoder.encode_frame(Frame::new(RgbaImage::from_pixel(8, 8, Rgba([r, g, b, 255])))).unwrap();
    }
    drop(encoder);
    bytes
}

/// A WebP of two frames, 8 pixels square.
pub(super) fn moving_webp(first: Rgb<u8>, second: Rgb<u8>) -> Vec<u8> {
    let mut body = b"WEBP".to_vec();
    body.extend(riff(*b"VP8X", &[0b10, 0, 0, 0, 7, 0, 0, 7, 0, 0]));
    body.extend(riff(*b"ANIM", &[0; 6]));
    for colour in [first, second] {
        let still = encoded(&RgbImage::from_pixel(8, 8, colour).into(), ImageFormat::WebP);
        let frame = [&[0, 0, 0, 0, 0, 0, 7, 0, 0, 7, 0, 0, 100, 0, 0, 0], &still[12..]].concat();
        body.extend(riff(*b"ANMF", &frame));
    }
    riff(*b"RIFF", &body)
}

pub(super) fn riff(name: [u8; 4], body: &[u8]) -> Vec<u8> {
    let mut chunk = [name, u32::try_from(body.len()).unwrap().to_le_bytes()].concat();
    chunk.extend(body);
    chunk.resize(chunk.len().next_multiple_of(2), 0);
    chunk
}

/// The PNG with one more chunk, right after its header.
pub(super) fn with_chunk(png: &[u8], name: [u8; 4], data: &[u8]) -> Vec<u8> {
    let (head, rest) = png.split_at(8 + 25);
    [head, &chunk(name, data), rest].concat()
}

/// A PNG that claims to be so large, and holds no pixel.
pub(super) fn png_header(width: u32, height: u32) -> Vec<u8> {
    let header = [&width.to_be_bytes()[..], &height.to_be_bytes(), &[8, 6, 0, 0, 0]].concat();
    [b"\x89PNG\r\n\x1a\n".as_slice(), &chunk(*b"IHDR", &header), &chunk(*b"IDAT", &[]), &chunk(*b"IEND", &[])].concat()
}

fn chunk(name: [u8; 4], data: &[u8]) -> Vec<u8> {
    let named = [&name, data].concat();
    let length = u32::try_from(data.len()).unwrap().to_be_bytes();
    [&length[..], &named, &crc32(&named).to_be_bytes()].concat()
}

/// ISO 3309.
fn crc32(data: &[u8]) -> u32 {
    !data.iter().fold(!0, |crc, byte| {
        (0..8).fold(crc ^ u32::from(*byte), |crc, _| (crc >> 1) ^ (0xedb8_8320 & (crc & 1).wrapping_neg()))
    })
}

pub(super) fn contains(bytes: &[u8], needle: &[u8]) -> bool {
    bytes.windows(needle.len()).any(|window| window == needle)
}
