//! The picture for links to the page: the roll of the first example, from the records of the first paint. It has the
//! marks and colours of the page, and letters that are still readable at half its size.

use super::letters::{Anchor, Letters};
use crate::about::grouped;
use anyhow::{Context as _, Result};
use serde::Deserialize;
use std::collections::BTreeMap;
use std::fmt::Write as _;

/// The size that sites show links with, px.
pub(crate) const WIDTH: u32 = 1200;
pub(crate) const HEIGHT: u32 = 630;

const MARGIN: f32 = 48.0;
/// The left edge of the first column and the right edge of the last, px.
const COLUMNS: (f32, f32) = (152.0, 944.0);
/// The top of the highest layer and the bottom of the lowest, px.
const LAYERS: (f32, f32) = (166.0, 530.0);
const BETWEEN_LAYERS: f32 = 14.0;
/// The strongest score colour is from this score on, as on the page.
const FULL_SCORE: f32 = 0.5;
/// The number of next tokens with a bar.
const NEXT: usize = 4;

/// The part of `www/pkg/first.json` that is drawn.
#[derive(Deserialize)]
pub(super) struct First {
    info: Info,
    labels: BTreeMap<String, String>,
    records: Vec<Record>,
}

#[derive(Deserialize)]
struct Info {
    n_routed_experts: usize,
    n_shared_experts: usize,
    n_group: usize,
    cache_values: CacheValues,
    cache_value_bytes: usize,
    parameters: Parameters,
}

#[derive(Deserialize)]
struct CacheValues {
    latent: usize,
    expanded: usize,
}

#[derive(Deserialize)]
struct Parameters {
    total: usize,
}

#[derive(Deserialize)]
struct Record {
    token: usize,
    routes: Vec<Route>,
    next: Next,
}

#[derive(Deserialize)]
struct Route {
    layer: usize,
    scores: Vec<f32>,
    kept_groups: Vec<usize>,
    experts: Vec<usize>,
    shares: Vec<f32>,
}

#[derive(Deserialize)]
struct Next {
    tokens: Vec<usize>,
    probabilities: Vec<f32>,
}

impl First {
    /// A token as it is written in the picture.
    fn label(&self, token: usize) -> Result<String> {
        let label = self.labels.get(&token.to_string()).with_context(|| format!("token {token} has no label"))?;
        let shown: String = label.trim().chars().map(|letter| if letter.is_control() { ' ' } else { letter }).collect();
        Ok(if shown.trim().is_empty() { "space".to_owned() } else { shown })
    }
}

/// The colours of the page in its light theme.
struct Colours {
    ink: String,
    quiet: String,
    line: String,
    fill: String,
    score: String,
    disc: String,
    cut: String,
    shared: String,
}

impl Colours {
    fn read(theme: &str) -> Result<Colours> {
        let colour = |name: &str| {
            let start = format!("--moe-{name}: light-dark(");
            let value = theme.split(&start).nth(1).and_then(|rest| rest.split(',').next());
            value
                .map(str::to_owned)
                .with_context(|| format!("the page's theme has no `--moe-{name}` in light and dark"))
        };
        Ok(Colours {
            ink: colour("ink")?,
            quiet: colour("ink2")?,
            line: colour("line")?,
            fill: colour("fill")?,
            score: colour("score")?,
            disc: colour("note")?,
            cut: colour("cut")?,
            shared: colour("shared")?,
        })
    }
}

