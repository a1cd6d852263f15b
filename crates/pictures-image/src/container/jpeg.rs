//! JPEG (ITU-T T.81): segments from SOI to the first EOI outside a segment. Thumbnails are inside segments, and their
//! ends do not count. Whatever follows is not part of the picture: the film of a motion photo, further pictures of an
//! MPO or Ultra HDR file, trailers of a camera.

use super::{Bare, Outline};
use crate::colour::Profile;

/// How Exif begins in an APP1 segment.
pub(crate) const EXIF: &[u8] = b"Exif\0\0";
/// How a part of a colour profile begins in an APP2 segment (ICC.1, annex B.4).
const ICC: &[u8] = b"ICC_PROFILE\0";

/// Most scans. Encoders make about ten; each costs a pass over the whole picture.
const MAX_SCANS: usize = 64;

const SOI: [u8; 2] = [0xff, 0xd8];
const EOI: u8 = 0xd9;
const SOS: u8 = 0xda;
const APP0: u8 = 0xe0;
const APP1: u8 = 0xe1;
const APP2: u8 = 0xe2;
const APP14: u8 = 0xee;

struct Segment<'a> {
    marker: u8,
    /// Without marker and length. A scan: its header.
    body: &'a [u8],
    /// From the marker to the end. A scan: with its entropy-coded data.
    whole: &'a [u8],
}

/// Segments up to EOI, which is one of them. An incomplete file ends without it.
struct Segments<'a>(&'a [u8]);

impl<'a> Segments<'a> {
    fn of(bytes: &'a [u8]) -> Option<Self> {
        bytes.strip_prefix(&SOI).map(Self)
    }
}

impl<'a> Iterator for Segments<'a> {
    type Item = Segment<'a>;

    fn next(&mut self) -> Option<Segment<'a>> {
        // Decoders skip what is between segments.
        let rest = self.0.get(next_marker(self.0, |byte| byte == 0)?..)?;
        let marker = *rest.get(1)?;
        if matches!(marker, 0x01 | 0xd0..=0xd9) {
            let (whole, after) = rest.split_at_checked(2)?;
            self.0 = if marker == EOI { &[] } else { after };
            return Some(Segment { marker, body: &[], whole });
        }
        let length = usize::from(u16::from_be_bytes(*rest.get(2..)?.first_chunk()?));
        let body = rest.get(4..2 + length)?;
        let mut end = 2 + length;
        if marker == SOS {
            end += next_marker(rest.get(end..)?, |byte| matches!(byte, 0 | 0xd0..=0xd7))?;
        }
        let (whole, after) = rest.split_at_checked(end)?;
        self.0 = after;
        Some(Segment { marker, body, whole })
    }
}

/// Where the next marker begins. 0xFF before a byte that `is_data` begins none, and may be repeated before a marker.
fn next_marker(bytes: &[u8], is_data: impl Fn(u8) -> bool) -> Option<usize> {
    let mut at = 0;
    loop {
        at += bytes.get(at..)?.iter().position(|&byte| byte == 0xff)?;
        match *bytes.get(at + 1)? {
            0xff => at += 1,
            byte if is_data(byte) => at += 2,
            _ => return Some(at),
        }
    }
}

pub(super) fn outline(bytes: &[u8]) -> Option<Outline> {
    let mut frame = None;
    let (mut scans, mut ended) = (0, false);
    // Whether one scan holds all components, so that rows can be finished as they arrive.
    let mut at_once = true;
    for segment in Segments::of(bytes)? {
        match segment.marker {
            0xc0..=0xc3 | 0xc5..=0xc7 | 0xc9..=0xcb | 0xcd..=0xcf => {
                if frame.is_some() {
                    return None;
                }
                frame = Some(Frame::read(segment.marker, segment.body)?);
            }
            SOS => {
                scans += 1;
                at_once &= frame.as_ref()?.components == usize::from(*segment.body.first()?);
            }
            EOI => ended = true,
            _ => {}
        }
    }
    let frame = frame.filter(|_| ended && (1..=MAX_SCANS).contains(&scans))?;
    let pixels = u64::from(frame.width) * u64::from(frame.height);
    let coefficients = if frame.is_progressive || !at_once { frame.samples * 2 } else { 0 };
    Some(Outline {
        width: frame.width.into(),
        height: frame.height.into(),
        decoding: pixels * if frame.components == 1 { 1 } else { 3 } + coefficients + frame.rows,
    })
}

