//! Ways over the ground and the water for whoever needs one. See [`RouteBook`].

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use bevy::prelude::Resource;
use glam::DVec2;

use super::{
    algo::{
        route::{Neighbours, RouteError, RouteGrid},
        route_field::{Avoiding, CostField, GroundField, WaterField},
    },
    shy::shy_way,
    watch::Watch,
};
use crate::{
    environment::{Landscape, NoGoAreas},
    geo::{
        CoverMap, Extent,
        cover::{Gait, Road},
    },
    plan::polygon::Polygon,
    platform::{class::Motion, kinematics::Pace, vehicle::Vehicle},
};

/// Posts of the route lattice along the longer side of the terrain.
const LATTICE: f64 = 140.0;

/// Share of a vehicle's greatest grade that routes use, so that it climbs with something in hand.
const GRADE_SHARE: f64 = 0.85;

/// Water under the keel that routes ask for, m.
const UNDER_KEEL_M: f64 = 2.0;

/// What a way must suit: the medium, its limit in coarse steps, and the side that forbids areas.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Mobility {
    /// Over land up to a grade, in degrees; where anything lies on the ground, also by its gait and
    /// its pace.
    Land {
        grade_deg: u32,
        whose: Whose,
        going: Option<(Gait, Pace)>,
    },
    /// Over water of at least a depth, in metres.
    Water { depth_m: u32, whose: Whose },
}

impl Mobility {
    /// A speed that is nowhere exceeded, in the unit of the field of this kind: a share where nothing
    /// lies on the ground, else m/s.
    fn fastest_m_s(self) -> f64 {
        match self {
            Self::Land {
                going: Some((_, pace)),
                ..
            } => pace.over_m_s(true, 1.0).max(pace.over_m_s(false, 1.0)),
            Self::Land { .. } | Self::Water { .. } => 1.0,
        }
    }
}

/// What a way keeps away from.
#[derive(Clone, Copy)]
enum Keep<'a> {
    /// These areas, where there is a way around them.
    Off(&'a [Polygon]),
    /// The sight of who watches, as far as it is worth it.
    OutOfSight(&'a Watch<'a>),
}

/// Whom areas forbid to enter: a domain of a side.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Whose {
    side: u8,
    domain: u8,
}

/// Lattices already made for one ground with its forbidden areas, shared by all runs over it: each
/// is a pure function of what it is for, so it matters to nobody who made it.
#[derive(Clone, Debug, Default)]
pub struct Lattices(Arc<Mutex<BTreeMap<Mobility, Arc<OnceLock<Option<RouteGrid>>>>>>);

impl Lattices {
    /// The lattice of this kind, which is made if nobody has asked for it before.
    fn get(
        &self,
        mobility: Mobility,
        make: impl FnOnce() -> Option<RouteGrid>,
    ) -> Arc<OnceLock<Option<RouteGrid>>> {
        let mut grids = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let grid = Arc::clone(grids.entry(mobility).or_default());
        // Others may have theirs while this one is made.
        drop(grids);
        grid.get_or_init(make);
        grid
    }
}

/// Ways, and the lattices that they are found on; a pure function of the scenario, so no state.
#[derive(Debug, Default, Resource)]
pub struct RouteBook {
    grids: Lattices,
    /// The latest that keep clear of something.
    careful: Vec<Careful>,
}

/// How many lattices that keep clear of something are kept.
const CAREFUL_MAX: usize = 4;

/// A lattice that keeps clear of some areas.
#[derive(Debug)]
struct Careful {
    mobility: Mobility,
    avoid: Vec<Polygon>,
    grid: RouteGrid,
}

/// A whole number not below a small positive figure.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "figures of the catalogue are small and positive, and `as` saturates"
)]
fn step_up(value: f64, step: f64) -> u32 {
    ((value / step).ceil() * step).max(0.0) as u32
}

/// What a vehicle asks of a way; none for what flies, dives or stays.
fn mobility(vehicle: &Vehicle, side: u8, cover: &CoverMap) -> Option<Mobility> {
    let whose = Whose {
        side,
        domain: vehicle.class.domain as u8,
    };
    match &vehicle.class.motion {
        Motion::Ground { grade_max_deg, .. } | Motion::Foot { grade_max_deg, .. } => {
            // Rounded down to steps of five, so that a handful of lattices serves all classes.
            let steps = step_up(grade_max_deg.value() - 4.999, 5.0);
            Some(Mobility::Land {
                grade_deg: steps.max(5),
                whose,
                going: (vehicle.gait.filter(|_| !cover.is_firm()))
                    .map(|gait| (gait, vehicle.kinematics.pace())),
            })
        }
        Motion::Surface { draught_m, .. } | Motion::Sail { draught_m, .. } => {
            Some(Mobility::Water {
                depth_m: step_up(draught_m.value() + UNDER_KEEL_M, 4.0),
                whose,
            })
        }
        Motion::Underwater { .. } | Motion::Glider { .. } => {
            Some(Mobility::Water { depth_m: 8, whose })
        }
        _ => None,
    }
}

