//! Missions: verbs and control measures of the file become stages and places.

use glam::DVec2;

use super::{Names, SpawnError};
use crate::{
    org::OrderOfBattle,
    plan::{TaskKind, polygon::Polygon},
    planning::missions::{Mission, Stage, Until, Who},
    scenario::schema::{self, Scenario, Shape, TaskSpec},
};

/// What a verb comes to.
struct Meant {
    verb: &'static str,
    stages: Vec<Stage>,
    altitude_m: Option<f64>,
    is_wary: bool,
    with: Option<String>,
}

impl Meant {
    /// A verb of one stage that lasts as long as the mission.
    fn lasting(verb: &'static str, kind: TaskKind, altitude_m: Option<f64>) -> Self {
        Self {
            verb,
            stages: vec![Stage {
                is_objective: false,
                ..Stage::objective(kind, Until::Ended)
            }],
            altitude_m,
            is_wary: false,
            with: None,
        }
    }

    /// A verb that is done when its vehicles have arrived.
    fn arriving(verb: &'static str, kind: TaskKind) -> Self {
        Self {
            stages: vec![Stage::objective(kind, Until::Arrived)],
            ..Self::lasting(verb, TaskKind::Relay { point: DVec2::ZERO }, None)
        }
    }
}

/// Points of the control measure with an id.
fn points<'a>(scenario: &'a Scenario, id: &str) -> Result<&'a [DVec2], SpawnError> {
    let measure = scenario.control_measures.iter().find(|it| it.id == id);
    let measure = measure.ok_or_else(|| SpawnError::Unknown {
        kind: "control measure",
        name: id.to_owned(),
    })?;
    Ok(measure.shape.points().1)
}

/// The area with an id.
pub(super) fn area(scenario: &Scenario, id: &str) -> Result<Polygon, SpawnError> {
    Polygon::new(points(scenario, id)?.to_vec()).map_err(|_| SpawnError::Unknown {
        kind: "area",
        name: id.to_owned(),
    })
}

/// The line with an id, m.
pub(super) fn line(scenario: &Scenario, id: &str) -> Result<Vec<DVec2>, SpawnError> {
    Ok(points(scenario, id)?.to_vec())
}

/// Staying in an area: about its middle, within a radius that fits into it.
fn hold_in(area: &Polygon) -> TaskKind {
    let point = area.centroid();
    TaskKind::Hold {
        point,
        radius_m: (0.7 * area.distance_to_edge_m(point)).max(20.0),
    }
}

/// Bounds along a route: halves move by turns, each past the other, and close up at the end.
fn bounds(route: &[DVec2], bound_m: f64) -> Vec<Stage> {
    let mut ends: Vec<Vec<DVec2>> = vec![Vec::new()];
    let mut left_m = bound_m;
    for piece in route.windows(2) {
        let (mut at, to) = (piece[0], piece[1]);
        while at.distance(to) > left_m {
            at += (to - at) * (left_m / at.distance(to));
            ends.last_mut().expect("there is one").push(at);
            ends.push(Vec::new());
            left_m = bound_m;
        }
        left_m -= at.distance(to);
        ends.last_mut().expect("there is one").push(to);
    }
    ends.retain(|way| !way.is_empty());
    let halves = [Who::First, Who::Second];
    let mut stages: Vec<Stage> = Vec::new();
    // Who moves goes through the other's last bound as well.
    for (n, _) in ends.iter().enumerate() {
        let first = n.saturating_sub(1);
        stages.push(Stage {
            kind: TaskKind::Move {
                route: ends[first..=n].concat(),
            },
            who: halves[n % 2],
            until: Until::Arrived,
            is_objective: false,
        });
    }
    let last = ends.last().cloned().unwrap_or_default();
    stages.push(Stage {
        kind: TaskKind::Move { route: last },
        who: halves[ends.len() % 2],
        until: Until::Arrived,
        is_objective: true,
    });
    stages
}

