//! What code may not do where: touch the outside, break determinism, read the truth, open a scoring
//! tag, make a fire order, name weapons at the boundary to the real world; and the shape of files.

use super::source::{PathUse, SourceFile, Token, is_word};
use super::walls::floor_of;
use super::{Finding, finding};

/// Longest file, lines.
const LINES_MAX: usize = 500;

/// The highest floor that the state of a run stands on.
const SIMULATION_FLOOR_MAX: u8 = 11;

/// Where files are read and written.
const FILE_ACCESS: [&str; 5] = [
    "src/cli/",
    "src/record/",
    "src/scenario/assets.rs",
    "src/scenario/load.rs",
    "src/export/manifest.rs",
];

/// Rooms that act on belief.
const BELIEF_ROOMS: [&str; 4] = ["picture", "learning", "planning", "command"];

/// Rooms at the boundary to the real world.
const BOUNDARY_ROOMS: [&str; 3] = ["plan", "export", "live"];

/// Words that no type or value of the boundary to the real world may carry.
const WEAPON_WORDS: [&str; 10] = [
    "target", "targets", "weapon", "weapons", "fire", "warhead", "strike", "engage", "kill",
    "shoot",
];

/// Whether the file is `cli` or `main.rs`, which talk to the outside.
fn is_outside(file: &SourceFile) -> bool {
    file.path == "src/main.rs" || file.room().as_deref() == Some("cli")
}

/// Whether the file stands on a floor that holds the state of a run.
fn is_simulation(file: &SourceFile) -> bool {
    file.room()
        .and_then(|room| floor_of(&room))
        .is_some_and(|floor| floor <= SIMULATION_FLOOR_MAX)
}

/// Paths outside tests that `accept` picks, as findings.
fn paths_where(
    file: &SourceFile,
    accept: impl Fn(&[&str], &PathUse) -> bool,
    cure: &'static str,
) -> Vec<Finding> {
    let mut findings = Vec::new();
    for path in file.paths.iter().filter(|path| !path.is_test) {
        let segments: Vec<&str> = path.segments.iter().map(String::as_str).collect();
        if accept(&segments, path) {
            findings.push(finding(
                path.line,
                format!("`{}`", segments.join("::")),
                cure,
            ));
        }
    }
    findings
}

/// Words at which `accept` holds for the text before, of and behind them, as findings.
fn words_where(
    file: &SourceFile,
    accept: impl Fn(&str, &str, &str) -> bool,
    cure: &'static str,
) -> Vec<Finding> {
    let text = |at: Option<usize>| {
        at.and_then(|at| file.tokens.get(at))
            .map_or("", |token| token.text.as_str())
    };
    let mut findings = Vec::new();
    for (at, token) in file.tokens.iter().enumerate() {
        let (before, behind) = (text(at.checked_sub(1)), text(Some(at + 1)));
        if accept(before, &token.text, behind) {
            findings.push(finding(
                token.line,
                format!("`{before}{}{behind}`", token.text),
                cure,
            ));
        }
    }
    findings
}

/// Only `cli` prints.
pub(crate) fn printing_stays_in_cli(file: &SourceFile) -> Vec<Finding> {
    if is_outside(file) {
        return Vec::new();
    }
    let cure = "return the text and let cli/ print it";
    let macros = ["print", "println", "eprint", "eprintln", "dbg"];
    let is_terminal = |name: &str| matches!(name, "stdout" | "stderr" | "stdin");
    let mut findings = paths_where(
        file,
        |path, _| path.len() > 2 && path[..2] == ["std", "io"] && is_terminal(path[2]),
        cure,
    );
    for (at, token) in file.tokens.iter().enumerate() {
        let is_call = file.tokens.get(at + 1).is_some_and(|next| next.text == "!");
        if is_call && !token.is_test && macros.contains(&token.text.as_str()) {
            findings.push(finding(token.line, format!("`{}!`", token.text), cure));
        }
    }
    findings
}

