//! What each vehicle may be told: commands, frames, parameters.

use serde_json::Value;

/// A vehicle as firmware and body.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Vehicle {
    /// Whether the firmware is PX4, else ArduPilot.
    pub(super) is_px4: bool,
    /// The body.
    pub(super) body: Body,
}

/// The body of a vehicle.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Body {
    /// Fixed wing.
    Plane,
    /// Multirotor.
    Copter,
    /// Ground vehicle or boat.
    Rover,
    /// Underwater vehicle.
    Sub,
}

/// The vehicle of `MAV_AUTOPILOT` and `MAV_TYPE`.
pub(super) fn vehicle(firmware: Option<&Value>, kind: Option<&Value>) -> Option<Vehicle> {
    let is_px4 = match firmware?.as_u64()? {
        3 => false,
        12 => true,
        _ => return None,
    };
    let body = match (kind?.as_u64()?, is_px4) {
        (1, _) => Body::Plane,
        (2, _) => Body::Copter,
        (10, _) | (11, false) => Body::Rover,
        (12, false) => Body::Sub,
        _ => return None,
    };
    Some(Vehicle { is_px4, body })
}

/// How an item with a command has to look.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Rule {
    /// `MAV_CMD`.
    pub(super) command: u64,
    /// Whether it has a position; without one it stands in the mission frame.
    pub(super) has_place: bool,
    /// Which of the first four parameters may be other than 0 or null: bit 0 is the first.
    pub(super) used: u8,
    /// Which bodies take it.
    bodies: &'static [Body],
    /// Whether PX4 takes it.
    px4: bool,
}

/// Bodies that fly.
const AIR: &[Body] = &[Body::Plane, Body::Copter];
/// Every body.
const ANY: &[Body] = &[Body::Plane, Body::Copter, Body::Rover, Body::Sub];
/// Bodies that end with a landing or by surfacing.
const LANDING: &[Body] = &[Body::Plane, Body::Copter, Body::Sub];

/// A row of the table.
const fn rule(command: u64, has_place: bool, used: u8, bodies: &'static [Body], px4: bool) -> Rule {
    Rule {
        command,
        has_place,
        used,
        bodies,
        px4,
    }
}

/// The allow-list. The parameters in use are those of PX4's `mavlink_command_params.hpp` (a public
/// copy of its main branch, commit not recorded) where it has the command.
const RULES: [Rule; 20] = [
    rule(16, true, 0b1011, ANY, true),
    rule(18, true, 0b1111, ANY, false),
    rule(19, true, 0b1111, ANY, true),
    rule(20, false, 0b0000, ANY, true),
    rule(21, true, 0b1011, LANDING, true),
    rule(22, true, 0b1001, AIR, true),
    rule(31, true, 0b1011, AIR, true),
    rule(93, false, 0b1111, ANY, true),
    rule(112, false, 0b0001, ANY, true),
    rule(114, false, 0b0001, ANY, true),
    rule(115, false, 0b1111, ANY, false),
    rule(178, false, 0b0111, ANY, true),
    rule(195, true, 0b0001, ANY, true),
    rule(197, false, 0b0001, ANY, true),
    rule(206, false, 0b1111, ANY, true),
    rule(1000, false, 0b1111, ANY, true),
    rule(2000, false, 0b1111, ANY, true),
    rule(2001, false, 0b0001, ANY, true),
    rule(2500, false, 0b0111, ANY, true),
    rule(2501, false, 0b0011, ANY, true),
];

/// The rule of a command for a vehicle; none where the vehicle may not be told it.
pub(super) fn rule_of(command: u64, vehicle: Vehicle) -> Option<Rule> {
    let taken = |rule: &&Rule| {
        rule.command == command
            && rule.bodies.contains(&vehicle.body)
            && (rule.px4 || !vehicle.is_px4)
    };
    RULES.iter().find(taken).copied()
}

/// Why a command is refused, in words.
pub(super) fn refusal(command: u64) -> &'static str {
    match command {
        17 => "a stay without end, after which no return is reached",
        177 => "a jump, whose target readers count differently",
        42 | 94 | 181 | 182 | 183 | 184 | 187 | 208 | 211 | 216 | 218 | 42_600 => {
            "a command that drives a release, a servo, a relay, a winch or another actuator"
        }
        _ => "not on the list of this vehicle",
    }
}

/// Whether null, "not given", is taken for a parameter, counted from 0.
pub(super) fn takes_null(command: u64, parameter: usize, vehicle: Vehicle) -> bool {
    match (command, parameter) {
        (16 | 21 | 22, 3) => true,
        (1000, 2 | 3) => vehicle.is_px4,
        _ => false,
    }
}

/// The range of a parameter, counted from 0, where zero is not enough to say.
pub(super) fn range(command: u64, parameter: usize) -> core::ops::RangeInclusive<f64> {
    match (command, parameter) {
        (178, 0) => 1.0..=1.0,
        (178, 1) => 0.05..=300.0,
        (178, 2) => -1.0..=-1.0,
        (1000, 0) => -90.0..=90.0,
        (1000, 1) => -180.0..=180.0,
        (16 | 19, 0) => 0.0..=65_535.0,
        (18, 0) => 1.0..=255.0,
        (22, 0) => 0.0..=45.0,
        (206 | 2000, 0 | 1) => 0.0..=100_000.0,
        _ => -100_000.0..=100_000.0,
    }
}

/// Whether a parameter, counted from 0, has to be a whole number.
pub(super) fn is_whole(command: u64, parameter: usize) -> bool {
    matches!(
        (command, parameter),
        (16 | 18 | 19, 0) | (2000, 0 | 2) | (2001 | 2500 | 2501, 0)
    )
}

/// Whether a frame may go with a command's place. Terrain frames are for ArduPilot's aircraft.
pub(super) fn takes_frame(rule: Rule, frame: u64, vehicle: Vehicle) -> bool {
    let is_aircraft = matches!(vehicle.body, Body::Plane | Body::Copter);
    match frame {
        2 => !rule.has_place,
        3 => rule.has_place,
        10 => {
            rule.has_place
                && is_aircraft
                && !vehicle.is_px4
                && matches!(rule.command, 16 | 18 | 19 | 31)
        }
        _ => false,
    }
}
