//! The Huffman tables of a lossless WebP (RFC 9649, section 3). A file of a few megabytes can ask for 65536 groups of
//! five tables, more than a gigabyte, whatever the size of the picture. The decoder has no limit for them. So the stream
//! is read here up to the last table, as the decoder does, and the tables are counted and not kept.

/// Most memory of the tables of one picture, in bytes. Encoders make at most a few thousand groups.
pub(super) const MAX_TABLES: u64 = 32 << 20;

/// Bytes of a stream before its transforms: signature, width, height, flags.
pub(super) const HEADER: usize = 5;

/// Symbols of the codes of a group: green with lengths, red, blue, alpha, distance.
const ALPHABETS: [u16; 5] = [256 + LENGTHS, 256, 256, 256, 40];
const LENGTHS: u16 = 24;

/// Order of the lengths of the code of code lengths.
const ORDER: [usize; 19] = [17, 18, 0, 1, 2, 3, 4, 5, 16, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15];

/// Bits that a table of the decoder is indexed by; longer codes have nodes of a tree.
const TABLE_BITS: usize = 10;

/// Pixels nearby, by distance codes 1 to 120: columns to the left and rows up.
const NEARBY: [(i8, i8); 120] = [
    (0, 1),
    (1, 0),
    (1, 1),
    (-1, 1),
    (0, 2),
    (2, 0),
    (1, 2),
    (-1, 2),
    (2, 1),
    (-2, 1),
    (2, 2),
    (-2, 2),
    (0, 3),
    (3, 0),
    (1, 3),
    (-1, 3),
    (3, 1),
    (-3, 1),
    (2, 3),
    (-2, 3),
    (3, 2),
    (-3, 2),
    (0, 4),
    (4, 0),
    (1, 4),
    (-1, 4),
    (4, 1),
    (-4, 1),
    (3, 3),
    (-3, 3),
    (2, 4),
    (-2, 4),
    (4, 2),
    (-4, 2),
    (0, 5),
    (3, 4),
    (-3, 4),
    (4, 3),
    (-4, 3),
    (5, 0),
    (1, 5),
    (-1, 5),
    (5, 1),
    (-5, 1),
    (2, 5),
    (-2, 5),
    (5, 2),
    (-5, 2),
    (4, 4),
    (-4, 4),
    (3, 5),
    (-3, 5),
    (5, 3),
    (-5, 3),
    (0, 6),
    (6, 0),
    (1, 6),
    (-1, 6),
    (6, 1),
    (-6, 1),
    (2, 6),
    (-2, 6),
    (6, 2),
    (-6, 2),
    (4, 5),
    (-4, 5),
    (5, 4),
    (-5, 4),
    (3, 6),
    (-3, 6),
    (6, 3),
    (-6, 3),
    (0, 7),
    (7, 0),
    (1, 7),
    (-1, 7),
    (5, 5),
    (-5, 5),
    (7, 1),
    (-7, 1),
    (4, 6),
    (-4, 6),
    (6, 4),
    (-6, 4),
    (2, 7),
    (-2, 7),
    (7, 2),
    (-7, 2),
    (3, 7),
    (-3, 7),
    (7, 3),
    (-7, 3),
    (5, 6),
    (-5, 6),
    (6, 5),
    (-6, 5),
    (8, 0),
    (4, 7),
    (-4, 7),
    (7, 4),
    (-7, 4),
    (8, 1),
    (8, 2),
    (6, 6),
    (-6, 6),
    (8, 3),
    (5, 7),
    (-5, 7),
    (7, 5),
    (-7, 5),
    (8, 4),
    (6, 7),
    (-6, 7),
    (7, 6),
    (-7, 6),
    (8, 5),
    (7, 7),
    (-7, 7),
    (8, 6),
    (8, 7),
];

/// Reads transforms and tables of a stream of this width and height. `None` if the tables are too large or the stream is
/// broken.
pub(super) fn check(stream: &[u8], (width, height): (u32, u32)) -> Option<()> {
    let mut bits = Bits { bytes: stream, at: 0 };
    let mut columns = width;
    let mut seen = 0;
    while bits.read(1)? == 1 {
        let transform = bits.read(2)?;
        if seen & (1 << transform) != 0 {
            return None;
        }
        seen |= 1 << transform;
        match transform {
            // Predictors, colours.
            0 | 1 => {
                let block = bits.read(3)? + 2;
                bits.picture(columns.div_ceil(1 << block), height.div_ceil(1 << block))?;
            }
            // A palette.
            3 => {
                let colours = bits.read(8)? + 1;
                bits.picture(colours, 1)?;
                columns = columns.div_ceil(match colours {
                    0..=2 => 8,
                    3..=4 => 4,
                    5..=16 => 2,
                    _ => 1,
                });
            }
            _ => {}
        }
    }
    let cache = bits.cache()?;
    let mut groups = 1;
    if bits.read(1)? == 1 {
        let block = bits.read(3)? + 2;
        let picture = bits.picture(columns.div_ceil(1 << block), height.div_ceil(1 << block))?;
        groups = picture.iter().map(|&[red, green, ..]| u32::from(red) << 8 | u32::from(green)).max()? + 1;
    }
    let mut tables = 0;
    for _ in 0..groups {
        tables += bits.group(&cache)?.iter().map(Code::memory).sum::<u64>() + Code::GROUP;
        if tables > MAX_TABLES {
            return None;
        }
    }
    Some(())
}

