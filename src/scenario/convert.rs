//! Tree to typed structures through serde, with the place of every error. See [`typed`].
//!
//! serde ends at the first error. So the value that failed is remembered and passed over in
//! another round, until a round brings nothing new: a file with five mistakes gets five findings.

use std::cell::RefCell;
use std::collections::BTreeSet;

use serde::de::DeserializeOwned;

use super::convert_error::ConvertError;
use super::convert_value::Cell;
use super::parse::FINDINGS_MAX;
use super::tree::{Document, Node};
use crate::kernel::finding::Finding;

/// Most values visited over all rounds: bounds the time that a large broken file takes.
const VISITS_MAX: usize = 600_000;

/// The typed form of a document.
///
/// # Errors
/// As many findings as can be gathered: unknown keys (S1051), missing keys (S1052), values of the
/// wrong type (S1053), unknown variants (S1054) and numbers out of their range (S1055).
pub fn typed<T: DeserializeOwned>(document: &Document) -> Result<T, Vec<Finding>> {
    let log = Log {
        document,
        inner: RefCell::default(),
    };
    loop {
        let known = log.inner.borrow().refused.len();
        let outcome = T::deserialize(Cell::new(&document.root, &log));
        let mut inner = log.inner.borrow_mut();
        if let Ok(value) = outcome
            && inner.findings.is_empty()
        {
            return Ok(value);
        }
        let settled = inner.refused.len() == known;
        let enough = inner.findings.len() >= FINDINGS_MAX || inner.visits > VISITS_MAX;
        if settled || enough {
            let mut findings = core::mem::take(&mut inner.findings);
            findings.sort();
            findings.dedup();
            return Err(findings);
        }
    }
}

/// What the rounds of one conversion share.
pub(crate) struct Log<'a> {
    /// The document that is converted.
    pub(crate) document: &'a Document,
    /// What changes.
    inner: RefCell<LogInner>,
}

/// The part of a [`Log`] that changes.
#[derive(Default)]
struct LogInner {
    /// Findings so far.
    findings: Vec<Finding>,
    /// Addresses of nodes that failed; the tree stands still while it is converted.
    refused: BTreeSet<usize>,
    /// Values visited.
    visits: usize,
}

impl Log<'_> {
    /// Whether a node failed in an earlier round, or was refused by the parser.
    pub(crate) fn is_refused(&self, node: &Node) -> bool {
        node.is_refused() || self.inner.borrow().refused.contains(&address(node))
    }

    /// Whether no further finding is taken.
    pub(crate) fn is_full(&self) -> bool {
        self.inner.borrow().findings.len() >= FINDINGS_MAX
    }

    /// Counts a visit.
    pub(crate) fn visit(&self) {
        self.inner.borrow_mut().visits += 1;
    }

    /// Adds a finding.
    pub(crate) fn add(&self, finding: Finding) {
        let findings = &mut self.inner.borrow_mut().findings;
        if findings.len() < FINDINGS_MAX && !findings.contains(&finding) {
            findings.push(finding);
        }
    }

    /// Settles the outcome of a node. An error becomes a finding at the innermost node that knows
    /// of it, and only that node is passed over in the next round, so that its neighbours are still
    /// read; a node that cannot be built without it follows one round later.
    pub(crate) fn settle<T>(
        &self,
        node: &Node,
        outcome: Result<T, ConvertError>,
    ) -> Result<T, ConvertError> {
        outcome.map_err(|error| match error {
            ConvertError::Logged => ConvertError::Logged,
            ConvertError::Hollow => {
                let fresh = self.inner.borrow_mut().refused.insert(address(node));
                if fresh {
                    ConvertError::Logged
                } else {
                    ConvertError::Hollow
                }
            }
            error => {
                let note = error.into_note(node, &self.document.path_of(node));
                self.add(
                    self.document
                        .error(note.code, node.place, note.cause, note.cure),
                );
                self.inner.borrow_mut().refused.insert(address(node));
                ConvertError::Logged
            }
        })
    }
}

/// Identity of a node.
fn address(node: &Node) -> usize {
    core::ptr::from_ref(node).addr()
}
