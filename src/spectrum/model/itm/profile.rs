//! What a terrain profile says of a path: horizons, effective heights, irregularity.

use crate::kernel::math;

/// Heights of the ground along a path at equal steps, the ends included; at least two.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Profile<'a> {
    /// Step, m.
    pub step_m: f64,
    /// Heights above mean sea level, m.
    pub heights_m: &'a [f64],
}

/// What the reference attenuation needs of a profile.
#[derive(Debug, Clone, Copy)]
pub(super) struct Shape {
    pub(super) effective_m: [f64; 2],
    pub(super) horizons_m: [f64; 2],
    pub(super) elevations_rad: [f64; 2],
    pub(super) irregularity_m: f64,
    pub(super) is_obstructed: bool,
}

/// Far more than the rounding of heights computed from sights, m.
const ROUNDING_M: f64 = 1e-6;

/// Most samples that the irregularity is measured on: 10 to 25 a decile, less 5.
const MOST_SAMPLES: usize = 245;

/// A number of steps, as a float.
#[expect(
    clippy::cast_precision_loss,
    reason = "profiles have far fewer than 2^53 points"
)]
fn float(number: usize) -> f64 {
    number as f64
}

/// Whole steps in a length of steps that is not negative.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "the fraction is what is dropped"
)]
fn whole(steps: f64) -> usize {
    steps.max(0.0) as usize
}

impl Profile<'_> {
    /// Number of steps.
    fn steps(&self) -> usize {
        self.heights_m.len() - 1
    }

    /// Length of the path, m.
    #[must_use]
    pub fn length_m(&self) -> f64 {
        float(self.steps()) * self.step_m
    }

    /// Heights of the ground at both ends, m.
    #[must_use]
    pub fn ends_m(&self) -> [f64; 2] {
        [self.heights_m[0], self.heights_m[self.steps()]]
    }

    /// Distances from the first end and heights of the points between the ends, m.
    pub fn between(&self) -> impl Iterator<Item = (f64, f64)> + Clone {
        let heights_m = self.heights_m[1..self.steps()].iter().enumerate();
        heights_m.map(|(before, &height_m)| (float(before + 1) * self.step_m, height_m))
    }

    /// Mean height of the middle four fifths, m.
    pub(super) fn mean_m(&self) -> f64 {
        let skipped = self.steps() / 10;
        let middle = &self.heights_m[skipped..=self.steps() - skipped];
        middle.iter().sum::<f64>() / float(middle.len())
    }

    /// Horizons, effective heights and irregularity for antennas at heights above the ground, m, over
    /// an earth of an effective radius, m.
    pub(super) fn shape(&self, earth_m: f64, heights_m: [f64; 2]) -> Shape {
        let length_m = self.length_m();
        let (elevations_rad, horizons_m) = self.horizons(earth_m, heights_m);
        // Near ground is seen as it is: it does not count as irregular.
        let near_m = [0, 1].map(|end| (15.0 * heights_m[end]).min(0.1 * horizons_m[end]));
        let (from_m, to_m) = (near_m[0], length_m - near_m[1]);
        let mut shape = Shape {
            effective_m: heights_m,
            horizons_m,
            elevations_rad,
            irregularity_m: self.irregularity_m(from_m, to_m),
            is_obstructed: horizons_m[0] + horizons_m[1] <= 1.5 * length_m,
        };
        let ends_m = self.ends_m();
        let raise = |fit_m: [f64; 2]| {
            [0, 1].map(|end| heights_m[end] + (ends_m[end] - fit_m[end]).max(0.0))
        };
        if shape.is_obstructed {
            let first = self.fit(from_m, 0.9 * horizons_m[0])[0];
            let last = self.fit(length_m - 0.9 * horizons_m[1], to_m)[1];
            shape.effective_m = raise([first, last]);
        } else {
            shape.effective_m = raise(self.fit(from_m, to_m));
            shape.within_sight(earth_m, length_m);
        }
        shape
    }

    /// Elevation angles, rad, and distances, m, of the horizons.
    fn horizons(&self, earth_m: f64, heights_m: [f64; 2]) -> ([f64; 2], [f64; 2]) {
        let (steps, length_m) = (self.steps(), self.length_m());
        let tops_m = [
            self.heights_m[0] + heights_m[0],
            self.heights_m[steps] + heights_m[1],
        ];
        let slope = (tops_m[1] - tops_m[0]) / length_m;
        let droop = length_m / (2.0 * earth_m);
        let mut elevations_rad = [slope - droop, -slope - droop];
        let mut horizons_m = [length_m; 2];
        let half_curvature = 0.5 / earth_m;
        for end in 0..2 {
            let top_m = tops_m[end];
            let (mut highest, mut horizon_m) = (elevations_rad[end], length_m);
            for (number, ground_m) in self.heights_m[1..steps].iter().enumerate() {
                let along_m = float(number + 1) * self.step_m;
                let away_m = if end == 0 {
                    along_m
                } else {
                    length_m - along_m
                };
                let rise_m = ground_m - top_m;
                // What a product rules out beyond its rounding needs no division.
                if rise_m > away_m * (highest + away_m * half_curvature) - ROUNDING_M {
                    let seen = rise_m / away_m - away_m / (2.0 * earth_m);
                    if seen > highest {
                        (highest, horizon_m) = (seen, away_m);
                    }
                }
            }
            (elevations_rad[end], horizons_m[end]) = (highest, horizon_m);
        }
        (elevations_rad, horizons_m)
    }

    /// Heights at the ends of the line that fits the ground between two distances best, m.
    fn fit(&self, from_m: f64, to_m: f64) -> [f64; 2] {
        fit_line(self.heights_m, from_m / self.step_m, to_m / self.step_m)
    }

    /// The range between the tenth and the ninetieth percentile of the ground's height about its best
    /// line between two distances, m, as it would be over a long path.
    fn irregularity_m(&self, from_m: f64, to_m: f64) -> f64 {
        let (from, to) = (from_m / self.step_m, to_m / self.step_m);
        if to - from < 2.0 {
            return 0.0;
        }
        let decile = whole(0.1 * (to - from + 8.0)).clamp(4, 25);
        let count = 10 * decile - 5;
        let stride = (to - from) / float(count - 1);
        let mut samples = [0.0; MOST_SAMPLES];
        let samples = &mut samples[..count];
        let mut at = whole(from);
        let mut beyond = from - float(at + 1);
        for sample in &mut *samples {
            while beyond > 0.0 && at + 1 < self.steps() {
                beyond -= 1.0;
                at += 1;
            }
            let (near, far) = (self.heights_m[at], self.heights_m[at + 1]);
            *sample = far + (far - near) * beyond;
            beyond += stride;
        }
        let [first, last] = fit_line(samples, 0.0, float(count - 1));
        let slope = (last - first) / float(count - 1);
        for (number, sample) in samples.iter_mut().enumerate() {
            *sample -= first + slope * float(number);
        }
        // The two deciles, without sorting the rest.
        let down = |a: &f64, b: &f64| b.total_cmp(a);
        let (_, high_m, rest) = samples.select_nth_unstable_by(decile - 1, down);
        let (_, low_m, _) = rest.select_nth_unstable_by(count - 2 * decile, down);
        (*high_m - *low_m) / (1.0 - 0.8 * math::exp(-(to_m - from_m) / 50e3))
    }
}

