//! Small pieces of HTML: the page around a report, text made safe, numbers made readable, tables.

use std::fmt::Write as _;

use crate::kernel::math;

/// The style of every report.
const STYLE: &str = "\
body{font:15px/1.45 system-ui,sans-serif;color:#222;background:#fff;max-width:76rem;\
margin:1.5rem auto;padding:0 1rem}
h1{font-size:1.6rem;margin:0 0 .2rem}h2{font-size:1.2rem;margin:1.8rem 0 .5rem;\
border-bottom:1px solid #ccc}h3{font-size:1rem;margin:1rem 0 .3rem}
table{border-collapse:collapse;margin:.3rem 0 .8rem}
th,td{padding:.2rem .7rem;border-bottom:1px solid #e3e3e3;text-align:left;vertical-align:top}
th{background:#f4f4f4;font-weight:600}.n{text-align:right;font-variant-numeric:tabular-nums}td.n{white-space:nowrap}
.row{display:flex;flex-wrap:wrap;gap:1.5rem;align-items:flex-start}.wide{overflow-x:auto}
.note{color:#555;font-size:.9rem;max-width:46rem}svg{max-width:100%;height:auto}
code{font-size:.95em}
";

/// A whole page that needs neither script nor network; the title is not yet escaped, the body is
/// HTML.
pub(crate) fn page(title: &str, body: &str) -> String {
    let title = escape(title);
    format!(
        "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width\">\n\
         <meta http-equiv=\"Content-Security-Policy\" \
         content=\"default-src 'none'; style-src 'unsafe-inline'\">\n\
         <title>{title}</title>\n<style>\n{STYLE}</style>\n</head>\n<body>\n{body}\
         </body>\n</html>\n",
    )
}

/// Stands for a number that there is not.
const NONE: &str = "\u{2013}";

/// Text with the characters that HTML and SVG give a meaning replaced.
pub(crate) fn escape(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            '\'' => safe.push_str("&#39;"),
            other => safe.push(other),
        }
    }
    safe
}

/// A number with about four digits: thousands apart, no needless places.
pub(crate) fn number(value: f64) -> String {
    let size = value.abs();
    if !value.is_finite() {
        return NONE.to_owned();
    }
    if size > 0.0 && !(1e-3..1e15).contains(&size) {
        return format!("{value:.2e}");
    }
    let places = match size {
        _ if value.fract().abs() < 1e-9 || size >= 1000.0 => 0,
        _ if size >= 100.0 => 1,
        _ if size >= 1.0 => 2,
        _ => 3,
    };
    thousands(&format!("{value:.places$}"))
}

/// Narrow spaces between groups of three digits before the point.
fn thousands(plain: &str) -> String {
    let digits = plain.split('.').next().unwrap_or(plain);
    let digits = digits.trim_start_matches('-').len();
    if digits < 5 {
        return plain.to_owned();
    }
    let sign = plain.len() - plain.trim_start_matches('-').len();
    let mut grouped = String::new();
    for (place, character) in plain.chars().enumerate() {
        let left = (digits + sign).saturating_sub(place);
        if place > sign && left > 0 && left.is_multiple_of(3) {
            grouped.push('\u{202f}');
        }
        grouped.push(character);
    }
    grouped
}

/// A number, or a dash.
pub(crate) fn optional(value: Option<f64>) -> String {
    value.map_or_else(|| NONE.to_owned(), number)
}

/// Seconds as hours, minutes and seconds, or a dash.
pub(crate) fn clock(time_s: Option<f64>) -> String {
    let Some(time_s) = time_s.filter(|time_s| time_s.is_finite() && *time_s >= 0.0) else {
        return NONE.to_owned();
    };
    let hours = (time_s / 3600.0).floor();
    let minutes = ((time_s - hours * 3600.0) / 60.0).floor();
    let seconds = (time_s - hours * 3600.0 - minutes * 60.0).floor();
    format!("{hours:.0}:{minutes:02.0}:{seconds:02.0}")
}

/// A cell of a table.
pub(crate) enum Cell {
    /// Words, to the left; not yet escaped.
    Text(String),
    /// A number already in its form, to the right.
    Number(String),
}

impl Cell {
    /// A cell of words.
    pub(crate) fn text(text: impl Into<String>) -> Self {
        Self::Text(text.into())
    }

    /// A cell of a number.
    pub(crate) fn number(value: f64) -> Self {
        Self::Number(number(value))
    }

    /// A cell of a number that there may not be.
    pub(crate) fn optional(value: Option<f64>) -> Self {
        Self::Number(optional(value))
    }

    /// A cell of a count.
    pub(crate) fn count(count: u64) -> Self {
        Self::Number(thousands(&count.to_string()))
    }
}

/// A table with a heading per column; nothing if there are no rows.
pub(crate) fn table(headings: &[&str], rows: &[Vec<Cell>]) -> String {
    let Some(first) = rows.first() else {
        return String::new();
    };
    debug_assert!(
        rows.iter().all(|row| row.len() == headings.len()),
        "a cell per heading"
    );
    let mut html = String::from("<div class=\"wide\"><table>\n<thead><tr>");
    for (heading, cell) in headings.iter().zip(first) {
        let class = if matches!(cell, Cell::Number(_)) {
            " class=\"n\""
        } else {
            ""
        };
        html.push_str(&format!("<th{class}>{}</th>", escape(heading)));
    }
    html.push_str("</tr></thead>\n<tbody>\n");
    for row in rows {
        html.push_str("<tr>");
        for cell in row {
            match cell {
                Cell::Text(text) => push(&mut html, "<td>", &escape(text)),
                Cell::Number(text) => push(&mut html, "<td class=\"n\">", text),
            }
        }
        html.push_str("</tr>\n");
    }
    html.push_str("</tbody></table></div>\n");
    html
}

/// Appends one cell.
fn push(html: &mut String, open: &str, content: &str) {
    write!(html, "{open}{content}</td>").expect("a string takes any text");
}

/// The least of 1, 2, 5 times a power of ten that cuts a range into at most `parts` parts.
pub(crate) fn round_step(range: f64, parts: f64) -> f64 {
    debug_assert!(range > 0.0 && parts >= 1.0, "a range is cut into parts");
    let least = range / parts;
    let power = math::pow(10.0, math::log10(least).floor());
    let fits = |factor: &f64| factor * power >= least * (1.0 - 1e-9);
    [1.0, 2.0, 5.0].into_iter().find(fits).unwrap_or(10.0) * power
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_short_and_grouped() {
        let cases = [
            (7.0, "7"),
            (0.5, "0.500"),
            (41.234, "41.23"),
            (1310.4, "1310"),
            (4_464_000.0, "4\u{202f}464\u{202f}000"),
            (-12_345.6, "-12\u{202f}346"),
            (0.000_123_4, "1.23e-4"),
            (0.0, "0"),
            (f64::NAN, "\u{2013}"),
        ];
        for (value, text) in cases {
            assert_eq!(number(value), text);
        }
    }

    #[test]
    fn clocks_count_up_to_many_hours() {
        assert_eq!(clock(Some(3725.9)), "1:02:05");
        assert_eq!(clock(Some(0.0)), "0:00:00");
        assert_eq!(clock(None), "\u{2013}");
    }

    #[test]
    fn text_from_a_scenario_cannot_become_markup() {
        let html = table(&["<b>"], &[vec![Cell::text("<script>\"&'")]]);
        assert!(html.contains("&lt;script&gt;&quot;&amp;&#39;"), "{html}");
        assert!(!html.contains("<script") && !html.contains("<b>"));
    }

    #[test]
    fn steps_are_round() {
        for (range, step) in [(1.0, 0.2), (60.0, 20.0), (7.0, 2.0), (36_000.0, 10_000.0)] {
            assert!(
                (round_step(range, 5.0) - step).abs() < 1e-9 * step,
                "{range}"
            );
        }
    }
}
