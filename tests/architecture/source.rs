//! Rust text as tokens and paths: as much of the language as the rules of the house need.
//!
//! Comments vanish, a string or character literal is one token, so that no rule can be set off by
//! prose. Paths come fully spelled out: `use a::{b, c::d};` yields `a::b` and `a::c::d`.

/// One token.
#[derive(Debug, Clone)]
pub(crate) struct Token {
    /// Its text; a literal with its quotes.
    pub(crate) text: String,
    /// Its line, from 1.
    pub(crate) line: usize,
    /// Whether it stands under `#[cfg(test)]`.
    pub(crate) is_test: bool,
    /// Number of inline modules around it.
    pub(crate) inline_modules: usize,
}

/// One path as written, groups taken apart.
#[derive(Debug, Clone)]
pub(crate) struct PathUse {
    /// Its segments; `*` is one.
    pub(crate) segments: Vec<String>,
    /// Its line, from 1.
    pub(crate) line: usize,
    /// Whether it stands under `#[cfg(test)]`.
    pub(crate) is_test: bool,
    /// Number of inline modules around it.
    inline_modules: usize,
    /// Whether it names a macro that is called.
    pub(crate) is_macro: bool,
}

/// One file of the source tree.
#[derive(Debug)]
pub(crate) struct SourceFile {
    /// Path from the package's root with `/`, such as `src/geo/mod.rs`.
    pub(crate) path: String,
    /// The text.
    pub(crate) text: String,
    /// Its tokens.
    pub(crate) tokens: Vec<Token>,
    /// Its paths.
    pub(crate) paths: Vec<PathUse>,
}

impl SourceFile {
    /// Reads the text of a file.
    pub(crate) fn new(path: &str, text: &str) -> Self {
        let mut tokens = lex(text);
        mark_tests(&mut tokens);
        mark_inline_modules(&mut tokens);
        let paths = collect_paths(&tokens);
        Self {
            path: path.to_owned(),
            text: text.to_owned(),
            tokens,
            paths,
        }
    }

    /// The module path of the file below the crate's root; empty for `lib.rs` and `main.rs`.
    pub(crate) fn module(&self) -> Vec<String> {
        let inner = self.path.strip_prefix("src/").unwrap_or(&self.path);
        let stem = inner.strip_suffix(".rs").unwrap_or(inner);
        let stem = stem.strip_suffix("/mod").unwrap_or(stem);
        if matches!(stem, "lib" | "main") {
            return Vec::new();
        }
        stem.split('/').map(str::to_owned).collect()
    }

    /// The room that the file stands in; none for `lib.rs` and `main.rs`.
    pub(crate) fn room(&self) -> Option<String> {
        self.module().into_iter().next()
    }

    /// The path below the crate's root that `path` means; none where it is not of this crate.
    pub(crate) fn in_crate(&self, path: &PathUse) -> Option<Vec<String>> {
        let first = path.segments.first()?;
        if first == "crate" {
            return Some(path.segments[1..].to_vec());
        }
        if first != "super" && first != "self" {
            return None;
        }
        let mut base = self.module();
        base.resize(base.len() + path.inline_modules, "(inline)".to_owned());
        let mut rest = path.segments.as_slice();
        while let Some((head, tail)) = rest.split_first() {
            match head.as_str() {
                "self" => {}
                "super" => drop(base.pop()),
                _ => break,
            }
            rest = tail;
        }
        base.extend_from_slice(rest);
        Some(base)
    }

    /// Places where these tokens stand in a row, as the index of the first.
    pub(crate) fn find(&self, wanted: &[&str]) -> Vec<usize> {
        let matches_at = |window: &[Token]| window.iter().zip(wanted).all(|(t, w)| t.text == *w);
        let windows = self.tokens.windows(wanted.len()).enumerate();
        windows
            .filter(|(_, window)| matches_at(window))
            .map(|(at, _)| at)
            .collect()
    }

