//! Plans of aircraft that keep out of what is closed to their side. See [`Airways`].
//!
//! Plans are made over the ground that they touch; afterwards every leg that comes into a closed volume
//! gets points around, over or under it. An aircraft climbs as soon as it makes for a point, so a leg
//! counts as reaching from the lower to the higher of its ends all along.

use std::cell::RefCell;

use glam::{DVec2, DVec3};

use super::{
    algo::{
        passage::{Airspace, Lattice, Prices, leg_toll, nearest_open, passage},
        route::Neighbours,
    },
    compose::fence,
    watch::Watch,
};
use crate::{
    environment::{Landscape, NoGoAreas},
    geo::Extent,
    plan::{Altitude, Geofence, Leg, LegKind, MissionPlan, Waypoint, volume::Volume},
    platform::{class::Motion, vehicle::Vehicle},
};

/// Least distance from the side of a closed volume, m (notional, 20 to 200).
const ASIDE_M: f64 = 50.0;

/// Distance from its floor and its ceiling, m (notional, 10 to 50).
const ABOVE_M: f64 = 20.0;

/// Radii of a turn that are added to the side: a circle of waiting, and corners that are cut.
const TURNS: f64 = 1.5;

/// Least height over the ground at which ways are led, m.
const HEIGHT_MIN_M: f64 = 30.0;

/// Room about a leg and what bars it, in which ways are looked for first, m.
const ROOM_M: f64 = 1500.0;

/// Steps of the lattice along the longer side of the room, and bounds of a step, m.
const STEPS: f64 = 60.0;
/// Least and greatest step, m.
const STEP_M: (f64, f64) = (40.0, 600.0);

/// Share of the greatest rates of climb and descent that plans use.
const CLIMB_SHARE: f64 = 0.7;

/// How far from a closed place another is looked for, m.
const REACH_M: f64 = 20_000.0;

/// Spacing at which the ground under a leg is looked at, m.
const LOOK_M: f64 = 100.0;

/// Gain in cost, as a share, for which it is worth to leave the straight way for fear.
const WORTH_WHILE: f64 = 0.99;

/// Factor on the distance over which it climbs between layers.
const IN_HAND: f64 = 1.4;

/// Height of a layer, given over the ground and above mean sea level, over ground of a height, m.
fn height_over_m((over_ground_m, least_m): (f64, f64), ground_m: f64) -> f64 {
    (ground_m + over_ground_m).max(least_m)
}

/// Ends of a leg, whether it is shy, and the points between.
type Led = ((DVec3, DVec3, bool), Vec<DVec3>);

/// What one aircraft may use of the air.
pub(super) struct Airways<'a> {
    landscape: &'a Landscape,
    vehicle: &'a Vehicle,
    /// Closed volumes with their margins.
    closed: Vec<Volume>,
    watch: &'a Watch<'a>,
    /// Rates of climb and descent, m/s, and ceiling, m.
    limits: (f64, f64, f64),
    /// Legs that were led: patrols fly theirs again and again.
    known: RefCell<Vec<Led>>,
}

