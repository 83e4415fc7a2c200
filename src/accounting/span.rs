//! Times on the way from a target to an effect, each over all targets that became detectable. See
//! [`Span`].

use serde::{Deserialize, Serialize};

use super::stats::{CumulativeIncidence, Episode, Outcome, cumulative_incidence, median};
use super::target::TargetRecord;

/// A time that is analysed: from one thing that happens to a target to another.
///
/// Each is asked of every target that became detectable. A target to which the first thing never
/// happened can have no second: its episode is [`Outcome::Never`] at time zero. One that was
/// destroyed, expired, lost or gone before the second thing ends by that competing outcome; one
/// that the run's end caught on the way is censored. So nobody drops out, and an organisation that
/// works on easy targets only does not look fast.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Span {
    /// From detectable to detected.
    Detection,
    /// From detected to tracked.
    Tracking,
    /// From detected to shared with a node that decides.
    Sharing,
    /// From detected to proposed.
    Proposal,
    /// From detected to authorised.
    Authorisation,
    /// From detected to the first shot.
    SensorToShooter,
    /// From detected to the first harm done.
    SensorToEffect,
    /// From detected to assessed.
    Assessment,
    /// From detectable to the first harm done: the whole way.
    ExposureToEffect,
}

impl Span {
    /// All of them, in order.
    pub const ALL: [Self; 9] = [
        Self::Detection,
        Self::Tracking,
        Self::Sharing,
        Self::Proposal,
        Self::Authorisation,
        Self::SensorToShooter,
        Self::SensorToEffect,
        Self::Assessment,
        Self::ExposureToEffect,
    ];

    /// Name in words, as a report prints it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Detection => "detectable to detected",
            Self::Tracking => "detected to tracked",
            Self::Sharing => "detected to shared",
            Self::Proposal => "detected to proposed",
            Self::Authorisation => "detected to authorised",
            Self::SensorToShooter => "detected to engaged",
            Self::SensorToEffect => "detected to effect",
            Self::Assessment => "detected to assessed",
            Self::ExposureToEffect => "detectable to effect",
        }
    }

    /// What its clock starts from, in a word.
    #[must_use]
    pub const fn from(self) -> &'static str {
        match self {
            Self::Detection | Self::ExposureToEffect => "detectable",
            _ => "detected",
        }
    }

    /// What it waits for, in a word.
    #[must_use]
    pub const fn to(self) -> &'static str {
        match self {
            Self::Detection => "detected",
            Self::Tracking => "tracked",
            Self::Sharing => "shared",
            Self::Proposal => "proposed",
            Self::Authorisation => "authorised",
            Self::SensorToShooter => "engaged",
            Self::SensorToEffect | Self::ExposureToEffect => "harmed",
            Self::Assessment => "assessed",
        }
    }

    /// When its clock starts for a target, seconds since the run began.
    const fn start_s(self, target: &TargetRecord) -> Option<f64> {
        match self {
            Self::Detection | Self::ExposureToEffect => Some(target.first_detectable_s),
            _ => target.detected_s,
        }
    }

    /// When what it waits for happened to a target, seconds since the run began.
    const fn event_s(self, target: &TargetRecord) -> Option<f64> {
        match self {
            Self::Detection => target.detected_s,
            Self::Tracking => target.tracked_s,
            Self::Sharing => target.shared_s,
            Self::Proposal => target.decided_s,
            Self::Authorisation => target.authorised_s,
            Self::SensorToShooter => target.engaged_s,
            Self::SensorToEffect | Self::ExposureToEffect => target.effect_s,
            Self::Assessment => target.assessed_s,
        }
    }

    /// The episode of a target.
    ///
    /// An engagement can be assessed after its target is dead or gone, so for the assessment an
    /// engaged target is followed to the end of the run whatever became of it.
    #[must_use]
    pub fn episode(self, target: &TargetRecord) -> Episode {
        let Some(start_s) = self.start_s(target) else {
            return Episode {
                time_s: 0.0,
                outcome: Outcome::Never,
            };
        };
        let is_awaited = self == Self::Assessment && target.engaged_s.is_some();
        let (end_s, outcome) = match self.event_s(target) {
            Some(event_s) => (event_s, Outcome::Event),
            None if is_awaited => (target.end_s, Outcome::Censored),
            None => (target.fate_s, target.fate.outcome()),
        };
        Episode {
            time_s: (end_s - start_s).max(0.0),
            outcome,
        }
    }
}

