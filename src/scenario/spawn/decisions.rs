//! Staffs, decision points, emission control and jammers of the courses taken.

use bevy::prelude::World;

use super::{
    Names, SpawnError,
    missions::{area, line},
};
use crate::{
    command::{Act, DecisionPoint, DecisionPoints, decision::Condition, staff::Staffs},
    kernel::ids::UnitIx,
    org::{Emcon, OrderOfBattle, Role},
    planning::{
        fire_control::{Boundary, FireControl, FireZone},
        missions::Missions,
    },
    platform::emission::{EmissionPlan, Emissions, Levels},
    scenario::schema::{self, Scenario, Shape},
};

/// What names become numbers by.
struct Book<'a> {
    scenario: &'a Scenario,
    names: &'a Names,
    missions: &'a Missions,
    /// Ids of the decision points of the courses taken.
    decisions: Vec<&'a str>,
}

/// The place of a name in a list; none where it is of a course that is not taken.
fn find<'a>(mut list: impl Iterator<Item = &'a str>, name: &str) -> Option<usize> {
    list.position(|it| it == name)
}

impl Book<'_> {
    /// The number of a mission; none if it belongs to a course that is not taken.
    fn mission(&self, id: &str) -> Option<usize> {
        find(self.missions.list.iter().map(|it| it.id.as_str()), id)
    }

    /// A condition in indices. What belongs to a course that is not taken never comes true.
    fn condition(&self, condition: &schema::Condition) -> Result<Condition, SpawnError> {
        use schema::Condition as From;
        let never = || Condition::Any(Vec::new());
        let list = |list: &[From]| -> Result<Vec<Condition>, SpawnError> {
            list.iter().map(|it| self.condition(it)).collect()
        };
        let mission = |id: &str, make: fn(usize) -> Condition| self.mission(id).map(make);
        Ok(match condition {
            From::After { at_s } => Condition::After(*at_s),
            From::HostileIn { area: id, number } => {
                Condition::HostileIn(area(self.scenario, id)?, *number)
            }
            From::HostileAcross { line: id, number } => {
                Condition::HostileAcross(line(self.scenario, id)?, *number)
            }
            From::OwnIn {
                force,
                area: id,
                share,
            } => Condition::OwnIn(self.names.force(force)?, area(self.scenario, id)?, *share),
            From::Lost { force, share } => Condition::Lost(self.names.force(force)?, *share),
            From::Begun { mission: id } => mission(id, Condition::Begun).unwrap_or_else(never),
            From::Secured { mission: id } => mission(id, Condition::Secured).unwrap_or_else(never),
            From::Over { mission: id } => mission(id, Condition::Over).unwrap_or_else(never),
            From::Decided { decision } => find(self.decisions.iter().copied(), decision)
                .map_or_else(never, Condition::Decided),
            From::All(all) => Condition::All(list(all)?),
            From::Any(any) => Condition::Any(list(any)?),
            From::Not(not) => Condition::Not(Box::new(self.condition(not)?)),
        })
    }

    /// An order in indices; none if it is about a mission of a course that is not taken.
    fn act(&self, act: &schema::Act) -> Result<Option<Act>, SpawnError> {
        Ok(match act {
            schema::Act::Begin { mission } => {
                self.mission(mission).map(|it| Act::Mission(it, true))
            }
            schema::Act::End { mission } => self.mission(mission).map(|it| Act::Mission(it, false)),
            schema::Act::Emit {
                force,
                emcon,
                for_s,
            } => Some(Act::Emit(self.names.force(force)?, *emcon, *for_s)),
            schema::Act::Jam { unit, on } => Some(Act::Jam(self.names.unit(unit)?, *on)),
        })
    }

    /// A decision point in indices.
    fn point(&self, point: &schema::DecisionPoint) -> Result<DecisionPoint, SpawnError> {
        let acts = point.then.iter().map(|act| self.act(act));
        let acts = acts.collect::<Result<Vec<_>, SpawnError>>()?;
        Ok(DecisionPoint {
            id: point.id.clone(),
            title: point.title.clone().unwrap_or_else(|| point.id.clone()),
            at: self.names.unit(&point.at)?,
            when: self.condition(&point.when)?,
            then: acts.into_iter().flatten().collect(),
        })
    }
}

/// The areas and boundaries that steer fires.
fn fire_control(scenario: &Scenario, names: &Names) -> Result<FireControl, SpawnError> {
    let mut control = FireControl::default();
    for measure in &scenario.control_measures {
        let zone = |only_shells| -> Result<FireZone, SpawnError> {
            Ok(FireZone {
                id: measure.id.clone(),
                side: names.side(&measure.side)?,
                area: area(scenario, &measure.id)?,
                only_shells,
            })
        };
        match &measure.shape {
            Shape::NoFire { .. } => control.zones.push(zone(false)?),
            Shape::RestrictedFire { .. } => control.zones.push(zone(true)?),
            Shape::Boundary {
                line_m,
                left,
                right,
            } => control.boundaries.push(Boundary {
                id: measure.id.clone(),
                line: line_m.clone(),
                left: names.force(left)?,
                right: names.force(right)?,
            }),
            _ => {}
        }
    }
    Ok(control)
}

/// Puts staffs, decision points and emission control into a world that has its missions.
pub(super) fn insert(
    world: &mut World,
    (scenario, names): (&Scenario, &Names),
    order: &OrderOfBattle,
) -> Result<(), SpawnError> {
    let is_taken = |point: &&schema::DecisionPoint| {
        let unit = names.unit(&point.at);
        unit.is_ok_and(|unit| order.takes(order.unit(unit).side, &point.courses))
    };
    let taken: Vec<&schema::DecisionPoint> = scenario.decisions.iter().filter(is_taken).collect();
    let book = Book {
        scenario,
        names,
        missions: world.resource::<Missions>(),
        decisions: taken.iter().map(|point| point.id.as_str()).collect(),
    };
    let points = taken.iter().map(|point| book.point(point));
    let points = DecisionPoints(points.collect::<Result<_, SpawnError>>()?);
    let staffs = scenario.staffs.iter();
    let staffs = staffs.map(|it| Ok((names.unit(&it.at)?, it.officers, it.service)));
    let staffs = Staffs(staffs.collect::<Result<_, SpawnError>>()?);
    let levels = (0..order.units.len()).map(UnitIx::from_at);
    // A post that is to command cannot be silent from the start: it says what is urgent.
    let least = |unit| match order.force_of(unit).doctrine.emcon {
        Emcon::Silent if order.has_role(unit, Role::Command) => Emcon::Restricted,
        level => level,
    };
    let levels = levels.map(least);
    let levels = Levels::new(levels.collect());
    world.insert_resource(Emissions(levels.clone()));
    world.insert_resource(EmissionPlan::new(levels));
    let control = fire_control(scenario, names)?;
    world.insert_resource(control);
    world.insert_resource(points);
    world.insert_resource(staffs);
    Ok(())
}