/// The verbs that name places themselves.
fn with_places(task: &TaskSpec) -> Option<Meant> {
    let route = |route_m: &[DVec2]| TaskKind::Move {
        route: route_m.to_vec(),
    };
    Some(match task {
        TaskSpec::Search { area_m, altitude_m } => {
            let area = area_m.clone();
            Meant::lasting("search", TaskKind::Search { area }, *altitude_m)
        }
        TaskSpec::Patrol {
            route_m,
            altitude_m,
        } => {
            let route = route_m.clone();
            Meant::lasting("patrol", TaskKind::Patrol { route }, *altitude_m)
        }
        TaskSpec::Observe {
            at_m,
            standoff_m,
            altitude_m,
        } => {
            let (point, range_m) = (*at_m, *standoff_m);
            Meant::lasting("observe", TaskKind::Observe { point, range_m }, *altitude_m)
        }
        TaskSpec::Hold { at_m, radius_m } => {
            let (point, radius_m) = (*at_m, *radius_m);
            Meant::lasting("hold", TaskKind::Hold { point, radius_m }, None)
        }
        TaskSpec::Relay { at_m, altitude_m } => {
            Meant::lasting("relay", TaskKind::Relay { point: *at_m }, *altitude_m)
        }
        TaskSpec::Move { route_m } => Meant::arriving("move", route(route_m)),
        TaskSpec::Infiltrate { route_m } => Meant {
            is_wary: true,
            ..Meant::arriving("infiltrate", route(route_m))
        },
        _ => return None,
    })
}

/// Standing on one line after the other.
fn delay(lines: &[String], pressed_m: f64, scenario: &Scenario) -> Result<Meant, SpawnError> {
    let stand = |id: &String| {
        let kind = TaskKind::Screen {
            line: line(scenario, id)?,
        };
        let until = Until::Pressed {
            within_m: pressed_m,
        };
        Ok(Stage {
            is_objective: false,
            ..Stage::objective(kind, until)
        })
    };
    let mut stages = lines
        .iter()
        .map(stand)
        .collect::<Result<Vec<Stage>, SpawnError>>()?;
    if let Some(last) = stages.last_mut() {
        last.until = Until::Ended;
    }
    Ok(Meant {
        stages,
        ..Meant::lasting("delay", TaskKind::Relay { point: DVec2::ZERO }, None)
    })
}

/// Taking an area, holding it until it is clear, and consolidating there.
fn secure(area: Polygon, clear_s: f64, consolidate_s: f64) -> Meant {
    let hold = hold_in(&area);
    let clear = Until::Clear {
        area,
        for_s: clear_s,
    };
    let consolidate = Stage {
        is_objective: false,
        ..Stage::objective(hold.clone(), Until::Held(consolidate_s))
    };
    Meant {
        stages: vec![Stage::objective(hold.clone(), clear), consolidate],
        ..Meant::lasting("secure", hold, None)
    }
}

/// Being with a unit of the own side.
fn with_unit(task: &TaskSpec) -> Meant {
    match task {
        TaskSpec::Resupply { unit, stay_s } => {
            let kind = TaskKind::Resupply {
                unit: unit.clone(),
                stay_s: *stay_s,
            };
            let stay = Stage {
                is_objective: false,
                ..Stage::objective(kind.clone(), Until::Held(*stay_s))
            };
            Meant {
                with: Some(unit.clone()),
                stages: vec![Stage::objective(kind.clone(), Until::Arrived), stay],
                ..Meant::lasting("resupply", kind, None)
            }
        }
        TaskSpec::Escort { unit, distance_m } => {
            let kind = TaskKind::Escort {
                unit: unit.clone(),
                distance_m: *distance_m,
            };
            Meant {
                with: Some(unit.clone()),
                ..Meant::lasting("escort", kind, None)
            }
        }
        _ => unreachable!("only these two name a unit"),
    }
}

