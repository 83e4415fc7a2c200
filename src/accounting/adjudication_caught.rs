//! Lines of the adjudication log about what gave a unit away by what it did. See [`CaughtLine`].

use serde::{Deserialize, Serialize};

use super::{
    adjudication::DrawLine,
    decisions::Names,
    recompute::{Recomputed, Reference},
};
use crate::sensing::{Act, Caught};

/// A signal heard, or a shell seen in flight, by which a side first detected a hostile unit.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CaughtLine {
    /// When, µs.
    pub time_us: u64,
    /// Who caught it.
    pub observer: String,
    /// Number of the sensor on its unit: among direction finders of a finder, among all that look of a
    /// radar.
    pub sensor: u32,
    /// Who did it.
    pub target: String,
    /// What, with all that the chance follows from.
    pub act: Act,
    /// Probability that it is caught.
    pub probability: f64,
    /// The draw: below the probability, it is.
    pub draw: DrawLine,
}

impl CaughtLine {
    /// The line of a look that caught something.
    pub(super) fn of(caught: &Caught, names: &Names<'_>) -> Self {
        Self {
            time_us: caught.at.0,
            observer: names.of(caught.observer),
            sensor: caught.sensor,
            target: names.of(caught.target),
            act: caught.act,
            probability: caught.act.probability(),
            draw: DrawLine::new(caught.key, caught.draw),
        }
    }

    /// Decides it again.
    pub(super) fn check(&self, reference: &Reference<'_>, found: &mut Recomputed) {
        let chance = self.act.probability();
        found.value("the chance to catch it", self.probability, chance);
        let observer = reference.id(&self.observer);
        let subject = observer.map(|id| id.rotate_left(self.sensor + 1));
        let name = reference.id(&self.target).map(|id| self.act.draw_of(id));
        let stream = name.map_or(self.draw.stream, |(stream, _)| stream);
        let name = (stream, [subject, name.map(|(_, object)| object)]);
        found.draw("the draw of the catch", &self.draw, name, reference.seed);
        found.result("whether it is caught", true, self.draw.uniform < chance);
    }
}