impl RouteBook {
    /// With the lattices that other runs over the same ground made.
    #[must_use]
    pub fn new(grids: Lattices) -> Self {
        Self {
            grids,
            careful: Vec::new(),
        }
    }

    /// A way from one point to another for a vehicle of a side, without the start: straight for what
    /// flies, which `airways` leads around what is closed. None if there is no way.
    pub fn way(
        &mut self,
        vehicle: &Vehicle,
        side: u8,
        ends: (DVec2, DVec2),
        avoid: &[Polygon],
        ground: (&Landscape, &NoGoAreas),
    ) -> Option<Vec<DVec2>> {
        self.led((vehicle, side), ends, Keep::Off(avoid), ground)
    }

    /// The same, weighing time against being seen by who watches.
    pub(super) fn shy_way(
        &mut self,
        whose: (&Vehicle, u8),
        ends: (DVec2, DVec2),
        watch: &Watch<'_>,
        ground: (&Landscape, &NoGoAreas),
    ) -> Option<Vec<DVec2>> {
        self.led(whose, ends, Keep::OutOfSight(watch), ground)
    }

    /// A way that keeps away from something.
    fn led(
        &mut self,
        (vehicle, side): (&Vehicle, u8),
        (from, to): (DVec2, DVec2),
        keep: Keep<'_>,
        (landscape, no_go): (&Landscape, &NoGoAreas),
    ) -> Option<Vec<DVec2>> {
        let cover = &*landscape.cover;
        let Some(mobility) = mobility(vehicle, side, cover) else {
            return Some(vec![to]);
        };
        let mut areas = forbidden(vehicle, side, no_go);
        let terrain = &landscape.terrain;
        let bounds = terrain.bounds();
        let step_m = bounds.size().max_element() / LATTICE;
        let on_map = |at: DVec2| bounds.contains(at).then(|| terrain.height_m(at.x, at.y));
        match mobility {
            Mobility::Land {
                grade_deg, going, ..
            } => {
                let limit = f64::from(grade_deg).to_radians();
                let steepest = crate::kernel::math::tan(limit) * GRADE_SHARE;
                let field = GroundField {
                    height_m: |at| on_map(at).filter(|height| *height > 0.0),
                    speed_at_grade: move |grade: f64| {
                        (grade.abs() <= steepest).then(|| 1.0 / (1.0 + 4.0 * grade.abs()))
                    },
                    baseline_m: terrain.spacing_m(),
                    max_side_grade: steepest,
                };
                let ends = (from, to);
                let roads = cover.roads();
                match going {
                    None => self.find(
                        mobility,
                        &field,
                        &mut areas,
                        keep,
                        ends,
                        (step_m, bounds, &[]),
                    ),
                    Some((gait, pace)) => {
                        let covered = Covered {
                            field,
                            cover,
                            gait,
                            pace,
                        };
                        self.find(
                            mobility,
                            &covered,
                            &mut areas,
                            keep,
                            ends,
                            (step_m, bounds, roads),
                        )
                    }
                }
            }
            Mobility::Water { depth_m, .. } => {
                let field = WaterField {
                    depth_m: |at| on_map(at).map(|height| -height),
                    least_depth_m: f64::from(depth_m),
                    speed_m_s: 1.0,
                };
                self.find(
                    mobility,
                    &field,
                    &mut areas,
                    keep,
                    (from, to),
                    (step_m, bounds, &[]),
                )
            }
        }
    }

    /// Finds a way over a field, from the nearest free point where an end is not free.
    fn find<F: CostField>(
        &mut self,
        mobility: Mobility,
        field: &F,
        areas: &mut Vec<Polygon>,
        keep: Keep<'_>,
        (from, to): (DVec2, DVec2),
        (step_m, bounds, roads): (f64, Extent, &[Road]),
    ) -> Option<Vec<DVec2>> {
        let corners = (bounds.min, bounds.max);
        let barred = Avoiding {
            field: ByRef(field),
            no_go: areas,
        };
        let grid = self.grids.get(mobility, || {
            let lines: Vec<_> = roads.iter().map(|road| road.line.clone()).collect();
            RouteGrid::build_with_roads(&barred, corners, step_m, Neighbours::Eight, &lines).ok()
        });
        let grid = grid.get()?.as_ref()?;
        let plain = search(grid, &barred, from, to)?;
        let avoid = match keep {
            Keep::Off(avoid) => avoid,
            Keep::OutOfSight(watch) => {
                let map = (bounds, step_m, mobility.fastest_m_s());
                return Some(shy_way(barred, (from, &plain), map, watch).unwrap_or(plain));
            }
        };
        if !meets(from, &plain, avoid) {
            return Some(plain);
        }
        areas.extend_from_slice(avoid);
        let wary = Avoiding {
            field: ByRef(field),
            no_go: areas,
        };
        // Vehicles of one force that are given their ways together avoid the same.
        let is_same = |it: &Careful| it.mobility == mobility && it.avoid == avoid;
        if !self.careful.iter().any(is_same) {
            self.careful.truncate(CAREFUL_MAX - 1);
            let made = Careful {
                mobility,
                avoid: avoid.to_vec(),
                grid: grid.without(avoid),
            };
            self.careful.insert(0, made);
        }
        let careful = self.careful.iter().find(|it| is_same(it));
        let found = careful.and_then(|it| search(&it.grid, &wary, from, to));
        // Where there is no way around, it goes through.
        Some(found.unwrap_or(plain))
    }
}

