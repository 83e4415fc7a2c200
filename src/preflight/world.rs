//! What the safety check has to know about the world.

use crate::plan::Position;

/// The shape of the ground.
pub trait Ground {
    /// Height of the ground above mean sea level, metres; negative under the sea.
    fn height_m(&self, at: Position) -> f64;
}

impl<F: Fn(Position) -> f64> Ground for F {
    fn height_m(&self, at: Position) -> f64 {
        self(at)
    }
}

/// How well a vehicle is heard by the node that controls it.
pub trait Link {
    /// Margin over the receiver's threshold, decibels, of the best way to the controlling node,
    /// for a vehicle at a place and a height above mean sea level, metres, at a time in seconds.
    fn margin_db(&self, unit: &str, time_s: f64, at: Position, height_m: f64) -> f64;
}

impl<F: Fn(&str, f64, Position, f64) -> f64> Link for F {
    fn margin_db(&self, unit: &str, time_s: f64, at: Position, height_m: f64) -> f64 {
        self(unit, time_s, at, height_m)
    }
}

/// The world of a safety check.
#[derive(Clone, Copy)]
pub struct World<'world> {
    /// The ground.
    pub ground: &'world dyn Ground,
    /// The links; none leaves coverage unchecked, with a warning.
    pub link: Option<&'world dyn Link>,
    /// Where everything is that is not friendly: every track of the scenario at any time, neutral
    /// and unknown ones too.
    pub tracks: &'world [Position],
}
