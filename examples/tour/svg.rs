//! A screen as a picture of a terminal.

#![cfg(unix)]

use unicode_width::UnicodeWidthChar;

use crate::screen::{Row, Style};

/// The least width of the terminal, in columns.
const COLUMNS: usize = 80;
/// The size of a character, of the space around the text and of the bar above it, in pixels.
const CELL: f64 = 8.4;
const LINE: usize = 20;
const MARGIN: usize = 20;
const BAR: usize = 40;
const TITLE: &str = "aliyun configure";

/// The terminal's 16 colours: the dark ones, then the bright ones.
const COLOURS: [&str; 16] = [
    "#484f58", "#ff7b72", "#3fb950", "#d29922", "#58a6ff", "#bc8cff", "#39c5cf", "#b1bac4", "#6e7681",
    "#ffa198", "#56d364", "#e3b341", "#79c0ff", "#d2a8ff", "#56d4dd", "#f0f6fc",
];

/// Fonts that systems have; the last ones are for Chinese.
const FONTS: &str = "ui-monospace, SFMono-Regular, Menlo, Consolas, 'DejaVu Sans Mono', 'Liberation Mono', \
    'Noto Sans Mono CJK SC', 'Noto Sans CJK SC', 'PingFang SC', 'Microsoft YaHei', monospace";

/// Draws the rows, without the empty ones at the end.
pub(crate) fn draw(rows: &[Row]) -> String {
    let length = rows.iter().rposition(|row| !row.cells().is_empty()).map_or(0, |last| last + 1);
    let rows = rows.get(..length).unwrap_or_default();
    let columns = rows.iter().map(|row| row.cells().iter().map(width).sum()).fold(COLUMNS, usize::max);
    let size = ((at(columns).ceil() as usize) + MARGIN, BAR + length * LINE + 2 * MARGIN - LINE / 4);
    let mut svg = frame(size);
    for (index, row) in rows.iter().enumerate() {
        svg.push_str(&line(row, BAR + MARGIN + index * LINE + LINE / 2));
    }
    svg + "</g>\n</svg>\n"
}

/// The title bar and the window, and the beginning of the text.
fn frame((wide, high): (usize, usize)) -> String {
    let (inner_wide, inner_high, middle) = (wide - 1, high - 1, wide / 2);
    let buttons: String = ["#ff5f57", "#febc2e", "#28c840"]
        .iter()
        .enumerate()
        .map(|(index, colour)| {
            format!(r#"<circle cx="{}" cy="{}" r="6" fill="{colour}"/>"#, MARGIN + 4 + 20 * index, BAR / 2)
        })
        .collect();
    let colours: String = COLOURS
        .iter()
        .enumerate()
        .map(|(index, colour)| format!(".c{index} {{ fill: {colour} }}\n"))
        .collect();
    format!(
        r##"<svg xmlns="http://www.w3.org/2000/svg" width="{wide}" height="{high}" viewBox="0 0 {wide} {high}" role="img" aria-label="{TITLE}">
<style>
text {{ font: 14px {FONTS}; fill: #c9d1d9; white-space: pre }}
.b {{ font-weight: bold; fill: #f0f6fc }}
{colours}</style>
<rect x="0.5" y="0.5" width="{inner_wide}" height="{inner_high}" rx="10" fill="#0d1117" stroke="#30363d"/>
<path d="M0.5 {BAR} V10.5 a10 10 0 0 1 10 -10 H{} a10 10 0 0 1 10 10 V{BAR} Z" fill="#161b22" stroke="#30363d"/>
{buttons}
<text x="{middle}" y="{}" text-anchor="middle" class="c8">{TITLE}</text>
<g xml:space="preserve">
"##,
        wide as f64 - 10.5,
        BAR / 2 + 5,
    )
}

/// A line of text at a height. Each run of it stands at its own column and is as wide as its columns, so that
/// they are straight in whatever font the viewer has.
fn line(row: &Row, y: usize) -> String {
    if row.cells().is_empty() {
        return String::new();
    }
    let mut column = 0;
    let mut spans = String::new();
    for run in row.cells().chunk_by(|left, right| left.1 == right.1) {
        spans.push_str(&span(run, column));
        column += run.iter().map(width).sum::<usize>();
    }
    format!("<text y=\"{y}\">{spans}</text>\n")
}

fn span(run: &[(char, Style)], column: usize) -> String {
    let columns: usize = run.iter().map(width).sum();
    // Chinese is prose here, and reads best in the width that its font gives it.
    let length = if columns == run.len() {
        format!(r#" textLength="{:.1}""#, columns as f64 * CELL)
    } else {
        String::new()
    };
    let text: String = run.iter().map(|(shown, _)| escaped(*shown)).collect();
    let class = run.first().map_or_else(String::new, |(_, style)| class(*style));
    format!(r#"<tspan x="{:.1}"{length}{class}>{text}</tspan>"#, at(column))
}

/// Where a column begins, in pixels.
fn at(column: usize) -> f64 {
    MARGIN as f64 + column as f64 * CELL
}

/// How many columns a character takes: two if it is Chinese.
fn width((shown, _): &(char, Style)) -> usize {
    shown.width().unwrap_or_default()
}

fn class(style: Style) -> String {
    let names = [style.bold.then(|| "b".to_owned()), style.colour.map(|colour| format!("c{colour}"))];
    let names: Vec<_> = names.into_iter().flatten().collect();
    if names.is_empty() { String::new() } else { format!(r#" class="{}""#, names.join(" ")) }
}

fn escaped(shown: char) -> String {
    match shown {
        '&' => "&amp;".to_owned(),
        '<' => "&lt;".to_owned(),
        '>' => "&gt;".to_owned(),
        '"' => "&quot;".to_owned(),
        _ => shown.to_string(),
    }
}
