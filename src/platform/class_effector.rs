//! Effectors of the catalogue and their kill probabilities. See [`EffectorSpec`].

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::class_vulnerability::SuppressionSpec;
use super::figure::Figure;

/// A weapon with its round: what one shot does, at which range, after how long.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EffectorSpec {
    /// Unique name in kebab case.
    pub name: String,
    /// Name for a reader.
    pub title: String,
    /// Class of the round that it fires (family munition).
    pub munition: String,
    /// How it finds its aim.
    pub fire: Fire,
    /// Least range, m.
    pub range_min_m: Figure,
    /// Greatest range, m.
    pub range_max_m: Figure,
    /// Mean speed of the round, m/s: time of flight is range over it.
    pub speed_m_s: Figure,
    /// Rounds that one shot (or burst) expends; one shot is one draw.
    pub rounds_per_shot: u32,
    /// Shots of one engagement, before its effect is assessed.
    pub shots_per_engagement: u32,
    /// Time between shots, s.
    pub cycle_time_s: Figure,
    /// Time to lay and make ready for the first round, s.
    pub setup_time_s: Figure,
    /// Whether shooter and target must see each other.
    pub needs_line_of_sight: bool,
    /// Circular error probable at greatest range, m; zero for a round that homes.
    pub cep_m: Figure,
    /// Price of one round, US dollars.
    pub round_cost_usd: Figure,
    /// Kill probability of one shot by class of target, at shares of greatest range. A class of
    /// target without a row is not engaged.
    pub kill_probability: BTreeMap<TargetClass, Vec<KillPoint>>,
    /// How the effect of a shot that succeeds divides into kinds of damage.
    pub damage: DamageSplit,
    /// How it suppresses those near an impact; none where nobody minds.
    #[serde(default)]
    pub suppression: Option<SuppressionSpec>,
    /// How its guided round flies; every guided round has it, and no other.
    #[serde(default)]
    pub flight: Option<FlightSpec>,
    /// How it fights munitions in flight; none where it does not. A weapon that does nothing else has
    /// no rows of kill probability.
    #[serde(default)]
    pub defence: Option<DefenceSpec>,
}

/// How a guided munition flies.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FlightSpec {
    /// Its heights on the way.
    pub profile: Profile,
    /// Distance from its aim within which its gunner or seeker finds a target when it arrives, m.
    pub basket_m: Figure,
}

/// Heights of a guided munition on its way.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Profile {
    /// Straight from the tube to the target.
    Straight,
    /// Level above the ground or the sea, with a last leg down to the target.
    Cruise {
        /// Height above the surface, m.
        height_m: Figure,
        /// Length of the first and of the last leg on the map, m: a short one is a steep one.
        terminal_m: Figure,
    },
}

/// How a weapon fights munitions in flight. Its rounds fly at the weapon's `speed_m_s`, one shot in
/// `cycle_time_s`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DefenceSpec {
    /// Least distance of a munition, m.
    pub reach_min_m: Figure,
    /// Greatest distance of a munition, m.
    pub reach_m: Figure,
    /// Probability that one shot destroys a munition, at shares of the reach.
    pub kill_probability: Vec<KillPoint>,
    /// Munitions at which it fires at the same time.
    pub channels: u32,
    /// Most shots at one munition.
    pub shots_max: u32,
    /// Whether its crew waits for the effect of a shot before the next at the same munition.
    pub looks: bool,
    /// People of its crew who decide at the same time.
    pub operators: u32,
    /// Time for one decision.
    pub decision: DecisionSpec,
    /// Time for which leave holds, s.
    pub valid_s: Figure,
}

/// Time that a person needs for a decision, log-normal above a floor.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DecisionSpec {
    /// Median, s.
    pub median_s: Figure,
    /// Standard deviation of the natural logarithm.
    pub sigma_log: Figure,
    /// Least time, s.
    pub floor_s: Figure,
}

/// One point of a kill-probability curve; between points the curve is straight.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct KillPoint(
    /// Share of greatest range, 0 to 1.
    pub f64,
    /// Probability that one shot puts the target out of action.
    pub Figure,
);

/// How an effector finds its aim.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Fire {
    /// Aimed along the line of sight.
    Direct,
    /// Aimed at a place out of sight.
    Indirect,
    /// Steered to the target in flight.
    Guided,
}

/// Shares of the kinds of damage when a shot takes effect; they add up to 1.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DamageSplit {
    /// It can no longer move.
    pub mobility: Figure,
    /// It can no longer shoot.
    pub firepower: Figure,
    /// Its sensors are blind.
    pub sensor: Figure,
    /// Its radios are dead.
    pub radio: Figure,
    /// It is lost.
    pub catastrophic: Figure,
}

/// How hard a target is to hurt.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum TargetClass {
    /// People in the open.
    Personnel,
    /// Unarmoured vehicles and equipment.
    Soft,
    /// Light armour.
    Light,
    /// Infantry fighting vehicles.
    Medium,
    /// Main battle tanks.
    Heavy,
    /// Small unmanned aircraft.
    SmallAir,
    /// Aircraft with a crew and large unmanned aircraft.
    Air,
    /// Boats and unmanned surface craft.
    Boat,
    /// Ships.
    Ship,
    /// Submerged vehicles.
    Submerged,
    /// Shelters and field works.
    Structure,
}