/// Bits, the least of a byte first.
struct Bits<'a> {
    bytes: &'a [u8],
    /// Number of bits read.
    at: usize,
}

impl Bits<'_> {
    fn bit(&mut self) -> Option<u32> {
        let byte = *self.bytes.get(self.at / 8)?;
        let bit = byte >> (self.at % 8) & 1;
        self.at += 1;
        Some(bit.into())
    }

    /// A number of at most 31 bits.
    fn read(&mut self, count: u32) -> Option<u32> {
        (0..count).try_fold(0, |number, place| Some(number | self.bit()? << place))
    }

    /// The cache of colours that a picture begins with.
    fn cache(&mut self) -> Option<Cache> {
        if self.bit()? == 0 {
            return Some(Cache { colours: Vec::new(), shift: 0 });
        }
        let bits = self.read(4)?;
        (1..=11).contains(&bits).then(|| Cache { colours: vec![[0; 4]; 1 << bits], shift: 32 - bits })
    }

    /// The codes of a group.
    fn group(&mut self, cache: &Cache) -> Option<[Code; 5]> {
        let [mut green, red, blue, alpha, distance] = ALPHABETS;
        green += u16::try_from(cache.colours.len()).ok()?;
        Some([self.code(green)?, self.code(red)?, self.code(blue)?, self.code(alpha)?, self.code(distance)?])
    }

    fn code(&mut self, alphabet: u16) -> Option<Code> {
        if self.bit()? == 0 {
            let mut lengths = [0; ORDER.len()];
            let count = usize::try_from(self.read(4)?).ok()? + 4;
            for place in ORDER.iter().take(count) {
                lengths[*place] = u8::try_from(self.read(3)?).ok()?;
            }
            let lengths = self.lengths(&Code::of(&lengths)?, alphabet)?;
            return Code::of(&lengths);
        }
        let is_pair = self.bit()? == 1;
        let is_byte = self.bit()? == 1;
        let first = u16::try_from(self.read(if is_byte { 8 } else { 1 })?).ok()?;
        let second = if is_pair { Some(u16::try_from(self.read(8)?).ok()?) } else { None };
        (first < alphabet && second.is_none_or(|second| second < alphabet)).then(|| match second {
            Some(second) => Code::pair(first, second),
            None => Code::One(first),
        })
    }

    /// The lengths of a code.
    fn lengths(&mut self, code: &Code, alphabet: u16) -> Option<Vec<u8>> {
        let mut left = u32::from(alphabet);
        if self.bit()? == 1 {
            let bits = 2 + 2 * self.read(3)?;
            left = self.read(bits)?;
            left = (left <= u32::from(alphabet) - 2).then_some(left + 2)?;
        }
        let alphabet = usize::from(alphabet);
        let (mut lengths, mut previous) = (Vec::with_capacity(alphabet), 8);
        while lengths.len() < alphabet && left > 0 {
            left -= 1;
            let (length, times) = match self.symbol(code)? {
                16 => (previous, self.read(2)? + 3),
                17 => (0, self.read(3)? + 3),
                18 => (0, self.read(7)? + 11),
                length => {
                    let length = u8::try_from(length).ok()?;
                    if length != 0 {
                        previous = length;
                    }
                    (length, 1)
                }
            };
            let end = lengths.len() + usize::try_from(times).ok()?;
            (end <= alphabet).then(|| lengths.resize(end, length))?;
        }
        lengths.resize(alphabet, 0);
        Some(lengths)
    }

    fn symbol(&mut self, code: &Code) -> Option<u16> {
        let (counts, symbols) = match code {
            Code::One(symbol) => return Some(*symbol),
            Code::Many { counts, symbols } => (counts, symbols),
        };
        // Codes of one length are consecutive numbers, the greatest bit first.
        let (mut number, mut first, mut index) = (0, 0, 0);
        for count in counts.iter().skip(1).copied().map(u32::from) {
            number |= self.bit()?;
            if number < first + count {
                return symbols.get(usize::try_from(index + number - first).ok()?).copied();
            }
            index += count;
            first = (first + count) << 1;
            number <<= 1;
        }
        None
    }

    /// A length or a distance.
    fn distance(&mut self, symbol: u16) -> Option<usize> {
        let symbol = u32::from(symbol);
        let number = if symbol < 4 {
            symbol + 1
        } else {
            let extra = (symbol - 2) >> 1;
            ((2 + (symbol & 1)) << extra) + self.read(extra)? + 1
        };
        usize::try_from(number).ok()
    }

    /// A picture inside the stream: data of a transform, or which group codes which block.
    fn picture(&mut self, width: u32, height: u32) -> Option<Vec<[u8; 4]>> {
        let mut cache = self.cache()?;
        let [green, red, blue, alpha, distance] = self.group(&cache)?;
        let total = usize::try_from(u64::from(width) * u64::from(height)).ok()?;
        let mut pixels = Vec::with_capacity(total);
        while pixels.len() < total {
            let symbol = self.symbol(&green)?;
            if let Ok(green) = u8::try_from(symbol) {
                let mut next = |code| self.symbol(code).and_then(|symbol| u8::try_from(symbol).ok());
                let pixel = [next(&red)?, green, next(&blue)?, next(&alpha)?];
                cache.put(pixel);
                pixels.push(pixel);
            } else if symbol < 256 + LENGTHS {
                let length = self.distance(symbol - 256)?;
                let code = self.symbol(&distance)?;
                let back = offset(self.distance(code)?, width)?;
                let start = pixels.len().checked_sub(back)?;
                (length <= total - pixels.len()).then_some(())?;
                for at in start..start + length {
                    let pixel = *pixels.get(at)?;
                    cache.put(pixel);
                    pixels.push(pixel);
                }
            } else {
                pixels.push(*cache.colours.get(usize::from(symbol - 256 - LENGTHS))?);
            }
        }
        Some(pixels)
    }
}

