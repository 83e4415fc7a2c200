//! Every code of a finding has its section in `docs/errors.md`, and every section its code.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

/// Codes in quotes in a source text: S, T, P or X and four digits.
fn codes_in(text: &str) -> impl Iterator<Item = String> + '_ {
    text.split('"')
        .filter(|word| is_code(word))
        .map(str::to_owned)
}

/// Whether a word is a code.
fn is_code(word: &str) -> bool {
    word.len() == 5
        && word.starts_with(['S', 'T', 'P', 'X'])
        && word[1..].bytes().all(|byte| byte.is_ascii_digit())
}

/// Adds the codes of every source below a folder; test modules invent codes and are left out.
fn gather(folder: &Path, codes: &mut BTreeSet<String>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            gather(&path, codes);
        } else if path.extension().is_some_and(|it| it == "rs") {
            let text = fs::read_to_string(&path).unwrap();
            let shipped = text.split("#[cfg(test)]\nmod tests {").next().unwrap();
            if !path
                .file_name()
                .unwrap()
                .to_string_lossy()
                .contains("tests")
            {
                codes.extend(codes_in(shipped));
            }
        }
    }
}

#[test]
fn every_code_has_its_section_and_every_section_its_code() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut used = BTreeSet::new();
    gather(&root.join("src"), &mut used);
    let page = fs::read_to_string(root.join("docs/errors.md")).unwrap();
    let documented: BTreeSet<String> = page
        .lines()
        .filter_map(|line| line.strip_prefix("### "))
        .map(|heading| heading.chars().take(5).collect())
        .collect();
    assert!(used.len() > 50, "the sources were not found");
    let missing: Vec<_> = used.difference(&documented).collect();
    let stale: Vec<_> = documented.difference(&used).collect();
    assert!(missing.is_empty(), "without a section: {missing:?}");
    assert!(stale.is_empty(), "sections of no code: {stale:?}");
}
