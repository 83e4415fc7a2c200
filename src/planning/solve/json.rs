//! What instance files in JSON have in common.

use serde::Deserialize as _;
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::SolveError;

/// Reads an instance; `form` says what it should look like.
pub(super) fn read<T: DeserializeOwned>(text: &str, form: &str) -> Result<T, SolveError> {
    serde_json::from_str(text).map_err(|error| SolveError::Instance {
        line: error.line().max(1),
        cause: error.to_string(),
        cure: format!("write {form}, all numbers finite, and nothing behind it"),
    })
}

/// Refuses an instance for what one of its values says, on the first line that has `key`.
pub(super) fn refuse(text: &str, key: &str, cause: String, cure: &str) -> SolveError {
    let quoted = format!("\"{key}\"");
    let line = text.lines().position(|line| line.contains(&quoted));
    SolveError::Instance {
        line: line.map_or(1, |at| at + 1),
        cause,
        cure: cure.to_owned(),
    }
}

/// Reads a solution that is a list of lists of `T`.
pub(super) fn paths<T: DeserializeOwned>(solution: &Value) -> Result<Vec<Vec<T>>, SolveError> {
    let read = Vec::<Vec<T>>::deserialize(solution);
    read.map_err(|error| SolveError::Solution(format!("it is no list of paths: {error}")))
}