    /// The files of modules that this file declares under `#[cfg(test)]`, as the possible paths.
    pub(crate) fn test_modules(&self) -> Vec<String> {
        let folder = self.path.rsplit_once('/').map_or("", |(folder, _)| folder);
        let stem = self.path.strip_suffix(".rs").unwrap_or(&self.path);
        let is_root = ["/mod", "/lib", "/main"]
            .iter()
            .any(|end| stem.ends_with(end));
        let below = if is_root { folder } else { stem };
        let mut files = Vec::new();
        for (at, token) in self.tokens.iter().enumerate() {
            let Some([name, end]) = self.tokens.get(at + 1..at + 3) else {
                continue;
            };
            if token.text != "mod" || !token.is_test || end.text != ";" {
                continue;
            }
            files.push(format!("{below}/{}.rs", name.text));
            files.push(format!("{below}/{}/mod.rs", name.text));
            let before = &self.tokens[at.saturating_sub(5)..at];
            if let Some(path) = before.windows(3).find(|w| w[0].text == "path") {
                files.push(format!("{folder}/{}", path[2].text.trim_matches('"')));
            }
        }
        files
    }

    /// Marks the whole file as test code.
    pub(crate) fn mark_as_test(&mut self) {
        self.tokens
            .iter_mut()
            .for_each(|token| token.is_test = true);
        self.paths.iter_mut().for_each(|path| path.is_test = true);
    }
}

/// Whether a token is an identifier or a keyword.
pub(crate) fn is_word(text: &str) -> bool {
    text.starts_with(|c: char| c.is_alphabetic() || c == '_')
        && text.chars().all(|c| c.is_alphanumeric() || c == '_')
}

/// Cuts a text into tokens.
fn lex(text: &str) -> Vec<Token> {
    let (mut tokens, mut rest, mut line) = (Vec::new(), text, 1);
    while !rest.is_empty() {
        let (length, is_token) = next_piece(rest);
        let (piece, tail) = rest.split_at(length);
        if is_token {
            let text = piece.to_owned();
            tokens.push(Token {
                text,
                line,
                is_test: false,
                inline_modules: 0,
            });
        }
        line += piece.matches('\n').count();
        rest = tail;
    }
    tokens
}

/// Length in bytes of the next token, comment or space, and whether it is a token.
fn next_piece(rest: &str) -> (usize, bool) {
    let span = |accept: fn(char) -> bool| rest.find(|c| !accept(c)).unwrap_or(rest.len());
    let first = rest
        .chars()
        .next()
        .expect("the caller asks for more text only while there is some");
    if first.is_whitespace() {
        return (span(char::is_whitespace), false);
    }
    if rest.starts_with("//") {
        return (span(|c| c != '\n'), false);
    }
    if rest.starts_with("/*") {
        return (block_comment(rest), false);
    }
    if let Some(length) = string_literal(rest) {
        return (length, true);
    }
    if first == '\'' {
        return (quote(rest), true);
    }
    if first.is_alphanumeric() || first == '_' {
        let mut length = span(|c| c.is_alphanumeric() || c == '_');
        let fraction = rest[length..]
            .strip_prefix('.')
            .and_then(|tail| tail.chars().next());
        if first.is_ascii_digit() && fraction.is_some_and(|c| c.is_ascii_digit()) {
            let tail = &rest[length + 1..];
            length += 1 + tail
                .find(|c: char| !c.is_alphanumeric() && c != '_')
                .unwrap_or(tail.len());
        }
        return (length, true);
    }
    let is_pair = ["::", "->", "=>"].iter().any(|pair| rest.starts_with(pair));
    (if is_pair { 2 } else { first.len_utf8() }, true)
}

/// Length of a block comment, nested ones inside it.
fn block_comment(rest: &str) -> usize {
    let (mut depth, mut at) = (0_usize, 0);
    while at < rest.len() {
        let here = &rest.as_bytes()[at..];
        if here.starts_with(b"/*") {
            depth += 1;
            at += 2;
        } else if here.starts_with(b"*/") {
            depth -= 1;
            at += 2;
            if depth == 0 {
                return at;
            }
        } else {
            at += 1;
        }
    }
    rest.len()
}

