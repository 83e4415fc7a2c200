//! Units go back when they have to. See [`GoBackPlugin`].
//!
//! Way and need are judged by what the unit and its depot believe of their positions. A unit that
//! was given another plan on its way orders itself back again; units that are depots stay.

use bevy::prelude::{App, IntoScheduleConfigs, Plugin, Query, Res, ResMut};
use glam::{DVec2, DVec3};

use super::{
    depot::{DepotIx, Depots, Stocks},
    need::{Condition, ReturnRules, choose},
    replenish::Replenish,
    return_plan::{parking, return_plan, stand_off_m},
};
use crate::{
    environment::{Landscape, Weather},
    kernel::{
        ids::{UnitId, UnitIndex, UnitIx},
        messages::{Buffer, BufferAppExt},
        registry::StateAppExt,
        schedule::{Phase, SimTick},
        time::Clock,
    },
    org::OrderOfBattle,
    plan::MissionPlan,
    platform::{
        course::{Course, PlanInbox, PlanOrder},
        damage::Damage,
        mover::EnergyLeft,
        navigation::NavSolution,
        stores::Magazine,
        vehicle::Fleet,
    },
};

/// How often a unit looks at what it has left, s.
const LOOK_INTERVAL_S: f64 = 1.0;

/// A unit set out for a depot.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Bound {
    /// Who.
    pub unit: UnitIx,
    /// Where to.
    pub depot: DepotIx,
}

/// What never changes about depots and the ground.
#[derive(Clone, Copy)]
struct Setting<'a> {
    depots: &'a Depots,
    fleet: &'a Fleet,
    landscape: &'a Landscape,
    clock: &'a Clock,
}

impl Setting<'_> {
    /// The plan that takes a unit to its place at a depot.
    fn plan(
        &self,
        (unit, name, energy): (UnitIx, &str, &EnergyLeft),
        from: DVec3,
        (depot, centre): (DepotIx, DVec2),
    ) -> MissionPlan {
        let vehicle = self.fleet.vehicle(unit);
        let depot = self.depots.get(depot);
        let stand_off_m = stand_off_m(vehicle, self.fleet.vehicle(depot.unit));
        let to = parking(unit.0, centre, depot.radius_m, stand_off_m);
        return_plan(
            (name, vehicle, &energy.0),
            (from, to),
            self.clock.now(),
            self.landscape,
        )
    }
}

/// Where each depot believes to be, none for one that is lost, m.
fn depot_places(
    depots: &Depots,
    index: &UnitIndex,
    hosts: &Query<'_, '_, (&NavSolution, &Damage)>,
) -> Vec<Option<DVec2>> {
    let place = |host: UnitIx| {
        let (navigation, damage) = hosts.get(index.entity(host)).ok()?;
        (!damage.is_destroyed()).then(|| navigation.position.truncate())
    };
    depots.0.iter().map(|depot| place(depot.unit)).collect()
}

/// What a unit needs to decide.
type Deciding<'a> = (
    &'a mut Replenish,
    &'a NavSolution,
    &'a EnergyLeft,
    &'a Magazine,
    &'a Damage,
    &'a Course,
);

/// Every unit that has to go orders itself back.
pub(super) fn go_back(
    (clock, index, fleet): (Res<'_, Clock>, Res<'_, UnitIndex>, Res<'_, Fleet>),
    (landscape, weather): (Res<'_, Landscape>, Res<'_, Weather>),
    (depots, stocks, rules): (Res<'_, Depots>, Res<'_, Stocks>, Res<'_, ReturnRules>),
    (order, hosts): (
        Res<'_, OrderOfBattle>,
        Query<'_, '_, (&NavSolution, &Damage)>,
    ),
    (mut inbox, mut going): (ResMut<'_, PlanInbox>, ResMut<'_, Buffer<Bound>>),
    mut units: Query<'_, '_, Deciding<'_>>,
) {
    if depots.0.is_empty() {
        return;
    }
    let places = depot_places(&depots, &index, &hosts);
    let setting = Setting {
        depots: &depots,
        fleet: &fleet,
        landscape: &landscape,
        clock: &clock,
    };
    let is_due = |id: UnitId| clock.is_due(LOOK_INTERVAL_S, id.0 % 100_000);
    for (ix, row) in index.iter().filter(|(_, row)| is_due(row.id)) {
        let vehicle = fleet.vehicle(ix);
        if !vehicle.kinematics.can_travel() || depots.has(ix) {
            continue;
        }
        let Ok((mut replenish, navigation, energy, magazine, damage, course)) =
            units.get_mut(row.entity)
        else {
            continue;
        };
        if !damage.can_move() || !may_decide(&replenish, course, &places) {
            continue;
        }
        let condition = Condition {
            vehicle,
            side: order.unit(ix).side,
            position: navigation.position.truncate(),
            energy: &energy.0,
            magazine,
            wind: weather.wind(),
        };
        let goal = choose(&condition, &rules, (&depots, &stocks, &places));
        let goal = goal.and_then(|depot| Some((depot, places[depot.at()]?)));
        *replenish = match goal {
            None => Replenish::Free,
            Some((depot, centre)) => {
                let unit = (ix, row.name.as_str(), energy);
                let plan = setting.plan(unit, navigation.position, (depot, centre));
                let launch = plan.launch;
                inbox.0.push(PlanOrder {
                    to: ix,
                    plan,
                    repeat: false,
                });
                going.write(Bound { unit: ix, depot });
                Replenish::Going { depot, launch }
            }
        };
    }
}

/// Whether a unit is to decide now: it is free, or something came between it and its depot.
fn may_decide(replenish: &Replenish, course: &Course, places: &[Option<DVec2>]) -> bool {
    match replenish {
        Replenish::Free => true,
        Replenish::Going { depot, launch } => {
            let is_on_its_way = course.plan().is_some_and(|plan| plan.launch == *launch);
            !is_on_its_way || places[depot.at()].is_none()
        }
        Replenish::Waiting { .. } | Replenish::Served { .. } => false,
    }
}

/// Sends units back in the phase `Sustain`.
#[derive(Debug)]
pub struct GoBackPlugin;

impl Plugin for GoBackPlugin {
    fn build(&self, app: &mut App) {
        app.init_resource::<Depots>()
            .init_resource::<Stocks>()
            .init_resource::<ReturnRules>()
            .add_buffer::<Bound>()
            .register_state::<Replenish>()
            .register_state_resource::<Stocks>()
            .add_systems(SimTick, go_back.in_set(Phase::Sustain));
    }
}
