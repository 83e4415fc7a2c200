//! Which planner each side has in a run, as the command line says. See [`choose`].

use super::error::CliError;
use crate::org::Planner;
use crate::scenario::schema::Side;

/// Gives sides the planners that were asked for, `NAME` or `SIDE=NAME`, the later over the earlier;
/// `oracle` stands for `NAME` before all others.
///
/// # Errors
/// Where there is no such side or planner.
pub(super) fn choose(
    sides: &mut [Side],
    asked: &[String],
    is_oracle: bool,
) -> Result<(), CliError> {
    if is_oracle {
        sides.iter_mut().for_each(|it| it.planner = Planner::Oracle);
    }
    for words in asked {
        let (side, name) = match words.split_once('=') {
            Some((side, name)) => (Some(side), name),
            None => (None, words.as_str()),
        };
        let planner = named(name)?;
        if let Some(id) = side.filter(|id| sides.iter().all(|it| it.id != **id)) {
            let known: Vec<&str> = sides.iter().map(|it| it.id.as_str()).collect();
            let known = known.join(", ");
            return Err(CliError::Input(format!(
                "--planner {words}: there is no side `{id}`; the scenario has {known}"
            )));
        }
        let meant = sides.iter_mut();
        let meant = meant.filter(|it| side.is_none_or(|id| it.id == id));
        meant.for_each(|it| it.planner = planner);
    }
    Ok(())
}

/// The planner of a name.
///
/// # Errors
/// Where there is none.
pub(super) fn named(name: &str) -> Result<Planner, CliError> {
    let found = Planner::OWN.into_iter().find(|it| it.key() == name);
    found.ok_or_else(|| {
        let known = Planner::OWN.map(Planner::key).join(", ");
        CliError::Input(format!("there is no planner `{name}`; there is {known}"))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Two sides.
    fn sides() -> Vec<Side> {
        let side = |id: &str| Side {
            id: id.into(),
            hostile_to: Vec::new(),
            courses: Vec::new(),
            course: None,
            planner: Planner::default(),
        };
        ["blue", "red"].map(side).into()
    }

    /// The planners after these words.
    fn after(asked: &[&str], is_oracle: bool) -> Result<Vec<Planner>, CliError> {
        let mut sides = sides();
        let asked: Vec<String> = asked.iter().map(|it| (*it).to_owned()).collect();
        choose(&mut sides, &asked, is_oracle)?;
        Ok(sides.iter().map(|it| it.planner).collect())
    }

    #[test]
    fn later_words_win_and_a_side_may_be_named() {
        use Planner::{Acbba, Exact, Greedy, Oracle};
        for (asked, is_oracle, want) in [
            (&[][..], false, [Exact, Exact]),
            (&[], true, [Oracle, Oracle]),
            (&["greedy", "red=acbba"], false, [Greedy, Acbba]),
            (&["red=greedy"], true, [Oracle, Greedy]),
        ] {
            assert_eq!(after(asked, is_oracle).unwrap(), want, "{asked:?}");
        }
    }

    #[test]
    fn an_unknown_side_or_planner_is_refused_with_what_there_is() {
        let told = |asked: &str| after(&[asked], false).unwrap_err().to_string();
        assert!(
            told("green=cbba").contains("blue, red"),
            "{}",
            told("green=cbba")
        );
        assert!(told("best").contains("market, cbba"), "{}", told("best"));
    }
}