struct Frame {
    width: u16,
    height: u16,
    components: usize,
    is_progressive: bool,
    /// Number of samples of all components, in whole blocks.
    samples: u64,
    /// Memory for the rows in work, in bytes.
    rows: u64,
}

impl Frame {
    fn read(marker: u8, body: &[u8]) -> Option<Self> {
        let (head, components) = body.split_at_checked(6)?;
        let [_, h0, h1, w0, w1, count] = *head.first_chunk()?;
        let (width, height) = (u16::from_be_bytes([w0, w1]), u16::from_be_bytes([h0, h1]));
        let components = components.get(..3 * usize::from(count))?.chunks_exact(3);
        let factors = components.map(|component| {
            let both = component.get(1).copied().unwrap_or_default();
            (u64::from(both >> 4), u64::from(both & 15))
        });
        let most = factors.clone().fold((1, 1), |most: (u64, u64), each| (most.0.max(each.0), most.1.max(each.1)));
        let units = (u64::from(width).div_ceil(8 * most.0), u64::from(height).div_ceil(8 * most.1));
        // 64 samples a block.
        let samples_of_a_row: u64 = factors.clone().map(|(across, down)| units.0 * across * down * 64).sum();
        Some(Self {
            width,
            height,
            components: factors.len(),
            is_progressive: marker & 3 == 2,
            samples: samples_of_a_row * units.1,
            // Coefficients, samples and enlarged samples of 2 bytes, of the row itself and its neighbours.
            rows: units.0 * 8 * most.0 * 8 * most.1 * factors.len() as u64 * 8,
        })
    }
}

pub(super) fn bare(bytes: &[u8]) -> Option<Bare> {
    let mut bare = Bare { bytes: Vec::with_capacity(bytes.len()), ..Bare::default() };
    let mut profile = Vec::new();
    bare.bytes.extend(SOI);
    for segment in Segments::of(bytes)? {
        match segment.marker {
            APP1 if segment.body.starts_with(EXIF) => bare.take_exif(segment.body),
            APP2 => profile.extend(segment.body.strip_prefix(ICC)),
            // APP0 and APP14 say how colours are coded; 0xFE is a comment.
            0xfe => {}
            marker @ APP0..=0xef if marker != APP0 && marker != APP14 => {}
            _ => bare.bytes.extend(segment.whole),
        }
    }
    bare.profile = assembled(profile).and_then(Profile::icc);
    Some(bare)
}

/// The profile from all its parts, each of which has its number, from 1, and their count.
fn assembled(mut parts: Vec<&[u8]>) -> Option<Vec<u8>> {
    parts.sort_by_key(|part| part.first().copied());
    let count = parts.len();
    let numbered = parts.iter().zip(1..).all(
        |(part, number)| matches!(**part, [own, all, ..] if usize::from(own) == number && usize::from(all) == count),
    );
    let size = parts.iter().map(|part| part.len()).sum::<usize>();
    (count > 0 && numbered && size <= Profile::MAX_BYTES)
        .then(|| parts.iter().filter_map(|part| part.get(2..)).flatten().copied().collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Markers and lengths of the segments.
    fn segments(bytes: &[u8]) -> Vec<(u8, usize)> {
        Segments::of(bytes).unwrap().map(|segment| (segment.marker, segment.whole.len())).collect()
    }

    #[test]
    fn r71_a_scan_ends_at_a_marker_and_not_at_data_that_look_like_one() {
        let scan = b"\xff\xda\0\x03\x01data\xff\0\xd9\xff\xd0\xff\xff\xd7\xff\0";
        let bytes = [b"\xff\xd8\xff\xe1\0\x04\xff\xd9".as_slice(), scan, b"\xff\xff\xd9\xff\xda\0"].concat();
        assert_eq!(segments(&bytes), [(APP1, 6), (SOS, scan.len() + 1), (EOI, 2)]);
        for end in 8..bytes.len() - 3 {
            assert_ne!(segments(&bytes[..end]).last().map(|last| last.0), Some(EOI), "{end}");
        }
    }

    #[test]
    fn bytes_between_segments_are_skipped() {
        let bytes = b"\xff\xd8abc\xff\0\xff\xfe\0\x02\0\0\xff\xff\xd9";
        assert_eq!(segments(bytes), [(0xfe, 4), (EOI, 2)]);
    }
}