impl Shape {
    /// Effective heights and horizons where the ends see each other, from smooth earth and
    /// irregularity.
    fn within_sight(&mut self, earth_m: f64, length_m: f64) {
        let irregularity_m = self.irregularity_m;
        let horizon = |height_m: f64| {
            let hidden = 0.07 * (irregularity_m / height_m.max(5.0)).sqrt();
            (2.0 * height_m * earth_m).sqrt() * math::exp(-hidden)
        };
        self.horizons_m = self.effective_m.map(horizon);
        let both_m = self.horizons_m[0] + self.horizons_m[1];
        if both_m <= length_m {
            let q = (length_m / both_m) * (length_m / both_m);
            self.effective_m = self.effective_m.map(|height_m| q * height_m);
            self.horizons_m = self.effective_m.map(horizon);
        }
        for end in 0..2 {
            let height_m = self.effective_m[end];
            let smooth_m = (2.0 * height_m * earth_m).sqrt();
            let rise_m = 0.65 * irregularity_m * (smooth_m / self.horizons_m[end] - 1.0);
            self.elevations_rad[end] = (rise_m - 2.0 * height_m) / smooth_m;
        }
    }
}

/// Heights at both ends of all samples of the line that fits those between two positions best.
fn fit_line(samples: &[f64], from: f64, to: f64) -> [f64; 2] {
    let steps = samples.len() - 1;
    let mut first = whole(from);
    let mut last = steps - whole(float(steps) - to).min(steps);
    if last <= first {
        first = first.saturating_sub(1);
        last = steps - (steps - (last + 1).min(steps));
    }
    let length = float(last - first);
    let mut at = -0.5 * length;
    let end = float(last) + at;
    let mut sum = 0.5 * (samples[first] + samples[last]);
    let mut moment = 0.5 * (samples[first] - samples[last]) * at;
    for sample in &samples[first + 1..last] {
        at += 1.0;
        sum += sample;
        moment += sample * at;
    }
    let mean = sum / length;
    let slope = moment * 12.0 / ((length * length + 2.0) * length);
    [mean - slope * end, mean + slope * (float(steps) - end)]
}
