//! What became of a target in the end, where its chain broke and why. See [`timeline`].

use super::{
    chain::{Chain, DeskCase},
    kill_chain::{STAGES, Stage, TargetOutcome, TargetTimeline},
    sample::PICTURE_PERIOD_S,
    target::Fate,
};
use crate::kernel::time::SimTime;

/// Time without a look that could have found it, up to the end of the run, after which a target has
/// left, s (notional, 300 to 1200).
const LEFT_S: f64 = 600.0;

/// Time after the last detection within which a target that was never tracked is still being worked
/// on, s: the life of a tentative track.
const TENTATIVE_S: f64 = 30.0;

/// What the end of the run shows of one target.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Ending {
    /// The end of the run.
    pub(super) end: SimTime,
    /// When the target was lost to its side.
    pub(super) lost_at: Option<SimTime>,
    /// Whether it is on the map.
    pub(super) is_inside: bool,
    /// Whether the observing side has a desk.
    pub(super) has_desk: bool,
}

/// How an end came about that is not the organisation's doing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Cause {
    /// The chain itself.
    Chain,
    /// It was destroyed by other hands or by itself.
    Destroyed,
    /// It left.
    Gone,
}

/// The timeline of one target.
pub(super) fn timeline(target: &str, chain: &Chain, ending: &Ending) -> TargetTimeline {
    let (fate, fated) = fate(chain, ending);
    let (outcome, ended, cause) = settle(chain, ending.end, (fate, fated));
    let mut times_s = [None; STAGES];
    for (time_s, time) in times_s.iter_mut().zip(chain.times) {
        *time_s = time.map(SimTime::as_s);
    }
    let broke_at = chain.next_stage();
    TargetTimeline {
        target: target.to_owned(),
        times_s,
        outcome,
        ended_s: ended.as_s(),
        broke_at,
        why: broke_at
            .map_or("", |stage| why(stage, chain, ending, cause))
            .to_owned(),
        effect_s: chain.effect.map(SimTime::as_s),
        fate,
        fate_s: fated.as_s(),
        end_s: ending.end.as_s(),
    }
}

/// What became of a target, and when that was settled.
fn settle(
    chain: &Chain,
    end: SimTime,
    (fate, at): (Fate, SimTime),
) -> (TargetOutcome, SimTime, Cause) {
    if let Some(at) = chain.time(Stage::Assessed) {
        return (TargetOutcome::Assessed, at, Cause::Chain);
    }
    if let Some(at) = chain.time(Stage::Engaged) {
        return (TargetOutcome::Engaged, at, Cause::Chain);
    }
    if chain.time(Stage::Detected).is_none() {
        return (TargetOutcome::NeverDetected, end, Cause::Chain);
    }
    match fate {
        Fate::Killed => (TargetOutcome::Killed, at, Cause::Destroyed),
        Fate::Expired => (TargetOutcome::Expired, at, Cause::Chain),
        Fate::Lost => (TargetOutcome::Lost, at, Cause::Chain),
        Fate::Left => (TargetOutcome::Left, at, Cause::Gone),
        Fate::Open => (TargetOutcome::Open, at, Cause::Chain),
    }
}

/// What ended the chance on a target, and when.
///
/// Expiry, loss and leaving count if they hold at the end of the run, and are dated to when they
/// began: to the last ruling, to when it was last held, to the last look that could have found it.
fn fate(chain: &Chain, ending: &Ending) -> (Fate, SimTime) {
    let end = ending.end;
    if let Some(at) = ending.lost_at {
        return (Fate::Killed, at);
    }
    let is_engaged = chain.time(Stage::Engaged).is_some();
    match chain.case {
        DeskCase::Refused(at) | DeskCase::Lapsed(at) => return (Fate::Expired, at),
        DeskCase::Authorised(until) if until < end && !is_engaged => {
            return (Fate::Expired, until);
        }
        DeskCase::None | DeskCase::Waiting | DeskCase::Authorised(_) => {}
    }
    let Some(seen) = chain.chance_last else {
        return (Fate::Open, end);
    };
    if !ending.is_inside || end.since_s(seen) > LEFT_S {
        return (Fate::Left, seen);
    }
    let Some(found) = chain.detected_last else {
        return (Fate::Open, end);
    };
    let (last, grace_s) = match chain.held_last {
        Some(held) => (held.max(found), 2.0 * PICTURE_PERIOD_S),
        None => (found, TENTATIVE_S),
    };
    if end.since_s(last) > grace_s {
        (Fate::Lost, last)
    } else {
        (Fate::Open, end)
    }
}

