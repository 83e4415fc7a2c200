//! Doctrines that come with the package. See [`shipped`].

use super::doctrine::Doctrine;

/// The files of `assets/doctrines`.
const FILES: [&str; 2] = [
    include_str!("../../assets/doctrines/blue.ron"),
    include_str!("../../assets/doctrines/red.ron"),
];

/// Doctrines that any scenario may name, in the order of their files.
///
/// # Panics
/// Never: a test reads the shipped files with the same function.
#[must_use]
pub fn shipped() -> Vec<Doctrine> {
    let read = |text: &&str| -> Vec<Doctrine> {
        ron::from_str(text).expect("a test reads the shipped files with the same function")
    };
    FILES.iter().flat_map(read).collect()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn the_shipped_doctrines_differ_in_name_and_in_kind() {
        let all = shipped();
        let names: BTreeSet<&str> = all.iter().map(|doctrine| doctrine.id.as_str()).collect();
        assert_eq!(names.len(), all.len());
        for id in ["cautious", "standard", "bold", "infiltrate", "saturate"] {
            assert!(names.contains(id), "{id}");
        }
        let nameless = |doctrine: &Doctrine| Doctrine {
            id: String::new(),
            ..doctrine.clone()
        };
        for (at, one) in all.iter().enumerate() {
            for other in &all[..at] {
                assert_ne!(
                    nameless(one),
                    nameless(other),
                    "{} and {}",
                    one.id,
                    other.id
                );
            }
        }
    }
}