/// Ground with what lies on it: the speed of a kind of vehicle, on roads and off them.
struct Covered<'a, F> {
    /// The bare ground, as a share of the speed.
    field: F,
    /// What lies on it.
    cover: &'a CoverMap,
    /// Who goes over it.
    gait: Gait,
    /// How fast.
    pace: Pace,
}

impl<F: CostField> CostField for Covered<'_, F> {
    fn speed_m_s(&self, at: DVec2, ahead: DVec2) -> Option<f64> {
        let footing = self.cover.footing(at, self.gait);
        let pace_m_s = self.pace.over_m_s(footing.on_road, footing.speed);
        let share = (pace_m_s > 0.0).then(|| self.field.speed_m_s(at, ahead))??;
        Some(share * pace_m_s)
    }

    fn bars(&self, from: DVec2, to: DVec2) -> bool {
        let barred = self.cover.can_bar(self.gait) && self.cover.bars((from, to), self.gait);
        barred || self.field.bars(from, to)
    }
}

/// Whether a way comes into one of these areas.
fn meets(from: DVec2, way: &[DVec2], areas: &[Polygon]) -> bool {
    let starts = core::iter::once(&from).chain(way);
    starts
        .zip(way)
        .any(|(a, b)| areas.iter().any(|area| area.meets_segment(*a, *b)))
}

/// A field by reference.
struct ByRef<'a, F>(&'a F);

impl<F: CostField> CostField for ByRef<'_, F> {
    fn speed_m_s(&self, at: DVec2, ahead: DVec2) -> Option<f64> {
        self.0.speed_m_s(at, ahead)
    }

    fn bars(&self, from: DVec2, to: DVec2) -> bool {
        self.0.bars(from, to)
    }
}

/// One search; ends that are not free are moved to the nearest free point, once each.
fn search<F: CostField>(
    grid: &RouteGrid,
    field: &F,
    mut from: DVec2,
    mut to: DVec2,
) -> Option<Vec<DVec2>> {
    for _ in 0..3 {
        match grid.route(field, from, to) {
            Ok(route) => return Some(route.points.into_iter().skip(1).collect()),
            Err(RouteError::Start {
                nearest: Some(nearest),
                ..
            }) => from = nearest,
            Err(RouteError::Goal {
                nearest: Some(nearest),
                ..
            }) => to = nearest,
            Err(_) => return None,
        }
    }
    None
}

/// Areas that a vehicle of a side must keep out of.
fn forbidden(vehicle: &Vehicle, side: u8, no_go: &NoGoAreas) -> Vec<Polygon> {
    let binding = no_go.0.iter();
    binding
        .filter(|area| area.binds(vehicle.class.domain as u8, side))
        .map(|area| area.area.clone())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::platform::class::Catalogue;

    /// Lattices are shared by whoever asks for the same: what areas forbid to the one and not to the other
    /// must not be the same.
    #[test]
    fn domains_and_sides_that_areas_bind_differently_have_lattices_of_their_own() {
        let catalogue = Catalogue::shipped();
        let asks = |class: &str, side| {
            let vehicle = Vehicle::new(catalogue.class(class).unwrap(), 0.0, 0.0).unwrap();
            mobility(&vehicle, side, &CoverMap::default()).unwrap()
        };
        let (boat, diver) = (asks("fishing-boat", 0), asks("uuv-survey", 0));
        let depth = |it: Mobility| match it {
            Mobility::Water { depth_m, .. } => depth_m,
            Mobility::Land { .. } => 0,
        };
        assert_eq!(depth(boat), depth(diver), "they ask for the same depth");
        assert_ne!(boat, diver);
        assert_ne!(boat, asks("fishing-boat", 1));
        assert_eq!(boat, asks("fishing-boat", 0));
    }
}
