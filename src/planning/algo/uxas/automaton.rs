//! What may come next in a word of the algebra. See [`Automaton`].

use super::algebra::{Expression, Operator};

/// How much of an expression has been done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Progress {
    /// Nothing.
    Untouched,
    /// Something.
    Begun,
    /// A whole word.
    Complete,
}

/// The automaton of an expression: its states are sets of atoms done, by their place from left to
/// right, and what may come next is read off the expression.
#[derive(Clone, Debug)]
pub(super) struct Automaton {
    /// The expression.
    root: Expression,
    /// Id of each atom.
    ids: Vec<i64>,
}

impl Automaton {
    /// The automaton of an expression.
    pub(super) fn new(root: Expression) -> Self {
        let ids = root.atoms();
        Self { root, ids }
    }

    /// The expression.
    pub(super) fn expression(&self) -> &Expression {
        &self.root
    }

    /// Id of each atom, from left to right.
    pub(super) fn ids(&self) -> &[i64] {
        &self.ids
    }

    /// The atoms that may come next, after these have been done; true if the word is complete.
    pub(super) fn next(&self, done: &[bool], next: &mut Vec<usize>) -> bool {
        next.clear();
        walk(&self.root, &mut 0, done, next) == Progress::Complete
    }
}

/// Gathers what may come next in an expression whose first atom is `at`, which moves behind it.
fn walk(expression: &Expression, at: &mut usize, done: &[bool], next: &mut Vec<usize>) -> Progress {
    let Expression::Node(operator, parts) = expression else {
        *at += 1;
        if done[*at - 1] {
            return Progress::Complete;
        }
        next.push(*at - 1);
        return Progress::Untouched;
    };
    let before = next.len();
    let (mut begun, mut complete) = (false, true);
    let mut chosen = None;
    for part in parts {
        let from = next.len();
        let progress = walk(part, at, done, next);
        match operator {
            // Only the first incomplete part may go on.
            Operator::Sequence if !complete => next.truncate(from),
            Operator::Alternative if progress != Progress::Untouched => {
                let own: Vec<usize> = next.drain(from..).collect();
                chosen = Some((progress, own));
            }
            _ => {}
        }
        begun |= progress != Progress::Untouched;
        complete &= progress == Progress::Complete;
    }
    if let Some((progress, own)) = chosen {
        next.truncate(before);
        next.extend(own);
        return progress;
    }
    match (complete, begun) {
        (true, _) => Progress::Complete,
        (false, true) => Progress::Begun,
        (false, false) => Progress::Untouched,
    }
}