/// Shares of targets that ended otherwise within a horizon.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Competing {
    /// The chance on them expired.
    pub expired: f64,
    /// They were lost.
    pub lost: f64,
    /// They left.
    pub left: f64,
    /// They were destroyed before.
    pub killed: f64,
    /// Their clock never started.
    pub never: f64,
}

/// A time over all targets of a side that became detectable.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SpanAccount {
    /// Which time.
    pub time: Span,
    /// Targets that became detectable.
    pub n: usize,
    /// Those to which what it waits for happened, at any time.
    pub events: usize,
    /// The horizon in seconds.
    pub horizon_s: f64,
    /// Probability that it happens within the horizon. None if n is zero.
    pub p_by_horizon: Option<f64>,
    /// Restricted mean in seconds ([`CumulativeIncidence::restricted_mean_s`]). None if n is zero.
    pub restricted_mean_s: Option<f64>,
    /// Probabilities of ending otherwise within the horizon.
    pub competing: Competing,
    /// Median seconds conditional on the event: it says nothing of the other targets.
    pub median_conditional_s: Option<f64>,
}

impl SpanAccount {
    /// The account of a time over a side's targets, with a horizon in seconds.
    #[must_use]
    pub fn new(time: Span, targets: &[TargetRecord], horizon_s: f64) -> Self {
        let episodes: Vec<Episode> = targets.iter().map(|target| time.episode(target)).collect();
        let incidence = cumulative_incidence(&episodes);
        let events_s = event_times_s(&episodes);
        let share = |outcome| incidence.at(outcome, horizon_s);
        Self {
            time,
            n: incidence.n(),
            events: events_s.len(),
            horizon_s,
            p_by_horizon: (incidence.n() > 0).then(|| share(Outcome::Event)),
            restricted_mean_s: incidence.restricted_mean_s(horizon_s),
            competing: Competing {
                expired: share(Outcome::Expired),
                lost: share(Outcome::Lost),
                left: share(Outcome::Left),
                killed: share(Outcome::Killed),
                never: share(Outcome::Never),
            },
            median_conditional_s: median(&events_s),
        }
    }
}

/// Lengths in seconds of the episodes that ended with the event.
#[must_use]
pub fn event_times_s(episodes: &[Episode]) -> Vec<f64> {
    episodes
        .iter()
        .filter(|episode| episode.outcome == Outcome::Event)
        .map(|episode| episode.time_s)
        .collect()
}

/// Cumulative incidence of a time over a side's targets.
#[must_use]
pub fn incidence_of(time: Span, targets: &[TargetRecord]) -> CumulativeIncidence {
    let episodes: Vec<Episode> = targets.iter().map(|target| time.episode(target)).collect();
    cumulative_incidence(&episodes)
}

#[cfg(test)]
mod tests {
    use super::super::target::Fate;
    use super::*;

    /// A target detectable from second 10, with the times of what happened to it from then on.
    fn target(times_s: &[f64], (fate, fate_s): (Fate, f64)) -> TargetRecord {
        let at = |stage: usize| times_s.get(stage).copied();
        TargetRecord {
            target: "t".into(),
            first_detectable_s: 10.0,
            detected_s: at(0),
            tracked_s: at(1),
            shared_s: at(2),
            decided_s: at(3),
            authorised_s: at(4),
            engaged_s: at(5),
            effect_s: at(6),
            assessed_s: at(7),
            fate,
            fate_s,
            end_s: 600.0,
        }
    }