/// Only `cli` reads arguments, environment and clocks, talks to the terminal, starts processes, exits.
pub(crate) fn environment_stays_in_cli(file: &SourceFile) -> Vec<Finding> {
    if is_outside(file) {
        return Vec::new();
    }
    let crates = ["clap", "cpu_time", "ctrlc", "indicatif"];
    paths_where(
        file,
        |path, used| match path {
            ["std", "env" | "process", ..] => !used.is_macro,
            ["std", "time", rest @ ..] => rest.first() != Some(&"Duration"),
            [first, ..] => crates.contains(first),
            [] => false,
        },
        "let cli/ pass the value, or the clock, as an argument",
    )
}

/// Files are opened in four places.
pub(crate) fn files_are_opened_in_few_places(file: &SourceFile) -> Vec<Finding> {
    if FILE_ACCESS
        .iter()
        .any(|allowed| file.path.starts_with(allowed))
    {
        return Vec::new();
    }
    paths_where(
        file,
        |path, _| path.len() > 1 && path[..2] == ["std", "fs"],
        "take bytes or text as an argument; files are opened in cli/, record/, scenario/{load,assets}.rs and \
         export/manifest.rs",
    )
}

/// No observers: several of one event run in an order that depends on how many entities exist.
pub(crate) fn simulation_has_no_observers(file: &SourceFile) -> Vec<Finding> {
    if !is_simulation(file) {
        return Vec::new();
    }
    words_where(
        file,
        |before, word, behind| match word {
            "add_observer" => true,
            "observe" => before == "." && behind == "(",
            "On" | "Trigger" => behind == "<",
            _ => false,
        },
        "send a message that a system of a named phase reads",
    )
}

/// No parallel iteration inside a world: its order of effects is the machine's.
pub(crate) fn simulation_is_single_threaded(file: &SourceFile) -> Vec<Finding> {
    if !is_simulation(file) {
        return Vec::new();
    }
    let words = [
        "par_iter",
        "par_iter_mut",
        "into_par_iter",
        "par_bridge",
        "rayon",
    ];
    words_where(
        file,
        |_, word, _| words.contains(&word),
        "iterate in unit order; one world runs on one thread, many worlds on many",
    )
}

/// No hash maps: their iteration order differs from process to process.
pub(crate) fn simulation_has_no_hash_maps(file: &SourceFile) -> Vec<Finding> {
    if !is_simulation(file) {
        return Vec::new();
    }
    words_where(
        file,
        |_, word, _| is_word(word) && (word.ends_with("HashMap") || word.ends_with("HashSet")),
        "use BTreeMap, BTreeSet or a sorted Vec",
    )
}

/// No wall clock.
pub(crate) fn simulation_has_no_wall_clock(file: &SourceFile) -> Vec<Finding> {
    if !is_simulation(file) {
        return Vec::new();
    }
    words_where(
        file,
        |_, word, _| matches!(word, "Instant" | "SystemTime"),
        "use kernel::time; work is bounded by a kernel::budget",
    )
}

/// Rooms of belief read no truth; the oracle planner is the one exception.
pub(crate) fn belief_reads_no_truth(file: &SourceFile) -> Vec<Finding> {
    let is_belief = file
        .room()
        .is_some_and(|room| BELIEF_ROOMS.contains(&room.as_str()));
    if !is_belief || file.path == "src/planning/oracle.rs" {
        return Vec::new();
    }
    paths_where(
        file,
        |path, used| {
            let is_relative = file.in_crate(used).is_none();
            path.windows(2).any(|pair| pair == ["platform", "truth"])
                || (is_relative && path.len() > 1 && path[0] == "truth")
                || path.ends_with(&["platform", "*"])
        },
        "read the node's own tracks and blue picture; only planning/oracle.rs reads the truth",
    )
}

/// Only `accounting` learns what a detection really was of.
pub(crate) fn scoring_tags_open_in_accounting(file: &SourceFile) -> Vec<Finding> {
    if file.room().as_deref() == Some("accounting") {
        return Vec::new();
    }
    let cure = "score in accounting/; what acts may not know the truth behind a detection";
    let is_open = |before: &str, word: &str| word == "reveal" && matches!(before, "." | "::");
    let findings = words_where(file, |before, word, _| is_open(before, word), cure);
    findings
        .into_iter()
        .filter(|found| !is_test_line(file, found.line, "reveal"))
        .collect()
}