/// How many pixels back a distance code points, in a picture of this width.
fn offset(code: usize, width: u32) -> Option<usize> {
    let Some((left, up)) = NEARBY.get(code - 1) else { return Some(code - NEARBY.len()) };
    let offset = i64::from(*left) + i64::from(*up) * i64::from(width);
    usize::try_from(offset.max(1)).ok()
}

/// Colours used last, by a hash. Of no size if there is none.
struct Cache {
    colours: Vec<[u8; 4]>,
    shift: u32,
}

impl Cache {
    fn put(&mut self, pixel: [u8; 4]) {
        let [red, green, blue, alpha] = pixel;
        let hash = u32::from_be_bytes([alpha, red, green, blue]).wrapping_mul(0x1e35_a7bd);
        if let Some(colour) = self.colours.get_mut((hash >> self.shift) as usize) {
            *colour = pixel;
        }
    }
}

enum Code {
    /// Of one symbol, which takes no bit.
    One(u16),
    Many {
        /// Number of codes of each length.
        counts: [u16; 16],
        /// By length, then by number.
        symbols: Vec<u16>,
    },
}

impl Code {
    /// What a group takes beside its tables, in bytes, while the list of groups grows.
    const GROUP: u64 = 1024;

    /// From the length of the code of each symbol. `None` unless every sequence of bits begins with exactly one code.
    fn of(lengths: &[u8]) -> Option<Self> {
        let mut symbols: Vec<_> = (0u16..).zip(lengths).filter(|(_, length)| **length > 0).collect();
        if let [(symbol, _)] = symbols[..] {
            return Some(Self::One(symbol));
        }
        symbols.sort_by_key(|(_, length)| **length);
        let mut counts = [0; 16];
        for (_, length) in &symbols {
            *counts.get_mut(usize::from(**length))? += 1;
        }
        let space: u32 = (1..).zip(&counts[1..]).map(|(length, count)| u32::from(*count) << (15 - length)).sum();
        (space == 1 << 15)
            .then(|| Self::Many { counts, symbols: symbols.into_iter().map(|(symbol, _)| symbol).collect() })
    }

    fn pair(first: u16, second: u16) -> Self {
        let mut counts = [0; 16];
        counts[1] = 2;
        Self::Many { counts, symbols: vec![first, second] }
    }

    /// Memory of the decoder's table.
    fn memory(&self) -> u64 {
        let Self::Many { counts, .. } = self else { return 0 };
        let longest = counts.iter().rposition(|count| *count > 0).unwrap_or_default();
        let beyond: u64 = counts.iter().skip(TABLE_BITS + 1).copied().map(u64::from).sum();
        (4 << longest.min(TABLE_BITS)) + 64 * beyond + 128
    }
}
