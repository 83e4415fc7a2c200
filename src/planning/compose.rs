//! From what a vehicle is to do, in the local frame, to its [`MissionPlan`]. See [`Composer`].

use glam::{DVec2, DVec3};

use crate::{
    environment::Landscape,
    plan::{
        Altitude, Capture, Finish, Geofence, Launch, Leg, LegKind, LinkNeed, LostLink,
        LostLinkAction, MissionPlan, Pointing, Position, Site, Waypoint, approach,
    },
    platform::{class::Domain, energy::EnergyStore, kinematics::Kinematics, vehicle::Vehicle},
};

/// Height above the ground at which aircraft fly that are not told otherwise, m (notional; below the
/// 120 m of the open category of Regulation (EU) 2019/947).
pub const HEIGHT_M: f64 = 100.0;

/// Depth at which divers go that are not told otherwise, m.
pub const DEPTH_M: f64 = 10.0;

/// Height at which a fixed wing begins its landing approach, m.
const GATE_M: f64 = 40.0;

/// Margin of the fence about everything that a plan touches, m.
const FENCE_M: f64 = 800.0;

/// Least reserve that a plan states, a share: what does not run out keeps a token one.
const RESERVE_MIN: f64 = 0.05;

/// Spacing at which the ground under a leg is looked at, m.
const LOOK_M: f64 = 100.0;

/// What a vehicle does at the end of its way.
#[derive(Debug, Clone, PartialEq)]
pub enum Doing {
    /// Nothing: it only goes there.
    Go,
    /// Looks along these points.
    Look(Vec<DVec2>),
    /// Stays for so many seconds.
    Stay(f64),
    /// Stays for so many seconds and passes messages on.
    Relay(f64),
}

/// Makes plans for one vehicle.
#[derive(Debug)]
pub struct Composer<'a> {
    /// The ground.
    pub landscape: &'a Landscape,
    /// The vehicle.
    pub vehicle: &'a Vehicle,
    /// Its name.
    pub unit: &'a str,
    /// Where it started into the scenario and goes back to, m.
    pub home: DVec3,
    /// Where it is now, m.
    pub position: DVec3,
    /// Energy left, a share.
    pub energy_share: f64,
    /// Height above ground or depth, m, where the mission names one.
    pub altitude_m: Option<f64>,
}