/// The picture as SVG.
pub(super) fn draw(first: &First, theme: &str) -> Result<String> {
    let colours = Colours::read(theme)?;
    let letters = Letters::new()?;
    let last = first.records.last().context("the first example has no record")?;
    let layers = last.routes.len();
    let column = (COLUMNS.1 - COLUMNS.0) / first.records.len() as f32;
    let layer = (LAYERS.1 - LAYERS.0 + BETWEEN_LAYERS) / layers as f32;
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{WIDTH}\" height=\"{HEIGHT}\" viewBox=\"0 0 {WIDTH} {HEIGHT}\">\n\
         <defs><pattern id=\"cut\" width=\"6\" height=\"6\" patternUnits=\"userSpaceOnUse\">\
         <path d=\"M-1 7L7 -1M-1 1L1 -1M5 7L7 5\" stroke=\"{}\" stroke-width=\"0.7\"/></pattern></defs>\n",
        colours.cut
    );
    let write =
        |text: &str, at: (f32, f32), size: f32, anchor: Anchor, colour: &str, strength: f32| -> Result<String> {
            letters.path(text, at, size, anchor, colour, strength)
        };

    svg += &write("moescope", (MARGIN, 82.0), 58.0, Anchor::Start, &colours.ink, 2.4)?;
    let millions = first.info.parameters.total as f32 / 1e6;
    let subtitle = format!("a DeepSeek-V3-style model of {millions:.1} million parameters, token by token");
    svg += &write(&subtitle, (352.0, 80.0), 25.0, Anchor::Start, &colours.quiet, 0.5)?;

    for (index, record) in first.records.iter().enumerate() {
        let left = COLUMNS.0 + index as f32 * column;
        let shown = index + 1 == first.records.len();
        let middle = (left + column / 2.0, LAYERS.0 - 16.0);
        let colour = if shown { "#ffffff" } else { &colours.ink };
        if shown {
            let (top, height) = (LAYERS.0 - 46.0, 42.0);
            svg += &format!("<path fill=\"{}\" d=\"M{left} {top}h{column}v{height}h-{column}z\"/>\n", colours.ink);
        }
        let label = first.label(record.token)?;
        let size = (24.0 * (column - 8.0) / letters.width(&label, 24.0)?).min(24.0);
        svg += &write(&label, middle, size, Anchor::Middle, colour, 0.8)?;
        for (row, route) in record.routes.iter().rev().enumerate() {
            let top = LAYERS.0 + row as f32 * layer;
            svg += &cell(first, route, (left, top), (column, layer - BETWEEN_LAYERS), &colours);
        }
    }
    for (row, route) in last.routes.iter().rev().enumerate() {
        let y = LAYERS.0 + row as f32 * layer + (layer - BETWEEN_LAYERS) / 2.0 + 8.0;
        svg += &write(&format!("Layer {}", route.layer), (MARGIN, y), 24.0, Anchor::Start, &colours.ink, 0.8)?;
    }
    let left = COLUMNS.1 - column;
    svg += &format!(
        "<path fill=\"none\" stroke=\"{}\" stroke-width=\"2\" d=\"M{left} {}V{}M{} {}V{}\"/>\n",
        colours.ink,
        LAYERS.0 - 4.0,
        LAYERS.1,
        COLUMNS.1,
        LAYERS.0 - 4.0,
        LAYERS.1
    );
    svg += &next_tokens(first, last, &letters, &colours)?;
    let mut y = 570.0;
    for line in sentence(first, last)? {
        svg += &write(&line, (MARGIN, y), 25.0, Anchor::Start, &colours.ink, 0.7)?;
        y += 32.0;
    }
    svg += "</svg>\n";
    Ok(svg)
}

/// The experts of one layer and token: scores, ruled-out groups, chosen experts, and the shared expert below.
fn cell(
    first: &First,
    route: &Route,
    (left, top): (f32, f32),
    (width, height): (f32, f32),
    colours: &Colours,
) -> String {
    let experts = first.info.n_routed_experts;
    let in_group = (experts / first.info.n_group.max(1)).max(1);
    let pitch = height / experts as f32;
    let inner = width - 6.0;
    let mut svg = String::new();
    for (expert, score) in route.scores.iter().enumerate() {
        if route.kept_groups.contains(&(expert / in_group)) {
            let _ = write!(
                svg,
                "<rect class=\"score\" x=\"{:.2}\" y=\"{:.2}\" width=\"{inner:.2}\" height=\"{pitch:.2}\" fill=\"{}\" opacity=\"{:.3}\"/>",
                left + 3.0,
                top + expert as f32 * pitch,
                colours.score,
                (score / FULL_SCORE).min(1.0)
            );
        }
    }
    for group in (0..first.info.n_group).filter(|group| !route.kept_groups.contains(group)) {
        let (y, tall) = (top + (group * in_group) as f32 * pitch, in_group as f32 * pitch);
        let _ = write!(
            svg,
            "<rect class=\"cut\" x=\"{:.2}\" y=\"{y:.2}\" width=\"{inner:.2}\" height=\"{:.2}\" fill=\"url(#cut)\"/>",
            left + 3.0,
            tall - 1.0
        );
    }
    for (expert, share) in route.experts.iter().zip(&route.shares) {
        let y = top + (*expert as f32 + 0.5) * pitch;
        // The disc's area is the share.
        let _ = write!(
            svg,
            "<circle class=\"disc\" cx=\"{:.2}\" cy=\"{y:.2}\" r=\"{:.2}\" fill=\"{}\" stroke=\"#ffffff\"/>",
            left + width / 2.0,
            12.0 * share.sqrt(),
            colours.disc
        );
    }
    let y = top + height + BETWEEN_LAYERS / 2.0 - 2.0;
    let _ =
        writeln!(svg, "<path stroke=\"{}\" stroke-width=\"2\" d=\"M{left:.2} {y:.2}h{width:.2}\"/>", colours.shared);
    svg
}

