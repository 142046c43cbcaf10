//! The pictures of the site that the build makes: the picture for links to the page, which shows the roll of the first
//! example (`roll`), and the icon as PNG. `letters` writes text as outlines, and `resvg` turns SVG into PNG: no browser
//! is needed, and the same input gives the same bytes.

mod letters;
mod roll;

use crate::project::Project;
use anyhow::{Context as _, Result};
use resvg::tiny_skia::{Color, Pixmap, Transform};
use resvg::usvg::{Options, Tree};
use std::fs;

/// The names and sizes that `www/index.html` has.
const PREVIEW: &str = "preview.png";
const ICON: &str = "icon-32.png";
const TOUCH_ICON: &str = "apple-touch-icon.png";
const ICON_SIZE: u32 = 32;
const TOUCH_ICON_SIZE: u32 = 180;
/// The margin around the icon on a home screen, which cuts the corners off, px.
const TOUCH_ICON_MARGIN: f32 = 20.0;

const FIRST: &str = "www/pkg/first.json";
const THEME: &str = "www/src/shell/theme.css";
const DRAWN_ICON: &str = "www/public/icon.svg";

/// Writes the pictures into the built site.
pub(crate) fn write(project: &Project) -> Result<()> {
    let read = |path: &str| fs::read_to_string(project.at(path)).with_context(|| format!("{path} cannot be read"));
    let first = serde_json::from_str(&read(FIRST)?).with_context(|| format!("{FIRST} has not the expected fields"))?;
    let preview = roll::draw(&first, &read(THEME)?)?;
    let icon = read(DRAWN_ICON)?;
    let site = project.dist();
    fs::write(site.join(PREVIEW), png(&preview, (roll::WIDTH, roll::HEIGHT), 0.0, Some(Color::WHITE))?)?;
    fs::write(site.join(ICON), png(&icon, (ICON_SIZE, ICON_SIZE), 0.0, None)?)?;
    let size = (TOUCH_ICON_SIZE, TOUCH_ICON_SIZE);
    fs::write(site.join(TOUCH_ICON), png(&icon, size, TOUCH_ICON_MARGIN, Some(Color::WHITE))?)?;
    Ok(())
}

/// An SVG as a PNG of this size, with a margin in px.
fn png(svg: &str, (width, height): (u32, u32), margin: f32, background: Option<Color>) -> Result<Vec<u8>> {
    let tree = Tree::from_str(svg, &Options::default()).context("a picture of the site is not valid SVG")?;
    let mut pixels = Pixmap::new(width, height).context("a picture of the site has no size")?;
    if let Some(background) = background {
        pixels.fill(background);
    }
    let scale = (width as f32 - 2.0 * margin) / tree.size().width();
    resvg::render(&tree, Transform::from_scale(scale, scale).post_translate(margin, margin), &mut pixels.as_mut());
    Ok(pixels.encode_png()?)
}

#[cfg(test)]
mod tests {
    use super::*;

    const SQUARE: &str =
        r##"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 4 4"><path fill="#f00" d="M0 0h2v4h-2z"/></svg>"##;

    #[test]
    fn an_svg_becomes_a_png_of_the_size_and_margin() {
        let bytes = png(SQUARE, (40, 40), 10.0, Some(Color::WHITE)).unwrap();
        let pixels = Pixmap::decode_png(&bytes).unwrap();
        assert_eq!((pixels.width(), pixels.height()), (40, 40));
        let at = |x, y| pixels.pixel(x, y).map(|pixel| (pixel.red(), pixel.green(), pixel.blue())).unwrap();
        assert_eq!([at(5, 20), at(15, 20), at(25, 20)], [(255, 255, 255), (255, 0, 0), (255, 255, 255)]);
        assert_eq!(png(SQUARE, (40, 40), 10.0, Some(Color::WHITE)).unwrap(), bytes);
    }

    #[test]
    fn a_broken_svg_is_an_error() {
        assert!(png("<svg", (1, 1), 0.0, None).unwrap_err().to_string().contains("SVG"));
    }
}
