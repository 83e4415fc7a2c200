//! Words of the order of battle, as scenario files spell them.

use serde::{Deserialize, Serialize};

use crate::kernel::{
    dist,
    random::{DrawKey, Stream},
};

/// Size of a force element, smallest first; the order is that of command.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Echelon {
    /// Fire team, crew or a single ship.
    Team,
    /// Section, or a pair of aircraft or boats.
    Section,
    /// Platoon, flight, or a division of boats.
    Platoon,
    /// Company, battery, squadron of aircraft, or a task unit at sea.
    Company,
    /// Battalion, wing detachment, or a task group at sea.
    Battalion,
    /// Brigade or a task force.
    Brigade,
    /// Division, or a joint task force.
    Division,
}

/// How the command posts of a side choose who does what.
#[derive(
    Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
pub enum Planner {
    /// The best pair again and again, at the post.
    Greedy,
    /// An exact assignment, at the post.
    #[default]
    Exact,
    /// The post asks for offers over the mesh and takes the best.
    Market,
    /// The units agree among themselves over the mesh, in rounds.
    Cbba,
    /// The same, each in its own time.
    Acbba,
    /// An exact assignment by who reads the truth: an upper bound to compare with.
    Oracle,
    /// A program beside the simulator, which the command line names.
    External,
}

impl Planner {
    /// All of them but the program beside the simulator.
    pub const OWN: [Self; 6] = [
        Self::Greedy,
        Self::Exact,
        Self::Market,
        Self::Cbba,
        Self::Acbba,
        Self::Oracle,
    ];

    /// Whether the units themselves work out over the mesh what they are worth to whom.
    #[must_use]
    pub fn is_auction(self) -> bool {
        matches!(self, Self::Market | Self::Cbba | Self::Acbba)
    }

    /// Name in lower case, as the command line spells it.
    #[must_use]
    pub fn key(self) -> &'static str {
        match self {
            Self::Greedy => "greedy",
            Self::Exact => "exact",
            Self::Market => "market",
            Self::Cbba => "cbba",
            Self::Acbba => "acbba",
            Self::Oracle => "oracle",
            Self::External => "exec",
        }
    }
}

impl Echelon {
    /// All echelons, smallest first.
    pub const ALL: [Self; 7] = [
        Self::Team,
        Self::Section,
        Self::Platoon,
        Self::Company,
        Self::Battalion,
        Self::Brigade,
        Self::Division,
    ];

    /// Name in lower case, for keys of results.
    #[must_use]
    pub fn key(self) -> &'static str {
        match self {
            Self::Team => "team",
            Self::Section => "section",
            Self::Platoon => "platoon",
            Self::Company => "company",
            Self::Battalion => "battalion",
            Self::Brigade => "brigade",
            Self::Division => "division",
        }
    }
}

/// What a unit does for others besides its class's own work.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Role {
    /// Holds a picture for its force, plans, and may house an authorisation desk.
    Command,
    /// Passes messages between services by machine, where the sharing rules ask for it.
    Gateway,
    /// Passes messages between services by voice, where the sharing rules ask for it.
    Liaison,
    /// Replenishes others; needs an entry under `logistics.depots`.
    Depot,
    /// Forwards messages that are neither from nor to itself.
    Relay,
}

/// Who may pass what to whom: a name for a matrix of rules.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Regime {
    /// Only inside a service; others through liaisons, by voice.
    Stovepiped,
    /// Across services at gateways.
    Joint,
    /// Any node of a side to any other that it can reach, releasability permitting.
    Meshed,
    /// As the scenario's own rules say.
    Custom,
}

/// Weapons control status. None of the three replaces the authorisation of a human: a status says
/// only what may be *proposed* to a desk.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Posture {
    /// Propose nothing but what has fired on the own side.
    WeaponsHold,
    /// Propose only what is identified as hostile.
    WeaponsTight,
    /// Propose whatever is not identified as friendly or neutral.
    WeaponsFree,
}

/// Emission control: what a unit may radiate.
#[derive(
    Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
pub enum Emcon {
    /// Whatever it has.
    #[default]
    Free,
    /// Radio for what is not routine only, and a brief report of the own state now and then; no radar,
    /// active sonar or transponder.
    Restricted,
    /// Nothing at all; it goes on listening.
    Silent,
}

/// What a unit on the move does when it is fired upon.
#[derive(
    Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
pub enum OnContact {
    /// It goes on with what it does.
    #[default]
    Press,
    /// It goes to the nearest place that the ground hides from where the fire comes, and waits.
    SeekCover,
    /// It goes away from where the fire comes, and waits for orders.
    BreakContact,
}

/// How times of service are spread about their median.
#[derive(
    Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
pub enum ServiceLaw {
    /// Log-normal, as people's times are.
    #[default]
    LogNormal,
    /// Exponential, as the formulas of queues have it; it has no `sigma_log`.
    Exponential,
}

/// How long a proposal waits on a desk before it lapses.
#[derive(
    Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
pub enum Patience {
    /// As long as every other.
    #[default]
    Fixed,
    /// For an exponential time with that mean: what it is about perishes sooner or later.
    Exponential,
}

/// Time that a human or a machine needs for one item: log-normal above a floor. The time is
/// `max(floor_s, median_s · exp(sigma_log · z))` with a standard normal `z`; or exponential with the
/// same median, above the same floor.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ServiceTime {
    /// Median, in seconds; 0 means that the item takes no time but the floor.
    pub median_s: f64,
    /// Standard deviation of the natural logarithm; 0 makes it a constant.
    #[serde(default)]
    pub sigma_log: f64,
    /// Least time, in seconds.
    #[serde(default)]
    pub floor_s: f64,
    /// How times are spread about the median.
    #[serde(default)]
    pub law: ServiceLaw,
}

impl ServiceTime {
    /// The time, s, that handler `subject` takes for item `object` in the run with this seed.
    #[must_use]
    pub fn draw_s(&self, seed: u64, subject: u64, object: u64) -> f64 {
        let mut draws = DrawKey::new(Stream::Handling, subject, object, 0).draws(seed);
        let time_s = match self.law {
            ServiceLaw::LogNormal => dist::log_normal(&mut draws, self.median_s, self.sigma_log),
            ServiceLaw::Exponential => {
                dist::exponential(&mut draws, self.median_s / core::f64::consts::LN_2)
            }
        };
        time_s.max(self.floor_s)
    }
}