/// The verbs that name control measures or units; `consolidate_s` is the doctrine's.
fn with_names(
    task: &TaskSpec,
    scenario: &Scenario,
    consolidate_s: f64,
) -> Result<Meant, SpawnError> {
    let lasting = Meant::lasting;
    Ok(match task {
        TaskSpec::Screen {
            line: id,
            altitude_m,
        } => {
            let line = line(scenario, id)?;
            lasting("screen", TaskKind::Screen { line }, *altitude_m)
        }
        TaskSpec::Reconnoitre {
            area: id,
            altitude_m,
        } => Meant {
            altitude_m: *altitude_m,
            ..Meant::arriving(
                "reconnoitre",
                TaskKind::Search {
                    area: points(scenario, id)?.to_vec(),
                },
            )
        },
        TaskSpec::Bound { route, bound_m } => Meant {
            stages: bounds(points(scenario, route)?, *bound_m),
            ..Meant::arriving("bound", TaskKind::Move { route: Vec::new() })
        },
        TaskSpec::Delay { lines, pressed_m } => delay(lines, *pressed_m, scenario)?,
        TaskSpec::Withdraw { area: id } => Meant {
            is_wary: true,
            ..Meant::arriving("withdraw", hold_in(&area(scenario, id)?))
        },
        TaskSpec::Secure { area: id, clear_s } => {
            secure(area(scenario, id)?, *clear_s, consolidate_s)
        }
        TaskSpec::SupportByFire { from, at } => {
            let kind = TaskKind::Support {
                area: points(scenario, from)?.to_vec(),
                point: area(scenario, at)?.centroid(),
            };
            lasting("support by fire", kind, None)
        }
        TaskSpec::Escort { .. } | TaskSpec::Resupply { .. } => with_unit(task),
        other => with_places(other).ok_or_else(|| SpawnError::Unknown {
            kind: "verb",
            name: format!("{other:?}"),
        })?,
    })
}

/// The missions of a scenario that belong to the courses taken.
pub(super) fn missions(
    scenario: &Scenario,
    names: &Names,
    order: &OrderOfBattle,
) -> Result<Vec<Mission>, SpawnError> {
    let convert = |mission: &schema::Mission| {
        let force = names.force(&mission.force)?;
        let doctrine = &order.forces[force.at()].doctrine;
        let meant = with_names(&mission.task, scenario, doctrine.consolidate_s)?;
        let mut units = Vec::new();
        for name in &mission.units {
            units.extend(names.units_of(name, scenario)?);
        }
        let window = mission.window;
        Ok(Mission {
            id: mission.id.clone(),
            verb: meant.verb,
            force,
            stages: meant.stages,
            is_on_order: mission.on_order,
            is_wary: meant.is_wary,
            altitude_m: meant.altitude_m,
            units,
            with: meant.with.map(|name| names.unit(&name)).transpose()?,
            vehicles: mission.vehicles,
            // A step of precedence outweighs any difference of value below it.
            value: mission.value + 1000.0 * f64::from(mission.priority),
            window_s: (
                window.not_before_s,
                window.not_after_s.unwrap_or(scenario.duration_s),
            ),
        })
    };
    let is_taken = |mission: &&schema::Mission| {
        let force = names.force(&mission.force);
        force.is_ok_and(|force| order.takes(order.forces[force.at()].side, &mission.courses))
    };
    let taken = scenario.missions.iter().filter(is_taken);
    taken.map(convert).collect()
}

/// Areas that no way of a side leads through, by the side's id.
pub(super) fn restricted(scenario: &Scenario) -> impl Iterator<Item = (&str, &str, &[DVec2])> {
    scenario.control_measures.iter().filter_map(|it| {
        let Shape::Restricted { area_m } = &it.shape else {
            return None;
        };
        Some((it.id.as_str(), it.side.as_str(), area_m.as_slice()))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Where a stage ends.
    fn end(stage: &Stage) -> DVec2 {
        let TaskKind::Move { route } = &stage.kind else {
            panic!("bounds are moves");
        };
        *route.last().unwrap()
    }

    #[test]
    fn halves_bound_past_each_other_and_close_up() {
        let route = [
            DVec2::ZERO,
            DVec2::new(1000.0, 0.0),
            DVec2::new(1000.0, 300.0),
        ];
        let stages = bounds(&route, 500.0);
        let moves: Vec<(Who, DVec2)> = stages.iter().map(|it| (it.who, end(it))).collect();
        let goal = DVec2::new(1000.0, 300.0);
        // Bounds end at 500 m, at 1000 m and at the goal; the last to come is the other half.
        assert_eq!(moves.len(), 4);
        assert_eq!(moves[3], (Who::Second, goal));
        assert_eq!(moves[0], (Who::First, DVec2::new(500.0, 0.0)));
        assert_eq!(moves[1], (Who::Second, DVec2::new(1000.0, 0.0)));
        for half in [Who::First, Who::Second] {
            let last = moves.iter().rev().find(|(who, _)| *who == half);
            assert_eq!(last, Some(&(half, goal)), "{half:?} comes to the end");
        }
        assert!(stages.iter().all(|stage| stage.until == Until::Arrived));
        assert_eq!(stages.iter().filter(|stage| stage.is_objective).count(), 1);
    }
}
