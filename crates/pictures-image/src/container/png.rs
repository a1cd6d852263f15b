//! PNG (W3C PNG, third edition): chunks from the signature to IEND. Of the chunks that a decoder may ignore, only tRNS
//! reaches it. So an animated PNG is its still picture, and no compressed text or profile is inflated by the decoder.

use super::{Bare, Outline};
use crate::colour::Profile;

const SIGNATURE: &[u8] = b"\x89PNG\r\n\x1a\n";

struct Chunk<'a> {
    name: [u8; 4],
    data: &'a [u8],
    /// With length, name and checksum.
    whole: &'a [u8],
}

/// Chunks up to IEND, which is one of them. An incomplete file ends without it.
struct Chunks<'a>(&'a [u8]);

impl<'a> Chunks<'a> {
    fn of(bytes: &'a [u8]) -> Option<Self> {
        bytes.strip_prefix(SIGNATURE).map(Self)
    }
}

impl<'a> Iterator for Chunks<'a> {
    type Item = Chunk<'a>;

    fn next(&mut self) -> Option<Chunk<'a>> {
        let length = usize::try_from(u32::from_be_bytes(*self.0.first_chunk()?)).ok()?;
        let name = *self.0.get(4..)?.first_chunk()?;
        let (whole, after) = self.0.split_at_checked(length.checked_add(12)?)?;
        self.0 = if name == *b"IEND" { &[] } else { after };
        Some(Chunk { name, data: whole.get(8..8 + length)?, whole })
    }
}

pub(super) fn outline(bytes: &[u8]) -> Option<Outline> {
    let mut chunks = Chunks::of(bytes)?;
    let header = chunks.next().filter(|chunk| chunk.name == *b"IHDR")?.data;
    let (&width, rest) = header.split_first_chunk()?;
    let (&height, rest) = rest.split_first_chunk()?;
    let &[depth, colour, ..] = rest else { return None };
    let (mut transparent, mut ended) = (false, false);
    for chunk in chunks {
        transparent |= chunk.name == *b"tRNS";
        ended |= chunk.name == *b"IEND";
    }
    // As decoded: palettes and transparent colours are replaced by samples.
    let channels = match colour {
        0 => 1 + u64::from(transparent),
        2 | 3 => 3 + u64::from(transparent),
        4 => 2,
        6 => 4,
        _ => return None,
    };
    let (width, height) = (u32::from_be_bytes(width), u32::from_be_bytes(height));
    let row = u64::from(width) * channels * if depth == 16 { 2 } else { 1 };
    // Beside the pixels: some rows, and the window of DEFLATE.
    let decoding = row.saturating_mul(height.into()).saturating_add(row * 8 + (512 << 10));
    ended.then_some(Outline { width, height, decoding })
}

pub(super) fn bare(bytes: &[u8]) -> Option<Bare> {
    let mut bare = Bare { bytes: Vec::with_capacity(bytes.len()), ..Bare::default() };
    let (mut icc, mut cicp) = (None, None);
    bare.bytes.extend(SIGNATURE);
    for chunk in Chunks::of(bytes)? {
        match &chunk.name {
            b"eXIf" => bare.take_exif(chunk.data),
            b"iCCP" => icc = icc.or_else(|| inflated(chunk.data)),
            b"cICP" => cicp = cicp.or_else(|| Profile::cicp(*chunk.data.first_chunk()?)),
            // The case of the first letter says whether a decoder must know the chunk.
            name if name[0].is_ascii_uppercase() || name == b"tRNS" => bare.bytes.extend(chunk.whole),
            _ => {}
        }
    }
    // cICP prevails, where it is understood.
    bare.profile = cicp.or_else(|| Profile::icc(icc?));
    Some(bare)
}

/// The profile in the data of iCCP: a name, a zero, the method of compression, which is zero, and a zlib stream.
fn inflated(data: &[u8]) -> Option<Vec<u8>> {
    let name = data.iter().take(80).position(|&byte| byte == 0)?;
    let stream = data.get(name + 1..)?.strip_prefix(&[0])?;
    fdeflate::decompress_to_vec_bounded(stream, Profile::MAX_BYTES).ok()
}
