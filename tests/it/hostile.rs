//! Hostile input is refused before anything is built, with findings that say what, where and how to
//! mend it; the program says so with the exit code of bad input.

use std::path::Path;
use std::process::Command;

use tercio::kernel::finding::Finding;
use tercio::scenario::load::{LoadError, load_scenario};

use super::support::{catalogue, edited, text_of};

/// Exit code of bad input (`EX_DATAERR` of `sysexits.h`).
const BAD_INPUT: i32 = 65;

/// What a file with this text is refused for.
fn findings(path: &Path, text: &[u8]) -> Vec<Finding> {
    std::fs::write(path, text).expect("the file can be written");
    match load_scenario(path, &[], catalogue()) {
        Err(LoadError::Refused(findings)) => findings,
        Err(other) => panic!("not refused but {other}"),
        Ok(_) => panic!(
            "taken: {}",
            String::from_utf8_lossy(&text[..text.len().min(200)])
        ),
    }
}

/// Hostile texts that are no scenario at all, with the code that each is refused for.
fn texts() -> Vec<(&'static str, Vec<u8>, &'static str)> {
    let text = |text: &str| text.as_bytes().to_vec();
    vec![
        ("1 MB of brackets", vec![b'('; 1_000_000], "S1004"),
        ("1 MB of square brackets", vec![b'['; 1_000_000], "S1004"),
        (
            "400,000 nested comments",
            text(&"/*".repeat(400_000)),
            "S1003",
        ),
        (
            "8 MB list",
            text(&format!("[{}]", "1,".repeat(4_190_000))),
            "S1005",
        ),
        ("beyond 8 MiB", vec![b' '; (8 << 20) + 1], "S1001"),
        ("nothing", Vec::new(), "S1003"),
        (
            "no UTF-8",
            b"(format_version: 1,\n name: \"\xff\xfe\")".to_vec(),
            "S1002",
        ),
        ("control character", text("(\u{7}a: 1)"), "S1008"),
        (
            "text that turns round",
            text("(a: \"x\u{202e}y\")"),
            "S1008",
        ),
        (
            "text that turns round, escaped",
            text(r#"(a: "\u{202e}x")"#),
            "S1008",
        ),
        ("unfinished text", text("(name: \"x"), "S1003"),
        ("another value", text("(a: 1) (b: 2)"), "S1003"),
    ]
}

/// Hostile edits of the tutorial, with the code that each is refused for.
const EDITS: [(&str, &str, &str, &str); 21] = [
    ("NaN", "wind_m_s: 4", "wind_m_s: NaN", "S1007"),
    (
        "infinity",
        "\n    duration_s: ",
        "\n    duration_s: inf, //",
        "S1007",
    ),
    (
        "minus infinity",
        "lat_deg: 36.303",
        "lat_deg: -inf",
        "S1007",
    ),
    (
        "overflow",
        "visibility_m: 15000",
        "visibility_m: 1e400",
        "S1007",
    ),
    (
        "duplicate key",
        "\n    duration_s: ",
        "\n    duration_s: 9, duration_s: ",
        "S1006",
    ),
    ("huge count", "count: 2", "count: 4000000000", "S1132"),
    (
        "count beyond its type",
        "count: 2",
        "count: 99999999999999999999",
        "S1053",
    ),
    ("no count", "count: 2", "count: 0", "S1132"),
    ("negative count", "count: 2", "count: -1", "S1055"),
    (
        "endless run",
        "\n    duration_s: ",
        "\n    duration_s: 1e300, //",
        "S1104",
    ),
    (
        "posts without number",
        "spacing_m: 60, ",
        "spacing_m: 1e-9, ",
        "S1108",
    ),
    (
        "ground without end",
        "(14000, 15000)",
        "(1e12, 1e12)",
        "S1108",
    ),
    (
        "absolute path",
        "terrain/jacksboro.tif",
        "/etc/passwd",
        "S1201",
    ),
    (
        "upward path",
        "terrain/jacksboro.tif",
        "terrain/../../../etc/passwd",
        "S1201",
    ),
    (
        "path with a drive",
        "terrain/jacksboro.tif",
        "C:/x.tif",
        "S1201",
    ),
    (
        "missing file",
        "terrain/jacksboro.tif",
        "terrain/nowhere.tif",
        "S1202",
    ),
    (
        "unknown key",
        "\n    duration_s: ",
        "\n    duration: ",
        "S1051",
    ),
    (
        "unknown variant",
        "regime: Joint",
        "regime: Jointly",
        "S1054",
    ),
    (
        "wrong type",
        "\n    duration_s: ",
        "\n    duration_s: \"long\", //",
        "S1053",
    ),
    (
        "position beyond the ground",
        "at_m: (6000, 0)",
        "at_m: (1e9, 0)",
        "S1134",
    ),
    (
        "another version",
        "format_version: 1",
        "format_version: 4294967295",
        "S1101",
    ),
];

/// Every hostile text.
fn cases() -> Vec<(&'static str, Vec<u8>, &'static str)> {
    let tutorial = text_of("tutorial");
    let mut cases = texts();
    cases.extend(
        EDITS.map(|(what, from, to, code)| {
            (what, edited(&tutorial, &[(from, to)]).into_bytes(), code)
        }),
    );
    cases
}

#[test]
fn hostile_files_are_refused_with_code_place_cause_and_cure() {
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    let path = folder.path().join("hostile.ron");
    for (what, text, code) in cases() {
        let findings = findings(&path, &text);
        let found = findings.iter().find(|it| it.code == code);
        let found = found.unwrap_or_else(|| panic!("{what}: no {code} in {findings:?}"));
        assert!(found.is_error(), "{what}: {found}");
        assert_eq!(found.file, path.display().to_string(), "{what}");
        assert!(
            found.line >= Some(1) && found.column >= Some(1),
            "{what}: {found}"
        );
        assert!(
            !found.cause.is_empty() && !found.cure.is_empty(),
            "{what}: {found}"
        );
        let cause: usize = findings
            .iter()
            .map(|it| it.cause.len() + it.cure.len())
            .sum();
        assert!(
            cause < 100_000,
            "{what}: the answer is as long as the attack"
        );
    }
}

#[test]
fn a_finding_stands_where_the_mistake_is_and_suggests_the_nearest_key() {
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    let path = folder.path().join("typo.ron");
    let text = edited(
        &text_of("tutorial"),
        &[("visibility_m: 15000", "visibilty_m: 15000")],
    );
    let row = text
        .lines()
        .position(|line| line.contains("visibilty_m"))
        .expect("it was edited");
    let column = text
        .lines()
        .nth(row)
        .and_then(|line| line.find("visibilty_m"));
    let findings = findings(&path, text.as_bytes());
    let found = findings
        .iter()
        .find(|it| it.code == "S1051")
        .expect("the key is unknown");
    assert_eq!(found.line.map(|line| line as usize), Some(row + 1));
    assert_eq!(found.column.map(|column| column as usize - 1), column);
    assert_eq!(found.cure, "did you mean `visibility_m`?");
}

#[test]
fn the_program_refuses_hostile_files_as_bad_input() {
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    let path = folder.path().join("hostile.ron");
    for (what, text, code) in cases() {
        std::fs::write(&path, text).expect("the file can be written");
        let program = Path::new(env!("CARGO_BIN_EXE_tercio"));
        let output = Command::new(program).arg("check").arg(&path).output();
        let output = output.expect("the program starts");
        let said = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(BAD_INPUT), "{what}: {said}");
        assert!(said.contains(code), "{what}: no {code} in {said}");
    }
}
