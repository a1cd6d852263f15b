//! The memory of pictures, counted by the allocator (R73). One test: a test beside it would be counted too.

#![expect(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

use std::{
    io::{Cursor, Write as _},
    iter, thread,
    time::Duration,
};

use image::{DynamicImage, GrayImage, ImageFormat, RgbImage, RgbaImage};
use peak_alloc::PeakAlloc;
use selfsame_pictures_image::{ImagePictures, PictureOptions};
use selfsame_ports::{PictureError, Pictures as _};

#[global_allocator]
static ALLOCATOR: PeakAlloc = PeakAlloc;

const MIB: usize = 1 << 20;

/// What `run` returns, and how many bytes more than at its start were allocated at its most.
fn measured<T>(run: impl FnOnce() -> T) -> (T, usize) {
    let before = ALLOCATOR.current_usage();
    ALLOCATOR.reset_peak_usage();
    let result = run();
    (result, ALLOCATOR.peak_usage().saturating_sub(before))
}

fn pictures(options: PictureOptions) -> ImagePictures {
    ImagePictures::new(PictureOptions { wait: Duration::from_mins(5), ..options })
}

fn encoded(pixels: &DynamicImage, kind: ImageFormat) -> Vec<u8> {
    let mut bytes = Cursor::new(Vec::new());
    pixels.write_to(&mut bytes, kind).unwrap();
    bytes.into_inner()
}

/// Samples of equal rows, which are not of one colour.
fn samples(width: u32, height: u32, channels: u32) -> Vec<u8> {
    let row: Vec<_> = (0..width * channels).map(|at| (at / 7 * (at % channels + 1)).to_le_bytes()[0]).collect();
    row.repeat(height as usize)
}

fn rgb(width: u32, height: u32) -> DynamicImage {
    RgbImage::from_raw(width, height, samples(width, height, 3)).unwrap().into()
}

fn rgba(width: u32, height: u32) -> DynamicImage {
    RgbaImage::from_raw(width, height, samples(width, height, 4)).unwrap().into()
}

fn grey(width: u32, height: u32) -> DynamicImage {
    GrayImage::from_raw(width, height, samples(width, height, 1)).unwrap().into()
}

#[test]
fn r73_a_picture_takes_no_more_memory_than_its_headers_say_whatever_its_data_are() {
    no_data_inflate();
    every_kind_keeps_to_its_headers();
    many_at_once_keep_to_the_budget();
}

fn no_data_inflate() {
    let png = encoded(&rgb(16, 16), ImageFormat::Png);
    let bomb = zeros(200 * MIB);
    assert!(bomb.len() < MIB);
    for (name, head) in [
        (*b"iCCP", &b"name\0\0"[..]),
        (*b"zTXt", b"Comment\0\0"),
        (*b"zTXt", b"Raw profile type iptc\0\0"),
        (*b"iTXt", b"XML:com.adobe.xmp\0\x01\0\0\0"),
        (*b"eXIf", b"II*\0"),
    ] {
        let bytes = with_chunk(&png, name, &[head, &bomb].concat());
        let (processed, peak) = measured(|| pictures(PictureOptions::default()).process(&bytes));
        assert!(processed.is_ok(), "{name:?}");
        assert!(peak < 12 * MIB, "{name:?}: {peak}");
    }
    // A lossless WebP of 4 by 4 pixels with 65536 groups of tables, and the same as the transparency of another.
    let lossless = |last| webp(&[(*b"VP8L", &[&[0x2f, 3, 0xc0, 0, 0], many_tables(last).as_slice()].concat())]);
    assert!(pictures(PictureOptions::default()).process(&lossless(100)).is_ok());
    let (lossless, stream) = (lossless(65_535), many_tables(65_535));
    let (processed, peak) = measured(|| pictures(PictureOptions::default()).process(&lossless));
    assert_eq!(processed, Err(PictureError::Unsupported));
    assert!(peak < 8 * MIB, "{peak}");
    let lossy = [b"\x10\0\0\x9d\x01\x2a\x04\0\x04\0".as_slice(), &[0; 100]].concat();
    let extended = [0x10, 0, 0, 0, 3, 0, 0, 3, 0, 0];
    let transparent = [(*b"VP8X", &extended[..]), (*b"ALPH", &[&[1], stream.as_slice()].concat()), (*b"VP8 ", &lossy)];
    let (processed, peak) = measured(|| pictures(PictureOptions::default()).process(&webp(&transparent)));
    assert_eq!(processed, Err(PictureError::Unsupported));
    assert!(peak < 8 * MIB, "{peak}");
}

fn every_kind_keeps_to_its_headers() {
    let pictures = pictures(PictureOptions::default());
    let deep = DynamicImage::from(rgba(1500, 1000).to_rgba16());
    for (picture, kind) in [
        (rgb(3000, 2000), ImageFormat::Jpeg),
        (grey(3000, 2000), ImageFormat::Jpeg),
        (rgb(16_000, 40), ImageFormat::Jpeg),
        (rgb(3000, 2000), ImageFormat::Png),
        (rgba(40, 16_000), ImageFormat::Png),
        (deep, ImageFormat::Png),
        (rgb(3000, 2000), ImageFormat::WebP),
        (rgba(3000, 2000), ImageFormat::WebP),
        (rgba(400, 300), ImageFormat::Gif),
        (rgb(30, 20), ImageFormat::WebP),
        (rgb(30, 20), ImageFormat::Png),
    ] {
        let bytes = encoded(&picture, kind);
        let size = (picture.width(), picture.height());
        drop(picture);
        let memory = usize::try_from(pictures.memory(&bytes).unwrap()).unwrap();
        let (processed, peak) = measured(|| pictures.process(&bytes));
        assert!(processed.is_ok(), "{kind:?} {size:?}");
        assert!(peak <= memory, "{kind:?} {size:?}: {peak} of {memory}");
    }
}