/// Length of the string literal that the text starts with, if it does: plain, byte, C or raw.
fn string_literal(rest: &str) -> Option<usize> {
    let prefix = rest
        .find(|c: char| !matches!(c, 'r' | 'b' | 'c'))
        .unwrap_or(rest.len());
    let is_raw = rest[..prefix].contains('r');
    let hashes = rest[prefix..].find(|c| c != '#').unwrap_or(0);
    let open = prefix + hashes;
    if prefix > 2 || (hashes > 0 && !is_raw) || !rest[open..].starts_with('"') {
        return None;
    }
    if is_raw {
        let close = format!("\"{}", "#".repeat(hashes));
        let length = rest[open + 1..]
            .find(&close)
            .map(|at| open + 1 + at + close.len());
        return Some(length.unwrap_or(rest.len()));
    }
    let mut is_escaped = false;
    for (at, c) in rest.char_indices().skip_while(|(at, _)| *at <= open) {
        if c == '"' && !is_escaped {
            return Some(at + 1);
        }
        is_escaped = c == '\\' && !is_escaped;
    }
    Some(rest.len())
}

/// Length of a character literal or a lifetime.
fn quote(rest: &str) -> usize {
    let inner = &rest[1..];
    if let Some(escape) = inner.strip_prefix('\\') {
        let skipped = escape.chars().next().map_or(0, char::len_utf8);
        return 2 + skipped + escape[skipped..].find('\'').map_or(0, |at| at + 1);
    }
    let first = inner.chars().next().map_or(0, char::len_utf8);
    if inner[first..].starts_with('\'') {
        return first + 2;
    }
    1 + inner
        .find(|c: char| !c.is_alphanumeric() && c != '_')
        .unwrap_or(inner.len())
}

/// Index behind the bracket that closes the one at `open`.
fn behind_bracket(tokens: &[Token], open: usize) -> usize {
    let mut depth = 0_usize;
    for (at, token) in tokens.iter().enumerate().skip(open) {
        match token.text.as_str() {
            "(" | "[" | "{" => depth += 1,
            ")" | "]" | "}" => depth = depth.saturating_sub(1),
            _ => {}
        }
        if depth == 0 {
            return at + 1;
        }
    }
    tokens.len()
}

/// Whether the tokens from `at` on read as `wanted`.
fn reads(tokens: &[Token], at: usize, wanted: &[&str]) -> bool {
    tokens[at..].len() >= wanted.len() && tokens[at..].iter().zip(wanted).all(|(t, w)| t.text == *w)
}

/// Marks every item under `#[cfg(test)]`.
fn mark_tests(tokens: &mut [Token]) {
    for start in 0..tokens.len() {
        if !reads(tokens, start, &["#", "[", "cfg", "(", "test", ")", "]"]) {
            continue;
        }
        let mut at = start + 7;
        while reads(tokens, at, &["#", "["]) {
            at = behind_bracket(tokens, at + 1);
        }
        while at < tokens.len() && !matches!(tokens[at].text.as_str(), ";" | "{") {
            let is_open = matches!(tokens[at].text.as_str(), "(" | "[");
            at = if is_open {
                behind_bracket(tokens, at)
            } else {
                at + 1
            };
        }
        let end = if at < tokens.len() {
            behind_bracket(tokens, at)
        } else {
            at
        };
        tokens[start..end]
            .iter_mut()
            .for_each(|token| token.is_test = true);
    }
}

/// Counts the inline modules around every token.
fn mark_inline_modules(tokens: &mut [Token]) {
    for at in 0..tokens.len() {
        if tokens[at].text == "mod" && tokens.get(at + 2).is_some_and(|open| open.text == "{") {
            let end = behind_bracket(tokens, at + 2);
            tokens[at + 2..end]
                .iter_mut()
                .for_each(|token| token.inline_modules += 1);
        }
    }
}

