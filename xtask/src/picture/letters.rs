//! Text as outlines of letters: a picture with outlines needs no font where it is drawn.

use anyhow::{Context as _, Result};
use std::fmt::Write as _;
use ttf_parser::{Face, OutlineBuilder};

/// Where a text begins, ends or has its middle.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Anchor {
    Start,
    Middle,
    End,
}

pub(super) struct Letters {
    face: Face<'static>,
}

impl Letters {
    pub(super) fn new() -> Result<Letters> {
        let face = Face::parse(epaint_default_fonts::UBUNTU_LIGHT, 0).context("the font cannot be read")?;
        Ok(Letters { face })
    }

    /// The width of a text, px.
    pub(super) fn width(&self, text: &str, size: f32) -> Result<f32> {
        let mut units = 0.0;
        for letter in text.chars() {
            units += self.advance(letter)?;
        }
        Ok(units * self.scale(size))
    }

    /// A text as an SVG path on a baseline. `strength` is the width of a line along the outlines, px: the font is light.
    pub(super) fn path(
        &self,
        text: &str,
        (x, y): (f32, f32),
        size: f32,
        anchor: Anchor,
        colour: &str,
        strength: f32,
    ) -> Result<String> {
        let scale = self.scale(size);
        let start = match anchor {
            Anchor::Start => x,
            Anchor::Middle => x - self.width(text, size)? / 2.0,
            Anchor::End => x - self.width(text, size)?,
        };
        let mut pen = Pen { path: String::new(), x: start, y, scale };
        for letter in text.chars() {
            let glyph = self.face.glyph_index(letter).with_context(|| no_letter(letter))?;
            // A space has no outline.
            self.face.outline_glyph(glyph, &mut pen);
            pen.x += self.advance(letter)? * scale;
        }
        let label = text.replace('&', "&amp;").replace('<', "&lt;").replace('"', "&quot;");
        Ok(format!(
            "<path aria-label=\"{label}\" fill=\"{colour}\" stroke=\"{colour}\" stroke-width=\"{strength}\" d=\"{}\"/>\n",
            pen.path
        ))
    }

    fn advance(&self, letter: char) -> Result<f32> {
        let glyph = self.face.glyph_index(letter).with_context(|| no_letter(letter))?;
        Ok(f32::from(self.face.glyph_hor_advance(glyph).unwrap_or_default()))
    }

    fn scale(&self, size: f32) -> f32 {
        size / f32::from(self.face.units_per_em())
    }
}

fn no_letter(letter: char) -> String {
    format!("the font of the picture for links has no letter `{letter}`")
}

/// Writes outlines as SVG path data; a font's y axis points up.
struct Pen {
    path: String,
    x: f32,
    y: f32,
    scale: f32,
}

impl Pen {
    fn draw(&mut self, command: char, points: &[(f32, f32)]) {
        self.path.push(command);
        for (x, y) in points {
            let _ = write!(self.path, "{:.2} {:.2} ", self.x + x * self.scale, self.y - y * self.scale);
        }
    }
}

impl OutlineBuilder for Pen {
    fn move_to(&mut self, x: f32, y: f32) {
        self.draw('M', &[(x, y)]);
    }

    fn line_to(&mut self, x: f32, y: f32) {
        self.draw('L', &[(x, y)]);
    }

    fn quad_to(&mut self, x1: f32, y1: f32, x: f32, y: f32) {
        self.draw('Q', &[(x1, y1), (x, y)]);
    }

    fn curve_to(&mut self, x1: f32, y1: f32, x2: f32, y2: f32, x: f32, y: f32) {
        self.draw('C', &[(x1, y1), (x2, y2), (x, y)]);
    }

    fn close(&mut self) {
        self.path.push('Z');
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_as_wide_as_its_letters() {
        let letters = Letters::new().unwrap();
        let [a, b, both] = ["a", "b", "ab"].map(|text| letters.width(text, 20.0).unwrap());
        assert!((a + b - both).abs() < 1e-3 && a > 5.0);
        assert!((letters.width("ab", 40.0).unwrap() / both - 2.0).abs() < 1e-3);
    }

    #[test]
    fn a_text_ends_at_its_anchor() {
        let letters = Letters::new().unwrap();
        let start = |anchor| {
            let path = letters.path("l", (100.0, 50.0), 20.0, anchor, "#000", 0.0).unwrap();
            let (_, data) = path.split_once("d=\"M").unwrap();
            data.split(' ').next().unwrap().parse::<f32>().unwrap()
        };
        let width = letters.width("l", 20.0).unwrap();
        assert!((start(Anchor::Start) - start(Anchor::End) - width).abs() < 0.02);
        assert!((start(Anchor::Start) - start(Anchor::Middle) - width / 2.0).abs() < 0.02);
    }

    #[test]
    fn a_letter_that_the_font_lacks_is_an_error() {
        let letters = Letters::new().unwrap();
        let error = letters.path("a字", (0.0, 0.0), 20.0, Anchor::Start, "#000", 0.0).unwrap_err();
        assert!(error.to_string().contains('字'));
    }
}
