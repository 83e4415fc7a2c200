//! Which planner each side has in a run, as the command line says. See [`choose`].

use std::collections::BTreeMap;
use std::path::Path;

use super::error::CliError;
use super::program::Process;
use crate::org::Planner;
use crate::planning::external::{DEADLINE_S, Exchange, Playback, Programs};
use crate::scenario::load::read_text;
use crate::scenario::schema::Side;

/// What a planner's name begins with that is a command.
const EXEC: &str = "exec:";

/// Gives sides the planners that were asked for, `NAME` or `SIDE=NAME`, the later over the earlier;
/// `oracle` stands for `NAME` before all others. Gives the commands of programs by side.
///
/// # Errors
/// Where there is no such side or planner.
pub(super) fn choose(
    sides: &mut [Side],
    asked: &[String],
    is_oracle: bool,
) -> Result<BTreeMap<String, String>, CliError> {
    let mut commands = BTreeMap::new();
    if is_oracle {
        sides.iter_mut().for_each(|it| it.planner = Planner::Oracle);
    }
    for words in asked {
        let (side, name) = match words.split_once('=') {
            Some((side, name)) if !side.starts_with(EXEC) => (Some(side), name),
            _ => (None, words.as_str()),
        };
        let command = name.strip_prefix(EXEC);
        let planner = command.map_or_else(|| named(name), |_| Ok(Planner::External))?;
        if let Some(id) = side.filter(|id| sides.iter().all(|it| it.id != **id)) {
            let known: Vec<&str> = sides.iter().map(|it| it.id.as_str()).collect();
            let known = known.join(", ");
            return Err(CliError::Input(format!(
                "--planner {words}: there is no side `{id}`; the scenario has {known}"
            )));
        }
        let meant = sides.iter_mut();
        let meant = meant.filter(|it| side.is_none_or(|id| it.id == id));
        for side in meant {
            side.planner = planner;
            match command {
                Some(command) => commands.insert(side.id.clone(), command.to_owned()),
                None => commands.remove(&side.id),
            };
        }
    }
    Ok(commands)
}

/// The programs of a run: processes of their own by command, or what a record says, whose sides get
/// the planner that goes with it.
pub(super) fn programs(
    sides: &mut [Side],
    commands: &BTreeMap<String, String>,
    record: &[Exchange],
    deadline_s: Option<f64>,
) -> Programs {
    let recorded_s = record.first().map(|it| it.deadline_s);
    let mut programs = Programs::new(deadline_s.or(recorded_s).unwrap_or(DEADLINE_S));
    for (side, command) in commands {
        programs.attach(side, Box::new(Process::start(command)));
    }
    for side in sides {
        if record.iter().any(|it| it.side == side.id) {
            side.planner = Planner::External;
            programs.attach(&side.id, Box::new(Playback::of_side(&side.id, record)));
        }
    }
    programs
}

/// Reads what programs said in another run, a line each.
///
/// # Errors
/// If the file is missing, not read, or a line is no exchange.
pub(super) fn read_replies(path: &Path) -> Result<Vec<Exchange>, CliError> {
    let text = read_text(path)?;
    let exchange = |(number, line): (usize, &str)| {
        serde_json::from_str(line).map_err(|error| {
            let path = path.display();
            CliError::Input(format!("{path}:{number}: no reply of a planner: {error}"))
        })
    };
    (1..).zip(text.lines()).map(exchange).collect()
}

/// Fails where a record is of a side that the scenario does not have, or of none.
///
/// # Errors
/// Names that side.
pub(super) fn check_sides(record: &[Exchange], sides: &[Side]) -> Result<(), CliError> {
    if record.is_empty() {
        return Err(CliError::Input(
            "--planner-replies: the record is empty".into(),
        ));
    }
    let is_strange = |it: &&Exchange| sides.iter().all(|side| side.id != it.side);
    record.iter().find(is_strange).map_or(Ok(()), |it| {
        let side = &it.side;
        Err(CliError::Input(format!(
            "--planner-replies: the record is of side `{side}`, which the scenario does not have"
        )))
    })
}

/// Fails where a run that was to repeat another asked what that did not.
///
/// # Errors
/// Names the first such round.
pub(super) fn check_repeated(exchanges: &[Exchange]) -> Result<(), CliError> {
    use crate::planning::external::Failure;
    let is_new = |it: &&Exchange| {
        let failed = it.said.line.as_ref().err();
        failed.is_some_and(|failed| failed.how == Failure::Unrecorded)
    };
    exchanges.iter().find(is_new).map_or(Ok(()), |it| {
        Err(CliError::Input(format!(
            "--planner-replies: the run does not repeat the recorded one: round {} of {}, asked by {} at \
             {:.1} s, is not in the record; give the same scenario, settings, seed and planners as then",
            it.round, it.side, it.post, it.at_s
        )))
    })
}

/// The planner of a name.
///
/// # Errors
/// Where there is none.
pub(super) fn named(name: &str) -> Result<Planner, CliError> {
    let found = Planner::OWN.into_iter().find(|it| it.key() == name);
    found.ok_or_else(|| {
        let known = Planner::OWN.map(Planner::key).join(", ");
        CliError::Input(format!(
            "there is no planner `{name}`; there is {known}, or a program as exec:CMD"
        ))
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
        use Planner::{Acbba, Exact, External, Greedy, Oracle};
        for (asked, is_oracle, want) in [
            (&[][..], false, [Exact, Exact]),
            (&[], true, [Oracle, Oracle]),
            (&["greedy", "red=acbba"], false, [Greedy, Acbba]),
            (&["red=greedy"], true, [Oracle, Greedy]),
            (&["exec:a --b=c", "red=exact"], false, [External, Exact]),
            (&["red=exec:a"], false, [Exact, External]),
        ] {
            assert_eq!(after(asked, is_oracle).unwrap(), want, "{asked:?}");
        }
    }

    #[test]
    fn commands_belong_to_the_sides_that_keep_them() {
        let commands = |asked: &[&str]| {
            let asked: Vec<String> = asked.iter().map(|it| (*it).to_owned()).collect();
            choose(&mut sides(), &asked, false).unwrap()
        };
        let both = commands(&["exec:a --b=c"]);
        assert_eq!(
            (both["blue"].as_str(), both["red"].as_str()),
            ("a --b=c", "a --b=c")
        );
        let one = commands(&["exec:a", "blue=greedy", "red=exec:b"]);
        assert_eq!(
            one.into_iter().collect::<Vec<_>>(),
            [("red".into(), "b".into())]
        );
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
