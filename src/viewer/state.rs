//! What every drawing system reads: the latest frame with its marks, and what a person chose.

use std::sync::Arc;

use bevy::prelude::{Res, ResMut, Resource, Time};

use super::{
    frame::{Frame, RunState, Setting},
    marks::{Mark, Subject, marks},
    narrow::ticks_of,
    runner::{Command, Runner},
    view::{View, Viewpoint},
};

/// The simulation.
#[derive(Debug, Resource)]
pub(crate) struct Live(pub(crate) Runner);

/// What does not change.
#[derive(Debug, Resource)]
pub(crate) struct Scene(pub(crate) Arc<Setting>);

/// What a person chose.
#[derive(Debug, Resource)]
pub(crate) struct Chosen(pub(crate) View);

/// The moment that is drawn.
#[derive(Debug, Resource)]
pub(crate) struct Now {
    /// The frame.
    pub(crate) frame: Arc<Frame>,
    /// What stands on the map, the weightiest first.
    pub(crate) marks: Vec<Mark>,
    /// Whose picture the marks are.
    pub(crate) viewpoint: Viewpoint,
    /// Grows when the marks change, so that meshes are made anew only then.
    pub(crate) version: u64,
}

impl Now {
    /// The mark of a unit, if it is on the map.
    #[must_use]
    pub(crate) fn mark_of(&self, unit: usize) -> Option<&Mark> {
        self.marks
            .iter()
            .find(|mark| mark.subject == Subject::Unit(unit))
    }

    /// Whether who looks knows where a unit is: all of them in the truth, else those that have
    /// reported lately.
    #[must_use]
    pub(crate) fn knows(&self, unit: usize) -> bool {
        self.viewpoint == Viewpoint::Truth || self.mark_of(unit).is_some_and(|mark| !mark.is_ghost)
    }
}

/// Speeds that can be chosen, simulated seconds per second; the last is as fast as it goes.
pub(crate) const SPEEDS: [f64; 9] = [0.1, 0.5, 1.0, 2.0, 5.0, 10.0, 30.0, 100.0, f64::INFINITY];

/// How simulated time passes.
#[derive(Debug, Clone, Resource)]
pub(crate) struct Pace {
    /// Whether it passes.
    pub(crate) is_playing: bool,
    /// Index of [`SPEEDS`].
    pub(crate) speed: usize,
    /// Where the simulation may be by now, s.
    goal_s: f64,
    /// Simulated seconds per second over the last moments.
    pub(crate) factor: f64,
    /// Simulated time of the frame before, s.
    last_s: f64,
}

impl Pace {
    /// At rest at the beginning.
    #[must_use]
    pub(crate) fn at_rest() -> Self {
        Self {
            is_playing: false,
            speed: 5,
            goal_s: 0.0,
            factor: 0.0,
            last_s: 0.0,
        }
    }

    /// Plays or pauses.
    pub(crate) fn toggle(&mut self, frame: &Frame, live: &Live) {
        self.is_playing = !self.is_playing && frame.state == RunState::Ready;
        self.goal_s = frame.time_s;
        if !self.is_playing {
            live.0.tell(Command::AdvanceTo(0));
        }
    }

    /// Runs one tick and stands.
    pub(crate) fn step(&mut self, frame: &Frame, live: &Live) {
        self.is_playing = false;
        live.0.tell(Command::AdvanceTo(frame.tick + 1));
    }

    /// Goes to a time and stands there.
    pub(crate) fn seek(&mut self, time_s: f64, live: &Live) {
        self.is_playing = false;
        live.0.tell(Command::Seek(time_s));
    }

    /// Goes on by the time that has passed, and says up to which tick the simulation may run. A
    /// simulation that cannot keep up is not asked to make up for it.
    fn pass(&mut self, frame: &Frame, dt_s: f64, real_s: f64) -> Option<u64> {
        if real_s > 0.0 {
            let factor = (frame.time_s - self.last_s) / real_s;
            self.factor += (factor.max(0.0) - self.factor) * (real_s / 0.5).min(1.0);
        }
        self.last_s = frame.time_s;
        if frame.state != RunState::Ready {
            self.is_playing = false;
        }
        if !self.is_playing {
            return None;
        }
        let speed = SPEEDS[self.speed];
        if speed.is_infinite() {
            return Some(u64::MAX);
        }
        let ahead_s = speed * 0.25 + dt_s;
        self.goal_s = (self.goal_s + speed * real_s).min(frame.time_s + ahead_s);
        Some(ticks_of(self.goal_s / dt_s))
    }
}

/// Lets time pass and takes the latest frame.
pub(crate) fn take_frame(
    (time, scene, chosen): (Res<'_, Time>, Res<'_, Scene>, Res<'_, Chosen>),
    live: Res<'_, Live>,
    mut pace: ResMut<'_, Pace>,
    mut now: ResMut<'_, Now>,
) {
    let frame = live.0.frame();
    let wanted = chosen.0.wanted();
    if frame.wanted != wanted {
        live.0.tell(Command::Show(wanted));
    }
    if let Some(tick) = pace.pass(&frame, scene.0.dt_s, time.delta_secs_f64()) {
        live.0.tell(Command::AdvanceTo(tick));
    }
    let is_new = frame.number != now.frame.number || chosen.0.viewpoint != now.viewpoint;
    if is_new {
        now.marks = marks(&scene.0, &frame, chosen.0.viewpoint);
        now.viewpoint = chosen.0.viewpoint;
        now.frame = frame;
        now.version += 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A frame at a time.
    fn frame(time_s: f64) -> Frame {
        Frame {
            number: 1,
            time_s,
            tick: 0,
            state: RunState::Ready,
            wanted: crate::viewer::frame::Wanted::default(),
            units: Vec::new(),
            belief: None,
            links: Vec::new(),
            desks: Vec::new(),
            cases: Vec::new(),
            trails: Arc::new(Vec::new()),
            events: 0,
        }
    }

    #[test]
    fn time_passes_at_the_chosen_speed_and_waits_for_a_slow_simulation() {
        let mut pace = Pace::at_rest();
        assert_eq!(pace.pass(&frame(0.0), 0.1, 1.0), None, "at rest");
        (pace.is_playing, pace.speed) = (true, 2);
        assert_eq!(pace.pass(&frame(0.0), 0.1, 0.25), Some(2));
        assert_eq!(pace.pass(&frame(0.0), 0.1, 0.25), Some(3), "held back");
        pace.speed = SPEEDS.len() - 1;
        assert_eq!(pace.pass(&frame(0.3), 0.1, 0.25), Some(u64::MAX));
    }
}
