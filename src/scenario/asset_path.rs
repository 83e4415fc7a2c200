//! Which paths a scenario may name. See [`asset_path_fault`].

/// Longest path, in bytes.
const PATH_BYTES_MAX: usize = 512;

/// Names that some systems take for devices in any folder.
const DEVICES: [&str; 4] = ["con", "prn", "aux", "nul"];

/// What is wrong with a path to an asset, if anything. A good path is relative, goes downwards
/// only, and is spelt the same on every system: names of letters, digits, `-`, `_` and `.`, joined
/// by `/`.
#[must_use]
pub(super) fn asset_path_fault(path: &str) -> Option<&'static str> {
    if path.is_empty() || path.len() > PATH_BYTES_MAX {
        return Some("it is empty or longer than 512 bytes");
    }
    if path.starts_with(['/', '\\', '~']) || path.contains(':') {
        return Some("it is absolute");
    }
    for name in path.split('/') {
        let stem = name.split('.').next().unwrap_or(name).to_ascii_lowercase();
        let numbered = ["com", "lpt"].iter().any(|it| {
            stem.strip_prefix(it)
                .is_some_and(|rest| rest.len() == 1 && rest.as_bytes()[0].is_ascii_digit())
        });
        if name == ".." {
            return Some("it leads upwards");
        }
        if name.is_empty() || name == "." || name.ends_with('.') {
            return Some("it has an empty step");
        }
        if DEVICES.contains(&stem.as_str()) || numbered {
            return Some("it names a device");
        }
        if !name
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'.'))
        {
            return Some("it has characters other than letters, digits, `-`, `_`, `.` and `/`");
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::asset_path_fault;

    #[test]
    fn only_plain_downward_paths_pass() {
        assert_eq!(asset_path_fault("terrain/jacksboro.tif"), None);
        let bad = [
            "/etc/passwd",
            "../x.tif",
            "a/../../x",
            "C:\\x.tif",
            "C:x",
            "\\\\host\\share\\x",
            "~/x",
            "a//b",
            "./a",
            "nul",
            "terrain/COM1.tif",
            "a\0b",
            "a b",
            "a\\b",
            "",
            "x.",
        ];
        for path in bad {
            assert!(asset_path_fault(path).is_some(), "{path:?} passed");
        }
    }
}
