//! Numbers, times and tables for people.

use comfy_table::{Cell, CellAlignment, ContentArrangement, LineStyle, Row, Table, presets};

/// Columns that a table takes on any terminal.
const NARROWEST: u16 = 60;

/// Stands for a number that there is not.
pub(super) const NONE: &str = "-";

/// A number with about four digits.
pub(super) fn number(value: f64) -> String {
    let size = value.abs();
    if !value.is_finite() {
        return NONE.to_owned();
    }
    if size > 0.0 && !(1e-3..1e9).contains(&size) {
        return format!("{value:.2e}");
    }
    let places = match size {
        _ if value.fract().abs() < 1e-9 || size >= 1000.0 => 0,
        _ if size >= 100.0 => 1,
        _ if size >= 1.0 => 2,
        _ => 3,
    };
    format!("{value:.places$}")
}

/// A number, or a dash.
pub(super) fn optional(value: Option<f64>) -> String {
    value.map_or_else(|| NONE.to_owned(), number)
}

/// Seconds as hours, minutes and seconds.
pub(super) fn clock(time_s: f64) -> String {
    let whole = time_s.max(0.0).floor();
    let hours = (whole / 3600.0).floor();
    let minutes = ((whole - hours * 3600.0) / 60.0).floor();
    let seconds = whole - hours * 3600.0 - minutes * 60.0;
    format!("{hours:.0}:{minutes:02.0}:{seconds:02.0}")
}

/// Words joined as in a sentence.
pub(super) fn list(words: &[String]) -> String {
    match words {
        [] => "nothing".to_owned(),
        [one] => one.clone(),
        [all @ .., last] => format!("{} and {last}", all.join(", ")),
    }
}

/// A table without borders, as wide as the terminal allows.
pub(super) fn table(header: &[&str]) -> Table {
    let mut table = Table::new();
    table
        .load_style(presets::NOTHING.header_separator(LineStyle::none().fill('─')))
        .set_content_arrangement(ContentArrangement::Dynamic)
        .set_header(header.iter().map(Cell::new));
    // Some terminals say that they are no columns wide.
    if table.width().is_some_and(|columns| columns < NARROWEST) {
        table.set_width(NARROWEST);
    }
    table
}

/// A row with its first cell to the left and all others, numbers, to the right.
pub(super) fn numbers(name: impl Into<String>, values: impl IntoIterator<Item = String>) -> Row {
    let name = Cell::new_owned(name.into());
    let values = values.into_iter().map(right);
    Row::from(std::iter::once(name).chain(values).collect::<Vec<_>>())
}

/// A cell to the right.
pub(super) fn right(text: String) -> Cell {
    Cell::new_owned(text).set_alignment(CellAlignment::Right)
}

/// A table as text that ends in a new line, without spaces at the ends of lines.
pub(super) fn lines(table: &Table) -> String {
    let mut text = String::new();
    for line in table.lines() {
        text.push_str(line.trim_end());
        text.push('\n');
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_have_about_four_digits() {
        for (value, text) in [
            (0.0, "0"),
            (7.0, "7"),
            (0.25, "0.250"),
            (1.5, "1.50"),
            (212.46, "212.5"),
            (123_456.7, "123457"),
            (1e-9, "1.00e-9"),
            (2.5e12, "2.50e12"),
            (f64::NAN, "-"),
        ] {
            assert_eq!(number(value), text);
        }
        assert_eq!(optional(None), "-");
    }

    #[test]
    fn times_read_as_a_clock() {
        assert_eq!(clock(0.0), "0:00:00");
        assert_eq!(clock(3725.9), "1:02:05");
        assert_eq!(clock(90_000.0), "25:00:00");
    }

    #[test]
    fn words_join_as_in_a_sentence() {
        let words: Vec<String> = ["a", "b", "c"].map(str::to_owned).to_vec();
        assert_eq!(list(&words), "a, b and c");
        assert_eq!(list(&words[..1]), "a");
    }

    #[test]
    fn a_table_aligns_its_numbers_and_ends_no_line_in_a_space() {
        let mut table = table(&["stage", "count"]);
        table.add_row(numbers("detected", ["13".to_owned()]));
        table.add_row(numbers("tracked", ["4".to_owned()]));
        let text = lines(&table);
        let all: Vec<&str> = text.lines().collect();
        assert_eq!(all.len(), 4, "{text}");
        assert!(
            all[2].ends_with("   13") && all[3].ends_with("    4"),
            "{text}"
        );
        assert!(all.iter().all(|line| !line.ends_with(' ')), "{text}");
    }
}
