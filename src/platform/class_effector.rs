//! Effectors of the catalogue and their kill probabilities. See [`EffectorSpec`].

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

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
