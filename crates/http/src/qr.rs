//! QR codes as data URIs: a small SVG for pages, a PNG for clients that show no SVG.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use qrcode::{Color, EcLevel, QrCode};

/// The margin that a reader needs, in modules (ISO/IEC 18004).
const QUIET_ZONE: usize = 4;
/// Pixels of a module in a PNG.
const SCALE: usize = 6;

/// A QR code.
pub(crate) struct Qr {
    modules: Vec<Color>,
    width: usize,
}

impl Qr {
    /// Encodes a text; `None` if it is too long, which is more than 2000 bytes.
    pub(crate) fn of(text: &str) -> Option<Self> {
        let code = QrCode::with_error_correction_level(text, EcLevel::M).ok()?;
        Some(Self { width: code.width(), modules: code.into_colors() })
    }

    /// The side in modules, with the margin.
    fn side(&self) -> usize {
        self.width + 2 * QUIET_ZONE
    }

    /// Whether a module is dark, at coordinates that include the margin.
    fn is_dark(&self, x: usize, y: usize) -> bool {
        let inside = |at: usize| at.checked_sub(QUIET_ZONE).filter(|at| *at < self.width);
        let module = inside(x).zip(inside(y)).and_then(|(x, y)| self.modules.get(y * self.width + x));
        module == Some(&Color::Dark)
    }

    /// A `data:` URI of an SVG, which scales to any size.
    pub(crate) fn to_svg_uri(&self) -> String {
        let side = self.side();
        let cells = (0..side).flat_map(|y| (0..side).map(move |x| (x, y)));
        let path: String = cells
            .filter(|(x, y)| self.is_dark(*x, *y))
            .map(|(x, y)| ["M", &x.to_string(), " ", &y.to_string(), "h1v1h-1z"].concat())
            .collect();
        let svg = format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {side} {side}\" shape-rendering=\"crispEdges\">\
             <path fill=\"#fff\" d=\"M0 0h{side}v{side}H0z\"/><path d=\"{path}\"/></svg>"
        );
        format!("data:image/svg+xml;base64,{}", STANDARD.encode(svg))
    }

    /// A `data:` URI of a PNG with one bit for each pixel.
    pub(crate) fn to_png_uri(&self) -> Option<String> {
        let pixels = self.side() * SCALE;
        let mut rows = Vec::with_capacity(pixels * pixels.div_ceil(8));
        for y in 0..pixels {
            let mut row = vec![0_u8; pixels.div_ceil(8)];
            for x in (0..pixels).filter(|x| !self.is_dark(x / SCALE, y / SCALE)) {
                row[x / 8] |= 0x80 >> (x % 8);
            }
            rows.extend(row);
        }
        let (mut file, side) = (Vec::new(), u32::try_from(pixels).ok()?);
        let mut encoder = png::Encoder::new(&mut file, side, side);
        encoder.set_color(png::ColorType::Grayscale);
        encoder.set_depth(png::BitDepth::One);
        encoder.write_header().and_then(|mut writer| writer.write_image_data(&rows)).ok()?;
        Some(format!("data:image/png;base64,{}", STANDARD.encode(file)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_has_a_margin_and_is_the_same_as_svg_and_png() {
        let qr = Qr::of("otpauth://totp/Selfsame:ada%40example.com?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ").unwrap();
        assert!(
            !qr.is_dark(3, 3) && qr.is_dark(4, 4) && qr.is_dark(10, 4),
            "a finder pattern begins behind the margin"
        );
        let decode = |uri: &str, kind: &str| STANDARD.decode(uri.strip_prefix(kind).unwrap()).unwrap();
        let svg = String::from_utf8(decode(&qr.to_svg_uri(), "data:image/svg+xml;base64,")).unwrap();
        let dark = (0..qr.side() * qr.side()).filter(|at| qr.is_dark(at % qr.side(), at / qr.side())).count();
        assert_eq!(svg.matches("h1v1h-1z").count(), dark);

        let png = decode(&qr.to_png_uri().unwrap(), "data:image/png;base64,");
        let mut reader = png::Decoder::new(std::io::Cursor::new(png)).read_info().unwrap();
        let mut pixels = vec![0; reader.output_buffer_size().unwrap()];
        let info = reader.next_frame(&mut pixels).unwrap();
        assert_eq!(info.width as usize, qr.side() * SCALE);
        let is_white = |x: usize, y: usize| pixels[y * info.line_size + x / 8] & (0x80 >> (x % 8)) != 0;
        for (x, y) in [(0, 0), (4 * SCALE, 4 * SCALE), (5 * SCALE, 5 * SCALE), (10 * SCALE, 4 * SCALE + 1)] {
            assert_eq!(is_white(x, y), !qr.is_dark(x / SCALE, y / SCALE), "{x} {y}");
        }
    }

    #[test]
    fn a_text_that_is_too_long_has_no_code() {
        assert!(Qr::of(&"a".repeat(4000)).is_none());
    }
}