/// Whether a word on a line stands in test code.
fn is_test_line(file: &SourceFile, line: usize, word: &str) -> bool {
    file.tokens
        .iter()
        .any(|token| token.line == line && token.text == word && token.is_test)
}

/// Orders to fire are made by an authorisation and nowhere else.
pub(crate) fn fire_orders_come_from_authorisation(file: &SourceFile) -> Vec<Finding> {
    ["FireOrder", "DefenceOrder"]
        .into_iter()
        .flat_map(|order| comes_from_authorisation(file, order))
        .collect()
}

/// An order to fire of this name is made by an authorisation and nowhere else.
fn comes_from_authorisation(file: &SourceFile, order: &str) -> Vec<Finding> {
    let is_definition =
        file.path.starts_with("src/engagement/") && !file.find(&["struct", order]).is_empty();
    if is_definition || file.path == "src/command/authorisation.rs" {
        return Vec::new();
    }
    let mut findings = words_where(
        file,
        |before, word, behind| {
            let is_type = matches!(before, "impl" | "for" | "->" | "&");
            word == order && (behind == "as" || (behind == "{" && !is_type) || behind == "(")
        },
        "propose to a desk; command/authorisation.rs makes the order if a human allows",
    );
    let is_maker = |name: &str| name.starts_with(|c: char| c.is_lowercase());
    findings.extend(paths_where(
        file,
        |path, _| {
            path.windows(2)
                .any(|pair| pair[0] == order && is_maker(pair[1]))
        },
        "propose to a desk; command/authorisation.rs makes the order if a human allows",
    ));
    findings.retain(|found| !is_test_line(file, found.line, order));
    findings
}

/// Nothing at the boundary to the real world speaks of weapons or targets.
pub(crate) fn boundary_names_no_weapon(file: &SourceFile) -> Vec<Finding> {
    if !file
        .room()
        .is_some_and(|room| BOUNDARY_ROOMS.contains(&room.as_str()))
    {
        return Vec::new();
    }
    let words = file
        .tokens
        .iter()
        .filter(|token| !token.is_test && is_word(&token.text));
    let has_weapon_word = |word: &str| {
        parts(word)
            .iter()
            .any(|part| WEAPON_WORDS.contains(&part.as_str()))
    };
    let cure = "plans that leave the simulator know no weapon and no target: remove it";
    let report = |token: &Token| finding(token.line, format!("`{}`", token.text), cure);
    words
        .filter(|token| has_weapon_word(&token.text))
        .map(report)
        .collect()
}

/// The words of an identifier in snake or camel case, in lower case.
fn parts(word: &str) -> Vec<String> {
    let mut parts = vec![String::new()];
    for c in word.chars() {
        if c == '_' || c.is_uppercase() && !word.chars().all(|c| !c.is_lowercase()) {
            parts.push(String::new());
        }
        if let Some(last) = parts.last_mut().filter(|_| c != '_') {
            last.extend(c.to_lowercase());
        }
    }
    parts
}

/// A file says first what it is.
pub(crate) fn files_start_with_their_purpose(file: &SourceFile) -> Vec<Finding> {
    if file.text.starts_with("//!") {
        return Vec::new();
    }
    vec![finding(
        1,
        "no `//!` line".into(),
        "open the file with one sentence on what it is for",
    )]
}

/// A file fits into a head.
pub(crate) fn files_are_short(file: &SourceFile) -> Vec<Finding> {
    let lines = file.text.lines().count();
    if lines <= LINES_MAX {
        return Vec::new();
    }
    let cause = format!("{lines} lines, of {LINES_MAX} at most");
    vec![finding(
        LINES_MAX + 1,
        cause,
        "split it by concern, one plugin per file",
    )]
}