/// The most probable next tokens. The height of a box is the probability, but at least one line of text.
fn next_tokens(first: &First, last: &Record, letters: &Letters, colours: &Colours) -> Result<String> {
    let (left, right) = (COLUMNS.1 + 32.0, WIDTH as f32 - MARGIN);
    let after = format!("After “{}”", first.label(last.token)?);
    let mut svg = letters.path(&after, (left, LAYERS.0 - 16.0), 24.0, Anchor::Start, &colours.ink, 0.8)?;
    let mut top = LAYERS.0;
    for (token, probability) in last.next.tokens.iter().zip(&last.next.probabilities).take(NEXT) {
        let height = (probability * (LAYERS.1 - LAYERS.0)).max(34.0);
        let _ = writeln!(
            svg,
            "<rect x=\"{left}\" y=\"{top:.2}\" width=\"{:.2}\" height=\"{:.2}\" fill=\"{}\" stroke=\"{}\"/>",
            right - left,
            height - 3.0,
            colours.fill,
            colours.line
        );
        let percent = format!("{}%", (probability * 100.0).round());
        let y = top + 25.0;
        svg += &letters.path(&first.label(*token)?, (left + 12.0, y), 24.0, Anchor::Start, &colours.ink, 0.8)?;
        svg += &letters.path(&percent, (right - 12.0, y), 24.0, Anchor::End, &colours.quiet, 0.4)?;
        top += height;
    }
    Ok(svg)
}

/// The step of the last record in words, as two lines.
fn sentence(first: &First, last: &Record) -> Result<[String; 2]> {
    let route = last.routes.last().context("the model has no layer with experts")?;
    let Info { n_routed_experts, n_shared_experts, cache_values, cache_value_bytes, .. } = &first.info;
    let mut experts = route.experts.clone();
    experts.sort_unstable();
    let experts: Vec<_> = experts.iter().map(ToString::to_string).collect();
    Ok([
        format!(
            "For “{}”, layer {} ran {} of its {n_routed_experts} experts ({}){}.",
            first.label(last.token)?,
            route.layer,
            experts.len(),
            experts.join(", "),
            if *n_shared_experts > 0 { " and the shared one" } else { "" }
        ),
        format!(
            "The layer stored {} bytes; expanded into keys and values for every head they would be {}.",
            grouped(cache_values.latent * cache_value_bytes),
            grouped(cache_values.expanded * cache_value_bytes)
        ),
    ])
}

#[cfg(test)]
mod tests {
    use super::*;

    const THEME: &str = "--moe-ink: light-dark(#111111, #eee); --moe-ink2: light-dark(#222222, #eee);
        --moe-line: light-dark(#333333, #eee); --moe-fill: light-dark(#444444, #eee); --moe-score: light-dark(#555555, #eee);
        --moe-note: light-dark(#666666, #eee); --moe-cut: light-dark(#777777, #eee); --moe-shared: light-dark(#888888, #eee);";

    /// Two tokens and two layers of four experts in two groups; one expert is chosen.
    fn first() -> First {
        let route = |layer: usize, expert: usize| {
            format!(
                r#"{{"layer": {layer}, "scores": [0.1, 0.9, 0.2, 0.3], "kept_groups": [{}], "experts": [{expert}], "shares": [1]}}"#,
                expert / 2
            )
        };
        let record = |token: usize| {
            format!(
                r#"{{"token": {token}, "routes": [{}, {}], "next": {{"tokens": [0], "probabilities": [0.625]}}}}"#,
                route(1, 1),
                route(2, 3)
            )
        };
        let text = format!(
            r#"{{"info": {{"n_routed_experts": 4, "n_shared_experts": 1, "n_group": 2, "cache_value_bytes": 4, "parameters": {{"total": 2531168}},
                "cache_values": {{"latent": 48, "expanded": 640}}}}, "labels": {{"0": " a", "1": "\n"}}, "records": [{}, {}]}}"#,
            record(0),
            record(1)
        );
        serde_json::from_str(&text).unwrap()
    }

    fn words(svg: &str) -> Vec<&str> {
        svg.split("aria-label=\"").skip(1).filter_map(|rest| rest.split('"').next()).collect()
    }

    #[test]
    fn every_token_and_layer_has_its_discs_scores_and_ruled_out_groups() {
        let svg = draw(&first(), THEME).unwrap();
        // Two tokens, two layers: one disc each, two scores in the kept group, one group ruled out.
        let count = |class: &str| svg.matches(&format!("class=\"{class}\"")).count();
        assert_eq!([count("disc"), count("score"), count("cut")], [4, 8, 4]);
        assert!(svg.contains("fill=\"#555555\" opacity=\"1.000\"") && svg.contains("opacity=\"0.200\""));
    }

    #[test]
    fn the_texts_of_the_picture_show_the_numbers_of_the_record() {
        let svg = draw(&first(), THEME).unwrap();
        let words = words(&svg);
        for expected in ["a", "space", "Layer 1", "Layer 2", "After “space”", "63%"] {
            assert!(words.contains(&expected), "{expected}: {words:?}");
        }
        assert!(words.contains(&"For “space”, layer 2 ran 1 of its 4 experts (3) and the shared one."), "{words:?}");
        assert!(words.iter().any(|text| text.contains("stored 192 bytes") && text.contains("2,560")), "{words:?}");
    }

    #[test]
    fn a_theme_without_a_colour_is_an_error() {
        let error = draw(&first(), &THEME.replace("--moe-cut", "--moe-other")).unwrap_err();
        assert!(error.to_string().contains("--moe-cut"));
    }
}