impl Composer<'_> {
    /// A place on the ellipsoid.
    fn place(&self, point: DVec2) -> (f64, f64) {
        self.landscape.frame.to_geodetic(point)
    }

    /// A place to start from or come back to.
    fn site(&self, point: DVec3) -> Site {
        let (lat_deg, lon_deg) = self.place(point.truncate());
        let elevation_m = self.landscape.terrain.surface_m(point.x, point.y);
        Site {
            lat_deg,
            lon_deg,
            elevation_m,
        }
    }

    /// Highest surface under the way between two points, m.
    fn highest_m(&self, a: DVec2, b: DVec2) -> f64 {
        let terrain = &self.landscape.terrain;
        let mut along_m = 0.0;
        let length_m = a.distance(b);
        let mut highest = terrain.surface_m(b.x, b.y);
        while along_m < length_m {
            let at = a.lerp(b, along_m / length_m);
            highest = highest.max(terrain.surface_m(at.x, at.y));
            along_m += LOOK_M;
        }
        highest
    }

    /// Waypoints along points: an aircraft clears the ground on both sides of each by its height.
    fn waypoints(&self, from: DVec2, points: &[DVec2], then: Option<DVec2>) -> Vec<Waypoint> {
        let altitude = |at: usize| match self.vehicle.class.domain {
            Domain::Air => {
                let before = if at == 0 { from } else { points[at - 1] };
                let after = points.get(at + 1).copied().or(then).unwrap_or(points[at]);
                let ground_m = self
                    .highest_m(before, points[at])
                    .max(self.highest_m(points[at], after));
                Altitude::AboveMeanSea(ground_m + self.altitude_m.unwrap_or(HEIGHT_M))
            }
            Domain::Subsurface => Altitude::Depth(self.altitude_m.unwrap_or(DEPTH_M)),
            Domain::Land | Domain::Surface | Domain::Fixed => Altitude::Surface,
        };
        let waypoint = |(at, point): (usize, &DVec2)| {
            let (lat_deg, lon_deg) = self.place(*point);
            Waypoint {
                lat_deg,
                lon_deg,
                altitude: altitude(at),
            }
        };
        points.iter().enumerate().map(waypoint).collect()
    }

    /// Seconds that the vehicle lasts at cruise with what it has.
    #[must_use]
    pub fn endurance_s(&self) -> f64 {
        let store = EnergyStore {
            share: self.energy_share,
        };
        let speed = self.vehicle.kinematics.speed_cruise_m_s();
        let lasts =
            self.vehicle
                .energy
                .remaining_time_s(&store, speed, false, self.vehicle.equipment_w);
        // A week stands for what does not run out.
        lasts.min(604_800.0)
    }

    /// The plan: the way there, what is done there, and the way back.
    #[must_use]
    pub fn plan(&self, way: &[DVec2], doing: &Doing, back: &[DVec2], task: &str) -> MissionPlan {
        let start = self.position.truncate();
        let named = |kind, waypoints| Leg {
            kind,
            waypoints,
            speed_m_s: None,
            window: None,
            task: Some(task.to_owned()),
        };
        let there = way.last().copied().unwrap_or(start);
        let look: &[DVec2] = if let Doing::Look(points) = doing {
            points
        } else {
            &[]
        };
        let last = look.last().copied().unwrap_or(there);
        let mut legs = Vec::new();
        if !way.is_empty() {
            let next = look.first().copied();
            legs.push(named(LegKind::Navigate, self.waypoints(start, way, next)));
        }
        match doing {
            Doing::Go => {}
            Doing::Look(points) => {
                let pointing = if self.vehicle.is_air() {
                    Pointing::Nadir
                } else {
                    Pointing::Fixed
                };
                let kind = LegKind::Sense {
                    pointing,
                    capture: Capture::Video,
                };
                legs.push(named(
                    kind,
                    self.waypoints(there, points, back.first().copied()),
                ));
            }
            Doing::Stay(hold_s) => {
                let radius_m = (1.5 * self.vehicle.kinematics.turn_radius_m())
                    .max(20.0)
                    .ceil();
                let kind = LegKind::Loiter {
                    hold_s: hold_s.floor(),
                    radius_m,
                };
                legs.push(named(
                    kind,
                    self.waypoints(there, &[there], back.first().copied()),
                ));
            }
            Doing::Relay(hold_s) => {
                let kind = LegKind::Relay {
                    hold_s: hold_s.floor(),
                };
                legs.push(named(
                    kind,
                    self.waypoints(there, &[there], back.first().copied()),
                ));
            }
        }
        legs.push(self.way_back(last, back));
        self.wrap(legs)
    }

    /// The last leg.
    fn way_back(&self, from: DVec2, back: &[DVec2]) -> Leg {
        let mut waypoints = self.waypoints(from, back, Some(self.home.truncate()));
        let autopilot = self.vehicle.class.autopilot;
        let finish = if self.vehicle.is_air() {
            Finish::Land
        } else {
            Finish::Recover
        };
        if autopilot.is_fixed_wing() {
            let inbound = self.home.truncate() - back.last().copied().unwrap_or(from);
            let heading = crate::kernel::math::bearing(inbound.x, inbound.y);
            waypoints.extend(approach::approach(self.site(self.home), heading, GATE_M));
        } else if self.vehicle.is_air() {
            waypoints.extend(self.waypoints(from, &[self.home.truncate()], None));
        }
        Leg {
            kind: LegKind::Return { finish },
            waypoints,
            speed_m_s: None,
            window: None,
            task: None,
        }
    }

    /// Everything about the plan but its legs.
    fn wrap(&self, legs: Vec<Leg>) -> MissionPlan {
        let class = &self.vehicle.class;
        let is_air = self.vehicle.is_air();
        let home = self.site(self.home);
        let launch = self.site(self.position);
        let climb_m = if is_air {
            self.altitude_m.unwrap_or(HEIGHT_M).clamp(10.0, 60.0)
        } else {
            0.0
        };
        MissionPlan {
            unit: self.unit.to_owned(),
            class: class.name.clone(),
            vehicle_kind: kind_word(self.vehicle).to_owned(),
            autopilot: class.autopilot,
            home,
            launch: Launch {
                site: launch,
                climb_m,
                at_s: 0.0,
            },
            recovery: home,
            geofence: fence(self.landscape, &legs, &[home, launch]),
            rally: if is_air {
                vec![home.waypoint(climb_m.max(30.0))]
            } else {
                Vec::new()
            },
            legs,
            lost_link: LostLink {
                after_s: 60.0,
                action: LostLinkAction::Return,
            },
            cruise_speed_m_s: self.vehicle.kinematics.speed_cruise_m_s(),
            endurance_s: self.endurance_s(),
            reserve_fraction: self.vehicle.energy.reserve_fraction.max(RESERVE_MIN),
            link: (class.domain != Domain::Subsurface).then_some(LinkNeed {
                margin_min_db: 3.0,
                gap_max_s: 120.0,
            }),
        }
    }
}

/// A rectangle about everything that a plan touches, with a margin.
pub(super) fn fence(landscape: &Landscape, legs: &[Leg], sites: &[Site]) -> Geofence {
    let points = legs
        .iter()
        .flat_map(|leg| &leg.waypoints)
        .map(|w| (w.lat_deg, w.lon_deg));
    let places = points.chain(sites.iter().map(|site| (site.lat_deg, site.lon_deg)));
    let (mut low, mut high) = (DVec2::splat(f64::INFINITY), DVec2::splat(f64::NEG_INFINITY));
    for (lat, lon) in places {
        let at = landscape.frame.to_local(lat, lon);
        (low, high) = (low.min(at), high.max(at));
    }
    let (low, high) = (low - DVec2::splat(FENCE_M), high + DVec2::splat(FENCE_M));
    let corners = [
        low,
        DVec2::new(high.x, low.y),
        high,
        DVec2::new(low.x, high.y),
    ];
    let keep_in = corners
        .map(|corner| {
            let (lat_deg, lon_deg) = landscape.frame.to_geodetic(corner);
            Position { lat_deg, lon_deg }
        })
        .to_vec();
    Geofence {
        keep_in,
        keep_out: Vec::new(),
        ceiling_m: None,
        depth_max_m: None,
    }
}

/// The kind of vehicle in a word.
fn kind_word(vehicle: &Vehicle) -> &'static str {
    match (&vehicle.kinematics, vehicle.class.domain) {
        (Kinematics::FixedWing(_), _) => "plane",
        (Kinematics::Aerostat(_), _) => "aerostat",
        (_, Domain::Air) => "copter",
        (_, Domain::Surface) => "boat",
        (_, Domain::Subsurface) => "sub",
        (Kinematics::Foot(_), _) => "foot",
        (_, Domain::Land | Domain::Fixed) => "rover",
    }
}