    /// Length and end of an episode.
    fn of(span: Span, target: &TargetRecord) -> (f64, Outcome) {
        let episode = span.episode(target);
        (episode.time_s, episode.outcome)
    }

    #[test]
    fn a_target_that_went_all_the_way_has_an_event_in_every_time() {
        let whole = target(
            &[30.0, 35.0, 40.0, 50.0, 60.0, 70.0, 90.0, 95.0],
            (Fate::Killed, 90.0),
        );
        let times_s = Span::ALL.map(|span| of(span, &whole));
        let expected_s = [20.0, 5.0, 10.0, 20.0, 30.0, 40.0, 60.0, 65.0, 80.0];
        assert_eq!(times_s, expected_s.map(|time_s| (time_s, Outcome::Event)));
    }

    #[test]
    fn what_did_not_happen_ends_by_the_targets_fate() {
        let unseen = target(&[], (Fate::Open, 600.0));
        assert_eq!(of(Span::Detection, &unseen), (590.0, Outcome::Censored));
        assert_eq!(
            of(Span::ExposureToEffect, &unseen),
            (590.0, Outcome::Censored)
        );
        assert_eq!(of(Span::SensorToShooter, &unseen), (0.0, Outcome::Never));
        let gone = target(&[], (Fate::Left, 200.0));
        assert_eq!(of(Span::Detection, &gone), (190.0, Outcome::Left));
        let expired = target(&[30.0, 35.0, 40.0, 50.0], (Fate::Expired, 110.0));
        assert_eq!(of(Span::Sharing, &expired), (10.0, Outcome::Event));
        assert_eq!(
            of(Span::SensorToShooter, &expired),
            (80.0, Outcome::Expired)
        );
        assert_eq!(of(Span::Assessment, &expired), (80.0, Outcome::Expired));
    }

    #[test]
    fn an_assessment_is_waited_for_beyond_the_death_of_its_target() {
        let killed = target(
            &[30.0, 35.0, 40.0, 50.0, 60.0, 70.0, 90.0],
            (Fate::Killed, 90.0),
        );
        assert_eq!(of(Span::Assessment, &killed), (570.0, Outcome::Censored));
        let missed = target(&[30.0, 35.0, 40.0, 50.0, 60.0, 70.0], (Fate::Lost, 300.0));
        assert_eq!(of(Span::SensorToEffect, &missed), (270.0, Outcome::Lost));
    }

    #[test]
    fn an_account_adds_up_over_all_targets() {
        let targets = [
            target(&[30.0], (Fate::Lost, 60.0)),
            target(&[50.0], (Fate::Killed, 70.0)),
            target(&[], (Fate::Killed, 100.0)),
            target(&[], (Fate::Open, 600.0)),
        ];
        let account = SpanAccount::new(Span::Detection, &targets, 120.0);
        assert_eq!((account.n, account.events), (4, 2));
        assert_eq!(account.p_by_horizon, Some(0.5));
        assert!((account.competing.killed - 0.25).abs() < 1e-12);
        // Detected after 20 and 40 s, the others count with the horizon of 120 s.
        let mean_s = account.restricted_mean_s.expect("there are targets");
        assert!((mean_s - (20.0 + 40.0 + 120.0 + 120.0) / 4.0).abs() < 1e-9);
        assert_eq!(account.median_conditional_s, Some(30.0));
        let shots = SpanAccount::new(Span::SensorToShooter, &targets, 120.0);
        let ends = [
            shots.competing.never,
            shots.competing.lost,
            shots.competing.killed,
        ];
        assert!(
            ends.iter()
                .zip([0.5, 0.25, 0.25])
                .all(|(a, b)| (a - b).abs() < 1e-12)
        );
        let none = SpanAccount::new(Span::Detection, &[], 120.0);
        assert_eq!((none.p_by_horizon, none.restricted_mean_s), (None, None));
    }
}
