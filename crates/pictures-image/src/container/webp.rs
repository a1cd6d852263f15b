//! WebP (RFC 9649): chunks within the RIFF. What follows the RIFF is not part of the picture.

use super::{Bare, Outline, vp8l};
use crate::colour::Profile;

/// Flags of VP8X.
const ALPHA: u8 = 0b1_0000;
const ANIMATION: u8 = 0b10;
/// Bytes of VP8X, and of ANMF before its chunks.
const EXTENDED: usize = 10;
const FRAME: usize = 16;

struct Chunk<'a> {
    name: [u8; 4],
    data: &'a [u8],
}

/// Chunks up to one that is incomplete.
struct Chunks<'a>(&'a [u8]);

impl<'a> Iterator for Chunks<'a> {
    type Item = Chunk<'a>;

    fn next(&mut self) -> Option<Chunk<'a>> {
        let (&name, rest) = self.0.split_first_chunk()?;
        let (&length, rest) = rest.split_first_chunk()?;
        let length = usize::try_from(u32::from_le_bytes(length)).ok()?;
        let (data, rest) = rest.split_at_checked(length)?;
        self.0 = rest.get(length % 2..).unwrap_or_default();
        Some(Chunk { name, data })
    }
}

/// The parts of a picture, or of the first frame of a moving one.
#[derive(Default)]
struct Parts<'a> {
    /// VP8X.
    extended: Option<&'a [u8; EXTENDED]>,
    /// ANIM.
    animation: Option<&'a [u8]>,
    /// The head of the first ANMF.
    frame: Option<&'a [u8; FRAME]>,
    /// ALPH.
    alpha: Option<&'a [u8]>,
    /// VP8.
    lossy: Option<&'a [u8]>,
    /// VP8L.
    lossless: Option<&'a [u8]>,
    exif: Option<&'a [u8]>,
    icc: Option<&'a [u8]>,
}

impl<'a> Parts<'a> {
    fn of(bytes: &'a [u8]) -> Option<Self> {
        let (&length, rest) = bytes.strip_prefix(b"RIFF")?.split_first_chunk()?;
        let mut chunks = Chunks(rest.get(..usize::try_from(u32::from_le_bytes(length)).ok()?)?.strip_prefix(b"WEBP")?);
        let mut parts = Self::default();
        let first = chunks.next()?;
        if first.name == *b"VP8X" {
            parts.extended = Some(first.data.first_chunk()?);
            for chunk in chunks {
                parts.take(&chunk);
            }
        } else {
            parts.take(&first);
        }
        (parts.lossy.is_some() != parts.lossless.is_some()).then_some(parts)
    }

    /// Keeps the first chunk of each name. A moving picture has its bit streams in frames, of which the first counts.
    fn take(&mut self, chunk: &Chunk<'a>) {
        let moves = self.flag(ANIMATION);
        let place = match &chunk.name {
            b"ANMF" if moves && self.frame.is_none() => {
                let Some((head, rest)) = chunk.data.split_first_chunk() else { return };
                self.frame = Some(head);
                return Chunks(rest).for_each(|chunk| self.take_stream(&chunk));
            }
            b"ANIM" => &mut self.animation,
            b"EXIF" => &mut self.exif,
            b"ICCP" => &mut self.icc,
            _ if moves => return,
            _ => return self.take_stream(chunk),
        };
        place.get_or_insert(chunk.data);
    }

    fn take_stream(&mut self, chunk: &Chunk<'a>) {
        let place = match &chunk.name {
            b"ALPH" => &mut self.alpha,
            b"VP8 " => &mut self.lossy,
            b"VP8L" => &mut self.lossless,
            _ => return,
        };
        place.get_or_insert(chunk.data);
    }

    fn flag(&self, flag: u8) -> bool {
        self.extended.is_some_and(|extended| extended[0] & flag != 0)
    }

    /// Width and height of the bit stream. They must be those of the canvas or of the frame: the decoder makes room by
    /// the one before it looks at the other.
    fn size(&self) -> Option<(u32, u32)> {
        let size = if let Some(lossy) = self.lossy {
            let [w0, w1, h0, h1] = *lossy.get(6..)?.first_chunk()?;
            let of = |low, high| u32::from(u16::from_le_bytes([low, high]) & 0x3fff);
            (of(w0, w1), of(h0, h1))
        } else {
            let header = u32::from_le_bytes(*self.lossless?.get(1..)?.first_chunk()?);
            ((header & 0x3fff) + 1, (header >> 14 & 0x3fff) + 1)
        };
        let stated = match (self.frame, self.extended) {
            (Some(frame), _) => Some(two_of(frame, 6)),
            (None, Some(extended)) => Some(two_of(extended, 4)),
            (None, None) => None,
        };
        stated.is_none_or(|stated| stated == size).then_some(size)
    }

    /// Width and height of the canvas.
    fn canvas(&self) -> Option<(u32, u32)> {
        let size = self.size()?;
        let canvas = self.extended.map_or(size, |extended| two_of(extended, 4));
        (size.0 <= canvas.0 && size.1 <= canvas.1).then_some(canvas)
    }

