//! GIF (version 89a): blocks from the header to the end of the first frame. Application and comment blocks do not reach
//! the decoder, and a colour profile in one is not used.

use super::{Bare, Outline};

/// One block: the whole of it, and the width and height of a frame.
struct Block<'a> {
    whole: &'a [u8],
    kind: Kind,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// Header, logical screen and its colours.
    Screen {
        width: u16,
        height: u16,
    },
    /// How the next frame is shown.
    Control,
    /// An extension that is not needed.
    Other,
    Frame {
        width: u16,
        height: u16,
    },
}

/// Blocks up to the first frame, which is one of them. An incomplete file ends without it.
struct Blocks<'a> {
    rest: &'a [u8],
    begun: bool,
}

impl<'a> Blocks<'a> {
    fn of(rest: &'a [u8]) -> Self {
        Self { rest, begun: false }
    }

    /// The kind of the next block, and its length.
    fn measure(&self) -> Option<(Kind, usize)> {
        let rest = self.rest;
        if !self.begun {
            let [w0, w1, h0, h1, flags] = *rest.get(6..)?.first_chunk()?;
            let kind = Kind::Screen { width: u16::from_le_bytes([w0, w1]), height: u16::from_le_bytes([h0, h1]) };
            return Some((kind, 13 + colours(flags)));
        }
        match *rest.first()? {
            0x21 => {
                let kind = if *rest.get(1)? == 0xf9 { Kind::Control } else { Kind::Other };
                Some((kind, 2 + sub_blocks(rest.get(2..)?)?))
            }
            0x2c => {
                let [w0, w1, h0, h1, flags] = *rest.get(5..)?.first_chunk()?;
                let kind = Kind::Frame { width: u16::from_le_bytes([w0, w1]), height: u16::from_le_bytes([h0, h1]) };
                // After the colours, the least size of a code.
                let head = 11 + colours(flags);
                Some((kind, head + sub_blocks(rest.get(head..)?)?))
            }
            _ => None,
        }
    }
}

impl<'a> Iterator for Blocks<'a> {
    type Item = Block<'a>;

    fn next(&mut self) -> Option<Block<'a>> {
        let (kind, length) = self.measure()?;
        let (whole, after) = self.rest.split_at_checked(length)?;
        self.begun = true;
        self.rest = if matches!(kind, Kind::Frame { .. }) { &[] } else { after };
        Some(Block { whole, kind })
    }
}

/// Size of a table of colours, by the flags before it.
fn colours(flags: u8) -> usize {
    if flags & 0x80 == 0 { 0 } else { 3 << ((flags & 7) + 1) }
}

/// Length of sub-blocks with their end.
fn sub_blocks(bytes: &[u8]) -> Option<usize> {
    let mut at = 0;
    loop {
        let length = usize::from(*bytes.get(at)?);
        at += 1 + length;
        if length == 0 {
            return Some(at);
        }
    }
}

pub(super) fn outline(bytes: &[u8]) -> Option<Outline> {
    let mut screen = None;
    for block in Blocks::of(bytes) {
        match block.kind {
            Kind::Screen { width, height } => screen = Some((width, height)),
            Kind::Frame { width, height } => {
                let screen = screen?;
                let area = |(width, height): (u16, u16)| u64::from(width) * u64::from(height);
                // RGBA, and the frame apart where it does not fill the screen. Tables of LZW, and a row.
                let frame = if screen == (width, height) { 0 } else { area((width, height)) };
                let decoding = 4 * (area(screen) + frame) + 4 * u64::from(width) + (256 << 10);
                return Some(Outline { width: screen.0.into(), height: screen.1.into(), decoding });
            }
            Kind::Control | Kind::Other => {}
        }
    }
    None
}

pub(super) fn bare(bytes: &[u8]) -> Bare {
    let mut bare = Bare { bytes: Vec::with_capacity(bytes.len()), ..Bare::default() };
    Blocks::of(bytes).filter(|block| block.kind != Kind::Other).for_each(|block| bare.bytes.extend(block.whole));
    bare.bytes.push(b';');
    bare
}