fn many_at_once_keep_to_the_budget() {
    // As large as telephones make them.
    let bytes = repeated(&encoded(&rgb(8000, 8), ImageFormat::Jpeg), 750);
    let options = PictureOptions { permits: 8, ..PictureOptions::default() };
    let pictures = pictures(options);
    let (sizes, peak) = measured(|| {
        thread::scope(|scope| {
            let running: Vec<_> = iter::repeat_with(|| scope.spawn(|| pictures.process(&bytes))).take(8).collect();
            running
                .into_iter()
                .map(|thread| thread.join().unwrap().map(|picture| picture.bytes.len()))
                .collect::<Vec<_>>()
        })
    });
    assert!(sizes.iter().all(Result::is_ok), "{sizes:?}");
    assert!(peak as u64 <= options.max_memory, "{peak}");
}

/// The JPEG of one row of blocks, so many times below itself: each row ends with a restart marker.
fn repeated(row: &[u8], times: u16) -> Vec<u8> {
    let find = |marker: u8| row.windows(2).position(|pair| pair == [0xff, marker]).unwrap();
    let (frame, scan) = (find(0xc0), find(0xda));
    let header = usize::from(u16::from_be_bytes([row[scan + 2], row[scan + 3]])) + 2;
    let width = u16::from_be_bytes([row[frame + 7], row[frame + 8]]);
    // Every component has one block for each.
    assert!(row[frame + 10..].chunks_exact(3).take(3).all(|component| component[1] == 0x11));
    let mut bytes = row[..scan].to_vec();
    bytes[frame + 5..frame + 7].copy_from_slice(&(times * 8).to_be_bytes());
    bytes.extend([0xff, 0xdd, 0, 4]);
    bytes.extend((width / 8).to_be_bytes());
    bytes.extend(&row[scan..scan + header]);
    for restart in (0..8).cycle().take(times.into()) {
        bytes.extend(&row[scan + header..row.len() - 2]);
        bytes.extend([0xff, 0xd0 + restart]);
    }
    bytes.truncate(bytes.len() - 2);
    bytes.extend([0xff, 0xd9]);
    bytes
}

/// So many zeros, compressed.
fn zeros(count: usize) -> Vec<u8> {
    let mut compressor = fdeflate::Compressor::new(Vec::new()).unwrap();
    let block = vec![0; MIB];
    (0..count / MIB).for_each(|_| compressor.write_data(&block).unwrap());
    compressor.finish().unwrap()
}

/// The PNG with one more chunk, right after its header.
fn with_chunk(png: &[u8], name: [u8; 4], data: &[u8]) -> Vec<u8> {
    let (head, rest) = png.split_at(8 + 25);
    let named = [&name, data].concat();
    let crc = !named.iter().fold(!0u32, |crc, byte| {
        (0..8).fold(crc ^ u32::from(*byte), |crc, _| (crc >> 1) ^ (0xedb8_8320 & (crc & 1).wrapping_neg()))
    });
    let length = u32::try_from(data.len()).unwrap().to_be_bytes();
    [head, &length[..], &named, &crc.to_be_bytes(), rest].concat()
}

fn webp(chunks: &[([u8; 4], &[u8])]) -> Vec<u8> {
    let mut body = b"WEBP".to_vec();
    for (name, data) in chunks {
        body.write_all(name).unwrap();
        body.extend(u32::try_from(data.len()).unwrap().to_le_bytes());
        body.extend(*data);
        body.resize(body.len().next_multiple_of(2), 0);
    }
    [b"RIFF", &u32::try_from(body.len()).unwrap().to_le_bytes()[..], &body].concat()
}

/// A lossless stream of at most 4 by 4 pixels, with tables for the groups up to this number: 256 codes of 8 bits for
/// green, red, blue and alpha.
fn many_tables(last: u16) -> Vec<u8> {
    let mut bits = Bits::default();
    // No transform, no cache; groups by blocks of 4 by 4 pixels.
    bits.put(0, 1).put(0, 1).put(1, 1).put(0, 3);
    // One block, of this group: no cache, and five codes of one symbol, of which green and red are the number.
    let [high, low] = last.to_be_bytes();
    bits.put(0, 1);
    for symbol in [low, high, 0, 0, 0] {
        bits.put(0b101, 3).put(symbol.into(), 8);
    }
    for _ in 0..=last {
        for channel in 0..4 {
            // Twelve lengths of lengths, of which only that of 8 is not zero: all lengths are 8, and take no bit.
            bits.put(0, 1).put(8, 4).put(0, 3 * 11).put(1, 3);
            if channel == 0 {
                // Only for 256 of the 280 symbols.
                bits.put(1, 1).put(3, 3).put(254, 8);
            } else {
                bits.put(0, 1);
            }
        }
        bits.put(0b101, 3).put(0, 8);
    }
    // The pixels.
    for _ in 0..16 {
        bits.put(0, 32);
    }
    bits.bytes
}

#[derive(Default)]
struct Bits {
    bytes: Vec<u8>,
    count: usize,
}

impl Bits {
    fn put(&mut self, number: u64, count: usize) -> &mut Self {
        for place in 0..count {
            if self.count.is_multiple_of(8) {
                self.bytes.push(0);
            }
            *self.bytes.last_mut().unwrap() |= u8::from(number >> place & 1 == 1) << (self.count % 8);
            self.count += 1;
        }
        self
    }
}