    /// Whether the decoded pixels have transparency.
    fn has_alpha(&self) -> bool {
        match (self.extended, self.lossless) {
            (Some(_), _) => self.flag(ALPHA),
            (None, Some(lossless)) => lossless.get(4).is_some_and(|byte| byte & 0x10 != 0),
            (None, None) => false,
        }
    }
}

/// Two numbers of 24 bits that are one less than a width and a height.
fn two_of(bytes: &[u8], at: usize) -> (u32, u32) {
    let of = |at| bytes.get(at..at + 3).map_or(0, |bytes| u32::from_le_bytes([bytes[0], bytes[1], bytes[2], 0]) + 1);
    (of(at), of(at + 3))
}

pub(super) fn outline(bytes: &[u8]) -> Option<Outline> {
    let parts = Parts::of(bytes)?;
    let ((width, height), (canvas_width, canvas_height)) = (parts.size()?, parts.canvas()?);
    let (canvas, frame) = (area(canvas_width, canvas_height), area(width, height));
    let (moves, has_alpha, is_lossy) = (parts.frame.is_some(), parts.has_alpha(), parts.lossy.is_some());
    // Lossless: pixels of 4 bytes, and beside them the data of transforms, at most 1 byte for each pixel.
    let stream = if is_lossy {
        let planes = area(width.next_multiple_of(16), height.next_multiple_of(16)) * 3 / 2;
        // Transparency is a lossless picture of its own, copied once.
        planes + if has_alpha || parts.alpha.is_some() { 6 * frame } else { 0 }
    } else if has_alpha && !moves {
        frame
    } else {
        5 * frame
    };
    // A moving picture has a canvas apart; its lossy frames have pixels of their own.
    let moving = if moves { 4 * canvas + if is_lossy { 4 * frame } else { 0 } } else { 0 };
    let tables = if is_lossy && parts.alpha.is_none() { 0 } else { vp8l::MAX_TABLES };
    let decoding = canvas * if has_alpha { 4 } else { 3 } + stream + moving + tables + (1 << 20);
    Some(Outline { width: canvas_width, height: canvas_height, decoding })
}

fn area(width: u32, height: u32) -> u64 {
    u64::from(width) * u64::from(height)
}

pub(super) fn bare(bytes: &[u8]) -> Option<Bare> {
    let parts = Parts::of(bytes)?;
    let mut bare = Bare { bytes: Vec::with_capacity(bytes.len() + 16), ..Bare::default() };
    bare.bytes.extend(b"RIFF\0\0\0\0WEBP");
    if let Some(mut extended) = parts.extended.copied() {
        extended[0] &= ALPHA | ANIMATION;
        push(&mut bare.bytes, *b"VP8X", &extended);
    }
    let streams = |out: &mut Vec<u8>| {
        // Beside a lossless stream there is no transparency.
        parts.alpha.filter(|_| parts.lossy.is_some()).into_iter().for_each(|data| push(out, *b"ALPH", data));
        parts.lossy.into_iter().for_each(|data| push(out, *b"VP8 ", data));
        parts.lossless.into_iter().for_each(|data| push(out, *b"VP8L", data));
    };
    if let Some(frame) = parts.frame {
        push(&mut bare.bytes, *b"ANIM", parts.animation?);
        let start = bare.bytes.len();
        push(&mut bare.bytes, *b"ANMF", frame);
        streams(&mut bare.bytes);
        set_length(&mut bare.bytes, start);
    } else {
        streams(&mut bare.bytes);
    }
    set_length(&mut bare.bytes, 0);
    parts.exif.into_iter().for_each(|exif| bare.take_exif(exif));
    bare.profile = parts.icc.filter(|icc| icc.len() <= Profile::MAX_BYTES).and_then(|icc| Profile::icc(icc.to_vec()));
    Some(bare)
}

/// Appends a chunk.
fn push(out: &mut Vec<u8>, name: [u8; 4], data: &[u8]) {
    let start = out.len();
    out.extend(name);
    out.extend([0; 4]);
    out.extend(data);
    set_length(out, start);
    out.resize(out.len().next_multiple_of(2), 0);
}

/// Sets the length of the chunk that begins at `start` and is the last one.
fn set_length(out: &mut [u8], start: usize) {
    let length = u32::try_from(out.len() - start - 8).unwrap_or(u32::MAX);
    out[start + 4..start + 8].copy_from_slice(&length.to_le_bytes());
}

/// Checks that the tables of the lossless streams fit into [`vp8l::MAX_TABLES`]; `None` too for a broken stream.
pub(super) fn check_tables(bytes: &[u8]) -> Option<()> {
    let parts = Parts::of(bytes)?;
    let size = parts.size()?;
    if let Some(lossless) = parts.lossless {
        return vp8l::check(lossless.get(vp8l::HEADER..)?, size);
    }
    match parts.alpha.and_then(<[u8]>::split_first) {
        Some((head, stream)) if head & 3 == 1 => vp8l::check(stream, size),
        _ => Some(()),
    }
}