/// Why a stage was not reached, in the same few words for all targets that it holds of.
fn why(stage: Stage, chain: &Chain, ending: &Ending, cause: Cause) -> &'static str {
    match cause {
        Cause::Destroyed => return "it came to an end by other hands",
        Cause::Gone if !ending.is_inside => return "it left the map",
        Cause::Gone => return "it went out of every sensor's reach",
        Cause::Chain => {}
    }
    let belief = chain.belief;
    match stage {
        Stage::FirstDetectable => "no sensor of the side ever had a fair chance to see it",
        Stage::Detected => "no look found it",
        Stage::Tracked => "detections were too few or too far apart for a track",
        Stage::Shared if !ending.has_desk => "its track reached no command post",
        Stage::Shared => "its track reached no post with a desk",
        Stage::Decided if !ending.has_desk => "the side has no desk to propose to",
        Stage::Decided if !belief.allowed && belief.forbidden => {
            "weapons control allowed no proposal"
        }
        Stage::Decided if !belief.allowed => "its track did not last at the post with the desk",
        Stage::Decided if !belief.identified => "it was never surely identified as hostile",
        Stage::Decided if !belief.precise => "its position was never known well enough",
        Stage::Decided if !belief.ready => "it was never identified and located well at once",
        Stage::Decided => "no free shooter could reach it with effect",
        Stage::Authorised => match chain.case {
            DeskCase::Refused(_) => "the desk refused",
            DeskCase::Lapsed(_) => "the proposal lapsed on the desk",
            _ => "the desk had not ruled when the run ended",
        },
        Stage::Engaged => match chain.case {
            DeskCase::Authorised(until) if until < ending.end => {
                "the authorisation ran out before a shot"
            }
            DeskCase::Refused(_) => "the desk refused after an authorisation without a shot",
            DeskCase::Lapsed(_) => "the proposal lapsed after an authorisation without a shot",
            _ => "the run ended before the shot",
        },
        Stage::Assessed => "no later look at it reached the post that asked",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A chain that reached the first stages at the given seconds.
    fn chain(times_s: &[f64]) -> Chain {
        let mut chain = Chain::default();
        for (stage, at) in Stage::ALL.into_iter().zip(times_s) {
            chain.reach(stage, SimTime::from_s(*at));
        }
        let last = times_s.last().map(|at| SimTime::from_s(*at));
        (chain.chance_last, chain.detected_last) = (last, last);
        chain
    }

    /// The outcome of a chain when the run ends after an hour.
    fn settled(chain: &Chain, lost_s: Option<f64>) -> (TargetOutcome, f64, Option<Stage>) {
        let ending = Ending {
            end: SimTime::from_s(3600.0),
            lost_at: lost_s.map(SimTime::from_s),
            is_inside: true,
            has_desk: true,
        };
        let line = timeline("t", chain, &ending);
        assert_eq!(line.why.is_empty(), line.broke_at.is_none(), "{line:?}");
        (line.outcome, line.ended_s, line.broke_at)
    }

    #[test]
    fn every_end_is_told_apart() {
        use TargetOutcome as O;
        let cases = [
            (
                chain(&[]),
                None,
                O::NeverDetected,
                3600.0,
                Some(Stage::FirstDetectable),
            ),
            (
                chain(&[5.0]),
                None,
                O::NeverDetected,
                3600.0,
                Some(Stage::Detected),
            ),
            (
                chain(&[5.0, 9.0, 12.0]),
                Some(80.0),
                O::Killed,
                80.0,
                Some(Stage::Shared),
            ),
            (chain(&[5.0, 9.0]), None, O::Left, 9.0, Some(Stage::Tracked)),
            (
                chain(&[3500.0, 3501.0]),
                None,
                O::Lost,
                3501.0,
                Some(Stage::Tracked),
            ),
            (
                chain(&[3590.0, 3591.0]),
                None,
                O::Open,
                3600.0,
                Some(Stage::Tracked),
            ),
            (
                chain(&[1.0; 7]),
                None,
                O::Engaged,
                1.0,
                Some(Stage::Assessed),
            ),
            (chain(&[1.0; 8]), Some(2.0), O::Assessed, 1.0, None),
        ];
        for (chain, lost_s, outcome, ended_s, broke_at) in cases {
            let found = settled(&chain, lost_s);
            assert_eq!((found.0, found.2), (outcome, broke_at));
            assert!((found.1 - ended_s).abs() < 1e-9, "{found:?}");
        }
    }

    #[test]
    fn the_fate_is_told_whatever_was_done_before() {
        let end = SimTime::from_s(3600.0);
        let of = |chain: &Chain, lost_s: Option<f64>| {
            let ending = Ending {
                end,
                lost_at: lost_s.map(SimTime::from_s),
                is_inside: true,
                has_desk: true,
            };
            let line = timeline("t", chain, &ending);
            (line.fate, line.fate_s)
        };
        let mut shot = chain(&[5.0, 9.0, 10.0, 10.0, 20.0, 30.0, 40.0]);
        // The leave was used, so that its end is none of the target's.
        shot.case = DeskCase::Authorised(SimTime::from_s(90.0));
        (shot.chance_last, shot.held_last) = (Some(end), Some(SimTime::from_s(300.0)));
        assert_eq!(of(&shot, Some(80.0)), (Fate::Killed, 80.0));
        assert_eq!(of(&shot, None), (Fate::Lost, 300.0));
        shot.case = DeskCase::Lapsed(SimTime::from_s(200.0));
        assert_eq!(of(&shot, None), (Fate::Expired, 200.0));
        assert_eq!(of(&chain(&[5.0]), None), (Fate::Left, 5.0));
        assert_eq!(of(&chain(&[3590.0]), None), (Fate::Open, 3600.0));
        assert_eq!(of(&chain(&[5.0]), Some(8.0)), (Fate::Killed, 8.0));
    }

    #[test]
    fn the_last_word_of_the_desk_counts() {
        let mut chain = chain(&[10.0, 10.0, 10.0, 10.0, 10.0]);
        chain.case = DeskCase::Lapsed(SimTime::from_s(70.0));
        assert_eq!(settled(&chain, None).0, TargetOutcome::Expired);
        chain.case = DeskCase::Authorised(SimTime::from_s(90.0));
        chain.reach(Stage::Authorised, SimTime::from_s(30.0));
        let found = settled(&chain, None);
        assert_eq!(
            (found.0, found.2),
            (TargetOutcome::Expired, Some(Stage::Engaged))
        );
        assert!((found.1 - 90.0).abs() < 1e-9);
        // Proposed again and waiting: the old leave no longer decides.
        chain.case = DeskCase::Waiting;
        (chain.chance_last, chain.held_last) =
            (Some(SimTime::from_s(3595.0)), Some(SimTime::from_s(3590.0)));
        assert_eq!(settled(&chain, None).0, TargetOutcome::Open);
    }
}
