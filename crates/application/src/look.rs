//! The operator's look of pages and mail: a logo and a colour.

use url::Url;

/// The least contrast of text (WCAG 2.2, 1.4.3).
const CONTRAST: f64 = 4.5;

/// The look of pages and mail. Without it they have the look of this project.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Look {
    /// Address of a picture.
    pub logo: Option<Url>,
    /// Colour of buttons and links.
    pub color: Option<BrandColor>,
}

/// A colour that can be read on white, and white on it. Red, green and blue of sRGB.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BrandColor([u8; 3]);

/// Why a colour is refused.
#[derive(Clone, Copy, Debug, PartialEq, thiserror::Error)]
pub enum BrandColorError {
    /// Not `#` and six hexadecimal digits.
    #[error("is not a colour such as #1f5fbf")]
    Malformed,
    /// Too bright; the contrast with white.
    #[error("has a contrast of {0:.1} with white, of which text needs {CONTRAST}: choose a darker colour")]
    TooBright(f64),
}

impl BrandColor {
    /// Reads `#rrggbb`.
    pub fn parse(text: &str) -> Result<Self, BrandColorError> {
        let digits = text.strip_prefix('#').ok_or(BrandColorError::Malformed)?;
        let mut color = [0; 3];
        hex::decode_to_slice(digits, &mut color).map_err(|_| BrandColorError::Malformed)?;
        let contrast = 1.05 / (luminance(color) + 0.05);
        if contrast >= CONTRAST { Ok(Self(color)) } else { Err(BrandColorError::TooBright(contrast)) }
    }

    /// As CSS has it.
    pub fn css(self) -> String {
        format!("#{}", hex::encode(self.0))
    }

    /// The same hue for a dark background, mixed with white, as CSS has it.
    pub fn on_dark(self) -> String {
        let mixed = self.0.map(|value| u8::try_from((u16::from(value) * 45 + 255 * 55) / 100).unwrap_or(u8::MAX));
        Self(mixed).css()
    }
}

/// The relative luminance (WCAG 2.2).
fn luminance(color: [u8; 3]) -> f64 {
    let [red, green, blue] = color.map(|value| {
        let value = f64::from(value) / 255.0;
        if value <= 0.040_45 { value / 12.92 } else { ((value + 0.055) / 1.055).powf(2.4) }
    });
    0.2126 * red + 0.7152 * green + 0.0722 * blue
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test may stop at the first surprise")]
mod tests {
    use super::*;

    #[test]
    fn a_colour_can_be_read_on_white_and_its_lighter_form_on_the_dark_card() {
        let dark_card = luminance([0x1e, 0x21, 0x26]);
        for text in ["#000000", "#1f5fbf", "#7a1fa2", "#C62828", "#0000ff", "#2e7d32"] {
            let color = BrandColor::parse(text).unwrap();
            assert_eq!(color.css(), text.to_lowercase());
            let mut lighter = [0; 3];
            hex::decode_to_slice(&color.on_dark()[1..], &mut lighter).unwrap();
            let contrast = (luminance(lighter) + 0.05) / (dark_card + 0.05);
            assert!(contrast >= CONTRAST, "{text}: {contrast}");
        }
        for text in ["", "1f5fbf", "#1f5fb", "#1f5fbff", "red", "#gggggg", "#1f5fbf;}", "#\u{665}f5fbf"] {
            assert_eq!(BrandColor::parse(text), Err(BrandColorError::Malformed), "{text}");
        }
        assert!(matches!(BrandColor::parse("#ffcc00"), Err(BrandColorError::TooBright(_))));
        let refused = BrandColor::parse("#ffffff").unwrap_err().to_string();
        assert!(refused.starts_with("has a contrast of 1.0 with white"), "{refused}");
    }
}