/// All paths of two segments or more, and everything imported.
fn collect_paths(tokens: &[Token]) -> Vec<PathUse> {
    let (mut paths, mut at) = (Vec::new(), 0);
    let text = |at: usize| {
        tokens
            .get(at)
            .map_or("", |token: &Token| token.text.as_str())
    };
    while at < tokens.len() {
        if text(at) == "use" && text(at + 1) != "<" {
            at = take_tree(tokens, at + 1, &[], &mut paths);
        } else if is_word(text(at)) && text(at + 1) == "::" && is_word(text(at + 2)) {
            let (start, mut segments) = (at, vec![text(at).to_owned()]);
            while text(at + 1) == "::" && is_word(text(at + 2)) {
                segments.push(text(at + 2).to_owned());
                at += 2;
            }
            at += 1;
            paths.push(path_use(&tokens[start], segments, text(at) == "!"));
        } else {
            at += 1;
        }
    }
    paths
}

/// A path that starts at a token.
fn path_use(token: &Token, segments: Vec<String>, is_macro: bool) -> PathUse {
    let Token {
        line,
        is_test,
        inline_modules,
        ..
    } = *token;
    PathUse {
        segments,
        line,
        is_test,
        inline_modules,
        is_macro,
    }
}

/// Reads a tree of imports from `at` on; returns the index behind it.
fn take_tree(tokens: &[Token], mut at: usize, prefix: &[String], out: &mut Vec<PathUse>) -> usize {
    let text = |at: usize| {
        tokens
            .get(at)
            .map_or("", |token: &Token| token.text.as_str())
    };
    let mut path = prefix.to_vec();
    loop {
        match text(at) {
            "" => return at,
            "::" => at += 1,
            "{" => {
                at += 1;
                while !matches!(text(at), "}" | "") {
                    at = take_tree(tokens, at, &path, out);
                    at += usize::from(text(at) == ",");
                }
                return at + 1;
            }
            word if is_word(word) || word == "*" => {
                path.push(word.to_owned());
                at += 1;
                if text(at) != "::" {
                    if path.len() > 1 && word == "self" {
                        path.pop();
                    }
                    out.push(path_use(&tokens[at - 1], path, false));
                    return if text(at) == "as" { at + 2 } else { at };
                }
            }
            _ => return at + 1,
        }
    }
}

/// The paths of a text, joined.
fn paths_of(text: &str) -> Vec<String> {
    SourceFile::new("src/a/b.rs", text)
        .paths
        .iter()
        .map(|p| p.segments.join("::"))
        .collect()
}

#[test]
fn groups_of_imports_are_taken_apart() {
    let text =
        "use a::{b, c::{self, d as e}, f::*}; use g; fn h() { let x = i::<u8>::j + k::l(); }";
    assert_eq!(
        paths_of(text),
        ["a::b", "a::c", "a::c::d", "a::f::*", "g", "k::l"]
    );
}

#[test]
fn comments_and_literals_hold_no_paths() {
    let text = r##"// a::b
        /* c::d /* e::f */ g::h */ let x = "i::j \" k::l"; let y = r#"m::n"o::p"#; let z = 'q';
        let t = '\''; fn s<'a>(u: &'a str) -> char { ':' } let w = v::w;"##;
    assert_eq!(paths_of(text), ["v::w"]);
}

#[test]
fn super_is_followed_out_of_files_and_inline_modules() {
    let text = "use super::x; use super::super::y; mod tests { use super::super::z; }";
    let file = SourceFile::new("src/a/b.rs", text);
    let found: Vec<_> = file
        .paths
        .iter()
        .filter_map(|path| file.in_crate(path))
        .collect();
    assert_eq!(found, [vec!["a", "x"], vec!["y"], vec!["a", "z"]]);
}

#[test]
fn test_code_is_told_from_the_rest() {
    let text = "mod a; #[cfg(test)] #[path = \"c_tests.rs\"] mod b; #[cfg(test)] mod tests { f::g(); } h::i();";
    let file = SourceFile::new("src/r/s.rs", text);
    assert_eq!(
        file.paths
            .iter()
            .map(|path| path.is_test)
            .collect::<Vec<_>>(),
        [true, false]
    );
    assert_eq!(
        file.test_modules(),
        ["src/r/s/b.rs", "src/r/s/b/mod.rs", "src/r/c_tests.rs"]
    );
}