impl<'a> Airways<'a> {
    /// For an aircraft of a side; none for what does not fly about, or has nothing to mind.
    pub(super) fn of(
        (vehicle, side): (&'a Vehicle, u8),
        (landscape, no_go): (&'a Landscape, &NoGoAreas),
        watch: &'a Watch<'a>,
    ) -> Option<Self> {
        let limits = match &vehicle.class.motion {
            Motion::FixedWing {
                climb_max_m_s,
                descent_max_m_s,
                ceiling_m,
                ..
            }
            | Motion::Rotorcraft {
                climb_max_m_s,
                descent_max_m_s,
                ceiling_m,
                ..
            } => (climb_max_m_s, descent_max_m_s, ceiling_m),
            _ => return None,
        };
        let aside_m = ASIDE_M + TURNS * vehicle.kinematics.turn_radius_m();
        let volumes = no_go.volumes(vehicle.domain_bit(), side);
        let closed: Vec<Volume> = volumes
            .iter()
            .map(|volume| volume.grown(aside_m, ABOVE_M))
            .collect();
        let minds = !closed.is_empty() || watch.is_any();
        minds.then_some(Self {
            landscape,
            vehicle,
            closed,
            watch,
            limits: (
                CLIMB_SHARE * limits.0.value(),
                CLIMB_SHARE * limits.1.value(),
                limits.2.value(),
            ),
            known: RefCell::default(),
        })
    }

    /// Leads a plan that begins at a point around what is closed, and, on legs that only lead somewhere,
    /// around who watches. Times of waiting are cut by what that takes. None where there is no way.
    pub(super) fn lead(&self, plan: &MissionPlan, start: DVec3) -> Option<MissionPlan> {
        let mut at = start;
        let mut legs = Vec::with_capacity(plan.legs.len());
        let (mut more_m, mut is_led) = (0.0, false);
        for leg in &plan.legs {
            let waypoints = self.led(at, leg, plan)?;
            if waypoints != leg.waypoints {
                is_led = true;
                let before_m = self.length_m(at, &leg.waypoints, plan);
                more_m += self.length_m(at, &waypoints, plan) - before_m;
            }
            at = waypoints.last().map_or(at, |last| self.point(last, plan));
            legs.push(Leg {
                waypoints,
                ..leg.clone()
            });
        }
        let late_s = more_m.max(0.0) / self.vehicle.kinematics.speed_cruise_m_s().max(0.1);
        let stays = legs.iter_mut().find_map(|leg| match &mut leg.kind {
            LegKind::Loiter { hold_s, .. } | LegKind::Relay { hold_s } => Some(hold_s),
            _ => None,
        });
        if let Some(hold_s) = stays.filter(|_| late_s > 0.0) {
            *hold_s = (*hold_s - late_s).floor().max(1.0);
        }
        if !is_led {
            return Some(plan.clone());
        }
        let sites = [plan.home, plan.launch.site, plan.recovery];
        Some(MissionPlan {
            geofence: Geofence {
                keep_in: fence(self.landscape, &legs, &sites).keep_in,
                ..plan.geofence.clone()
            },
            legs,
            ..plan.clone()
        })
    }

    /// The points of a leg from where it begins; none if there is no way.
    fn led(&self, start: DVec3, leg: &Leg, plan: &MissionPlan) -> Option<Vec<Waypoint>> {
        let ends = matches!(leg.kind, LegKind::Return { .. });
        let looks = matches!(leg.kind, LegKind::Sense { .. });
        let is_bold = ends || looks;
        let mut at = start;
        let mut led = Vec::with_capacity(leg.waypoints.len());
        if self.is_closed(at) {
            at = self.nearest(at)?;
            led.push(self.waypoint(at));
        }
        let is_open = |waypoint: &Waypoint| !self.is_closed(self.point(waypoint, plan));
        let some_open = leg.waypoints.iter().any(is_open);
        for (number, waypoint) in leg.waypoints.iter().enumerate() {
            let mut waypoint = *waypoint;
            let mut to = self.point(&waypoint, plan);
            if self.is_closed(to) {
                if looks && some_open {
                    continue;
                }
                to = self.nearest(to)?;
                if ends {
                    // It comes down where it has to, from the nearest side.
                    led.extend(
                        self.between(at, to, true)?
                            .into_iter()
                            .map(|at| self.waypoint(at)),
                    );
                    led.push(self.waypoint(to));
                    led.extend_from_slice(&leg.waypoints[number..]);
                    return Some(led);
                }
                (waypoint.lat_deg, waypoint.lon_deg) =
                    self.landscape.frame.to_geodetic(to.truncate());
            }
            led.extend(
                self.between(at, to, is_bold)?
                    .into_iter()
                    .map(|at| self.waypoint(at)),
            );
            led.push(waypoint);
            at = to;
        }
        Some(led)
    }

    /// Points between two that keep out of what is closed, and of sight where it is not bold.
    fn between(&self, from: DVec3, to: DVec3, is_bold: bool) -> Option<Vec<DVec3>> {
        let barring = |a: DVec3, b: DVec3| self.closed.iter().filter(move |it| it.meets_leg(a, b));
        let is_shy = !is_bold && self.watch.is_any();
        if barring(from, to).next().is_none() && !is_shy {
            return Some(Vec::new());
        }
        let leg = (from, to, is_shy);
        if let Some((_, way)) = self.known.borrow().iter().find(|it| it.0 == leg) {
            return Some(way.clone());
        }
        let whole = self.landscape.terrain.bounds();
        let met = barring(from, to).map(|volume| volume.area.bounds());
        let ends = (
            from.truncate().min(to.truncate()),
            from.truncate().max(to.truncate()),
        );
        let (low, high) = met.fold(ends, |sum, it| (sum.0.min(it.0), sum.1.max(it.1)));
        let room = DVec2::splat(ROOM_M.max(0.3 * from.distance(to)));
        let near = ((low - room).max(whole.min), (high + room).min(whole.max));
        let found = self.found(from, to, near, is_shy);
        let way = found.or_else(|| self.found(from, to, (whole.min, whole.max), is_shy))?;
        self.known.borrow_mut().push((leg, way.clone()));
        Some(way)
    }

    /// The cheapest way within a box of the map, without its ends; empty where the straight one does.
    fn found(
        &self,
        from: DVec3,
        to: DVec3,
        (low, high): (DVec2, DVec2),
        is_shy: bool,
    ) -> Option<Vec<DVec3>> {
        let over_m = |at: DVec3| at.z - self.surface_m(at.truncate());
        let height_m = over_m(from).max(over_m(to)).max(HEIGHT_MIN_M);
        let ground_m = self
            .surface_m(from.truncate())
            .min(self.surface_m(to.truncate()));
        let layers = self.layers(height_m, ground_m);
        let step_m = ((high - low).max_element() / STEPS).clamp(STEP_M.0, STEP_M.1);
        let lattice = Lattice::new((low, high), step_m, layers.len(), Neighbours::Sixteen)?;
        let sees = |number, at| self.watch.sees(number, at);
        let nobody = Watch::nobody(self.landscape);
        let watch = if is_shy { self.watch } else { &nobody };
        let bounds = Extent {
            min: low,
            max: high,
        };
        let air = Airspace {
            ground_m: |at: DVec2| bounds.contains(at).then(|| self.surface_m(at)),
            clearance_m: 0.5 * over_m(from).min(over_m(to)).clamp(0.0, height_m),
            ceiling_m: self.limits.2.max(from.z).max(to.z),
            layers: &layers,
            closed: &self.closed,
            airspeed_m_s: self.vehicle.kinematics.speed_cruise_m_s().max(0.1),
            vertical_m_s: (self.limits.0, self.limits.1),
            wind_m_s: DVec2::ZERO,
            slows_to_climb: false,
            power_w: 0.0,
            climb_j_per_m: 0.0,
            threats: watch.threats(&sees),
        };
        let prices = Prices {
            exposure_s: watch.exposure_s,
            energy_s_per_j: 0.0,
        };
        // Whatever it begins or ends below, it climbs to its height at once.
        let raised = |at: DVec3| {
            let least_m = self.surface_m(at.truncate()) + height_m;
            DVec3::new(at.x, at.y, at.z.max(least_m))
        };
        let ends = (raised(from), raised(to));
        let climb = self.climb_steps(&layers, ground_m, step_m);
        let way = passage(&air, &lattice.with_climb_over(climb), ends, prices).ok()?;
        let straight = leg_toll(&air, ends.0, ends.1, lattice.sample_m());
        let is_good = straight
            .is_some_and(|toll| prices.cost_s(way.toll) > WORTH_WHILE * prices.cost_s(toll));
        if is_good {
            return Some(Vec::new());
        }
        let mut points = way.points;
        let inner = points.len() - 1;
        (points[0], points[inner]) = (from, to);
        for corner in 1..inner {
            self.raise(&mut points, corner, air.clearance_m);
        }
        let bars = |leg: &[DVec3]| self.closed.iter().any(|it| it.meets_leg(leg[0], leg[1]));
        let is_open = !points.windows(2).any(bars);
        is_open.then(|| points[1..inner].to_vec())
    }

    /// Lifts a corner over the ground under both its legs where nothing closed is in the way.
    fn raise(&self, points: &mut [DVec3], corner: usize, clearance_m: f64) {
        let (before, at, after) = (points[corner - 1], points[corner], points[corner + 1]);
        let highest_m = self.highest_m(before, at).max(self.highest_m(at, after));
        let lifted = DVec3::new(at.x, at.y, at.z.max(highest_m + clearance_m));
        let bars = |it: &Volume| it.meets_leg(before, lifted) || it.meets_leg(lifted, after);
        if !self.closed.iter().any(bars) {
            points[corner] = lifted;
        }
    }

    /// Highest ground under a leg, m.
    fn highest_m(&self, a: DVec3, b: DVec3) -> f64 {
        let length_m = a.distance(b);
        let mut highest_m = self.surface_m(b.truncate());
        let mut along_m = 0.0;
        while along_m < length_m {
            let at = a.lerp(b, along_m / length_m).truncate();
            highest_m = highest_m.max(self.surface_m(at));
            along_m += LOOK_M;
        }
        highest_m
    }

    /// Layers at the usual height, and over and under each volume that has an end, from the lowest over
    /// the ground there is.
    fn layers(&self, height_m: f64, ground_m: f64) -> Vec<(f64, f64)> {
        let floors = self.closed.iter().map(|volume| volume.heights_m.0 - 1.0);
        let ceilings = self.closed.iter().map(|volume| volume.heights_m.1 + 1.0);
        let levels = floors.chain(ceilings);
        let levels = levels.filter(|level| level.is_finite() && *level < self.limits.2);
        let flat = levels.map(|level| (HEIGHT_MIN_M, level));
        let usual = core::iter::once((height_m, f64::NEG_INFINITY));
        let mut layers: Vec<(f64, f64)> = usual.chain(flat).collect();
        let over = |layer: &(f64, f64)| height_over_m(*layer, ground_m);
        layers.sort_by(|a, b| over(a).total_cmp(&over(b)));
        layers.dedup();
        layers
    }

    /// Steps over which it climbs between the layers that are farthest apart, with something in hand for
    /// ground that falls away.
    fn climb_steps(&self, layers: &[(f64, f64)], ground_m: f64, step_m: f64) -> u8 {
        let speed_m_s = self.vehicle.kinematics.speed_cruise_m_s().max(0.1);
        let rate_m_s = self.limits.0.min(self.limits.1).max(0.1);
        let over = |layer: &(f64, f64)| height_over_m(*layer, ground_m);
        let gaps = layers
            .windows(2)
            .map(|pair| over(&pair[1]) - over(&pair[0]));
        let steps = IN_HAND * gaps.fold(0.0, f64::max) / rate_m_s * speed_m_s / step_m;
        (1..u8::MAX)
            .find(|n| f64::from(*n) >= steps)
            .unwrap_or(u8::MAX)
    }

    /// Height of the ground or the water, m.
    fn surface_m(&self, at: DVec2) -> f64 {
        self.landscape.terrain.surface_m(at.x, at.y)
    }

    /// Whether a point lies in something closed.
    fn is_closed(&self, at: DVec3) -> bool {
        self.closed.iter().any(|volume| volume.contains(at))
    }

    /// The nearest place at the same height that is open.
    fn nearest(&self, at: DVec3) -> Option<DVec3> {
        let bounds = self.landscape.terrain.bounds();
        let is_open = |place: DVec2| bounds.contains(place) && !self.is_closed(place.extend(at.z));
        let place = nearest_open(at.truncate(), (ASIDE_M, REACH_M), is_open)?;
        Some(place.extend(at.z))
    }

    /// A waypoint in the local frame, with its height above mean sea level, m.
    fn point(&self, waypoint: &Waypoint, plan: &MissionPlan) -> DVec3 {
        let at = self.landscape.local(waypoint.lat_deg, waypoint.lon_deg);
        let height_m = match waypoint.altitude {
            Altitude::AboveMeanSea(height_m) => height_m,
            Altitude::AboveHome(height_m) => plan.home.elevation_m + height_m,
            Altitude::AboveGround(height_m) => self.surface_m(at) + height_m,
            Altitude::Depth(_) | Altitude::Surface => self.surface_m(at),
        };
        at.extend(height_m)
    }

    /// A point as a waypoint.
    fn waypoint(&self, at: DVec3) -> Waypoint {
        let (lat_deg, lon_deg) = self.landscape.frame.to_geodetic(at.truncate());
        Waypoint {
            lat_deg,
            lon_deg,
            altitude: Altitude::AboveMeanSea(at.z),
        }
    }

    /// Length over the map of a way along waypoints, m.
    fn length_m(&self, from: DVec3, waypoints: &[Waypoint], plan: &MissionPlan) -> f64 {
        let points = waypoints
            .iter()
            .map(|waypoint| self.point(waypoint, plan).truncate());
        let sum = points.fold((0.0, from.truncate()), |(sum, at), to| {
            (sum + at.distance(to), to)
        });
        sum.0
    }
}
