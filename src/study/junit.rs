//! Gates as a JUnit report, for servers of continuous integration. See [`junit_xml`].

use quick_junit::{NonSuccessKind, Report, TestCase, TestCaseStatus, TestSuite};
use thiserror::Error;

use super::gate::State;
use super::results::{GateResult, Results};

/// The report has no XML form.
#[derive(Debug, Error)]
#[error("the gates have no JUnit form: {0}")]
pub struct JunitError(#[from] quick_junit::SerializeError);

/// The gates of a study as test cases, and a case that says whether every replication ran. An
/// undecided gate is skipped, or with `is_strict` a failure.
///
/// # Errors
///
/// If the XML cannot be written.
pub fn junit_xml(results: &Results, is_strict: bool) -> Result<String, JunitError> {
    let mut suite = TestSuite::new(results.study.as_str());
    suite.add_test_case(replications(results));
    for gate in &results.gates {
        suite.add_test_case(case(gate, is_strict));
    }
    let mut report = Report::new("tercio study");
    report.add_test_suite(suite);
    Ok(report.to_string()?)
}

/// Whether every replication ran to its end.
fn replications(results: &Results) -> TestCase {
    let mut status = TestCaseStatus::success();
    if let Some(first) = results.failures.first() {
        status = TestCaseStatus::non_success(NonSuccessKind::Error);
        let (count, point, seed) = (results.failures.len(), &first.point, first.seed);
        let error = &first.error;
        status.set_message(format!("{count} failed; at {point}, seed {seed}: {error}"));
    }
    let mut case = TestCase::new("every replication runs to its end", status);
    case.set_classname(results.study.as_str());
    case
}

/// A gate at a design point.
fn case(gate: &GateResult, is_strict: bool) -> TestCase {
    let number = |value: Option<f64>| value.map_or_else(|| "none".to_owned(), |it| it.to_string());
    let (value, low, high) = (number(gate.value), number(gate.low), number(gate.high));
    let found = format!("{value}, interval {low} to {high}");
    let status = match gate.state {
        State::Pass => TestCaseStatus::success(),
        State::Undecided if !is_strict => {
            let mut status = TestCaseStatus::skipped();
            status.set_message(format!("undecided: {found}"));
            status
        }
        State::Undecided | State::Fail => {
            let mut status = TestCaseStatus::non_success(NonSuccessKind::Failure);
            let word = if gate.state == State::Fail {
                "does not hold"
            } else {
                "undecided"
            };
            status.set_message(format!("{word}: {found}"));
            status
        }
    };
    let mut case = TestCase::new(gate.gate.as_str(), status);
    case.set_classname(gate.point.as_str());
    case
}
