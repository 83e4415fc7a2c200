//! Who sees shells in flight, and from where they were fired. See [`WeaponLocatingPlugin`].
//!
//! A weapon-locating radar watches the sky above the horizon of its sector. A shell of another side that
//! climbs through it is followed from a quarter of its time of flight to its highest point, and its way
//! is drawn back to the muzzle: the fix is of the weapon, not of the shell, with an error that grows with
//! the distance. It needs the radar on the air and sight of both ends of that piece of trajectory; each
//! shot is one draw, and is decided when the shell is at its highest.
//!
//! What is fired says that who fires is at war with somebody: hostile, mostly, and alive; and by the
//! trajectory what kind of weapon it is. The own side's fires are known from its plan and left out.
//!
//! Left out: limits of how many shells are followed at once, rain and jamming against the radar, where
//! the shell will fall.

use bevy::prelude::{App, IntoScheduleConfigs, Plugin, Query, Res, ResMut};
use glam::DVec3;

use super::{
    caught::{Act, Caught},
    detection::{DETECTABLE, Detection, Opportunity},
    evidence::{Evidence, View},
    locator::{Locator, Locators, SEEN_FROM},
    look::look,
    suite::{SensorSuites, SensorUnit},
    transponder::report,
};
use crate::{
    environment::Landscape,
    kernel::{
        dist,
        ids::{UnitIndex, UnitIx},
        math,
        messages::Buffer,
        random::{DrawKey, RunSeed, Stream},
        schedule::{Phase, SimTick},
        scoring::ScoringTag,
        time::{Clock, SimTime},
    },
    org::OrderOfBattle,
    physics::{ObstacleField, SightMemo},
    platform::{
        class::TargetClass,
        damage::Damage,
        emission::Emissions,
        shells::{Shell, Shells},
        truth::{Board, Piece},
        vehicle::Fleet,
    },
};

/// Everything that a look reads.
struct Scene<'a> {
    seed: u64,
    now: SimTime,
    landscape: &'a Landscape,
    field: &'a ObstacleField,
    board: &'a Board,
    fleet: &'a Fleet,
    order: &'a OrderOfBattle,
    index: &'a UnitIndex,
}

/// One radar of a unit.
struct Radar<'a> {
    unit: UnitIx,
    piece: &'a Piece,
    locator: &'a Locator,
    sensor: &'a SensorUnit,
    /// Hash of unit and sensor, the subject of its draws.
    subject: u64,
}

impl Radar<'_> {
    /// The antenna, m.
    fn antenna(&self) -> DVec3 {
        self.piece.position + DVec3::Z * self.sensor.height_m
    }

    /// Whether a place lies in its sector.
    fn is_in_sector(&self, place: DVec3) -> bool {
        let way = place - self.antenna();
        let off_bow = math::wrap_pi(math::bearing(way.x, way.y) - self.piece.heading_rad);
        off_bow.abs() <= self.sensor.half_sector_rad
    }

    /// The act that firing a shell is to it, and what it takes the weapon for; none where it is too far
    /// away, or the upper part of its way out of the sector or behind a hill.
    fn sees(
        &self,
        shell: &Shell,
        scene: &Scene<'_>,
        memo: &mut SightMemo,
    ) -> Option<(Act, TargetClass)> {
        let effector = scene.fleet.effector(shell.effector);
        let band = self.locator.bands.get(&effector.munition)?;
        let range_m = self.antenna().distance(shell.from);
        if !(self.sensor.range_m[0]..=band.range_max_m).contains(&range_m) {
            return None;
        }
        let piece_of_way = [SEEN_FROM, 0.5].map(|share| shell.place(share));
        let is_seen = |place: DVec3, memo: &mut SightMemo| {
            self.is_in_sector(place)
                && memo.is_clear(self.antenna(), place, scene.landscape, scene.field)
        };
        if !piece_of_way.into_iter().all(|place| is_seen(place, memo)) {
            return None;
        }
        let act = Act::Shell {
            shell: shell.number,
            range_m,
            per_round: self.locator.per_round,
            rounds: shell.rounds,
        };
        Some((act, band.weapon))
    }

    /// Where it takes the weapon to be that fired a shell.
    fn fix(&self, shell: &Shell, weapon: TargetClass, scene: &Scene<'_>) -> Detection {
        let name = |stream, object, n| DrawKey::new(stream, self.subject, object, n);
        let from = self.antenna().truncate();
        let relative = shell.from.truncate() - from;
        let error = self.sensor.sigma.at(relative.length());
        let mut draws = name(Stream::WeaponFix, shell.number, 0).draws(scene.seed);
        let measured = error.measured(relative, dist::standard_normal_pair(&mut draws));
        let sides = [self.unit, shell.shooter].map(|ix| scene.order.unit(ix).side);
        // Who takes a weapon for somebody else's does so for every shell of it.
        let view = View::fire(self.locator.sensor);
        let shooter = scene.index.id(shell.shooter).0;
        let judgement = name(Stream::Identification, shooter, view.number()).uniform(scene.seed);
        let is_hostile = scene.order.are_hostile(sides[0], sides[1]);
        Detection {
            observer: self.unit,
            at: scene.now,
            position: from + measured,
            covariance: error.covariance(measured),
            evidence: Evidence::of_fire(is_hostile, (view, judgement), weapon),
            bearing: None,
            still: None,
            tag: ScoringTag::seal(Some(shell.shooter)),
        }
    }
}

/// Where the outcome of looks goes.
struct Found<'a> {
    detections: &'a mut Buffer<Detection>,
    opportunities: &'a mut Buffer<Opportunity>,
    caught: &'a mut Buffer<Caught>,
}

/// One radar and one shell that has just passed its highest point.
fn follow(
    radar: &Radar<'_>,
    shell: &Shell,
    scene: &Scene<'_>,
    memo: &mut SightMemo,
    found: &mut Found<'_>,
) {
    let Some((act, weapon)) = radar.sees(shell, scene, memo) else {
        return;
    };
    let (observer, target, at) = (radar.unit, shell.shooter, scene.now);
    let probability = act.probability();
    if probability >= DETECTABLE && scene.board.piece(target).is_alive {
        found.opportunities.write(Opportunity {
            observer,
            target,
            at,
        });
    }
    let (stream, object) = act.draw_of(scene.index.id(target).0);
    let key = DrawKey::new(stream, radar.subject, object, 0);
    let draw = key.uniform(scene.seed);
    if draw >= probability {
        return;
    }
    found.caught.write(Caught {
        observer,
        target,
        at,
        sensor: radar.locator.sensor,
        act,
        key,
        draw,
    });
    found.detections.write(radar.fix(shell, weapon, scene));
}

/// Lets every weapon-locating radar that works follow the shells that pass their highest point in this
/// tick.
fn locate(
    (clock, seed, index): (Res<'_, Clock>, Res<'_, RunSeed>, Res<'_, UnitIndex>),
    (landscape, field, board): (Res<'_, Landscape>, Res<'_, ObstacleField>, Res<'_, Board>),
    (fleet, order, emissions): (Res<'_, Fleet>, Res<'_, OrderOfBattle>, Res<'_, Emissions>),
    (suites, locators, shells): (Res<'_, SensorSuites>, Res<'_, Locators>, Res<'_, Shells>),
    mut memo: ResMut<'_, SightMemo>,
    mut outcome: (
        ResMut<'_, Buffer<Detection>>,
        ResMut<'_, Buffer<Opportunity>>,
        ResMut<'_, Buffer<Caught>>,
    ),
    units: Query<'_, '_, &Damage>,
) {
    let before = SimTime(clock.now().0.saturating_sub(clock.next().0 - clock.now().0));
    let is_due = |shell: &&Shell| (before.0 + 1..=clock.now().0).contains(&shell.apex_at().0);
    let due: Vec<&Shell> = shells.flying().iter().filter(is_due).collect();
    if due.is_empty() {
        return;
    }
    let scene = Scene {
        seed: seed.0,
        now: clock.now(),
        landscape: &landscape,
        field: &field,
        board: &board,
        fleet: &fleet,
        order: &order,
        index: &index,
    };
    let mut found = Found {
        detections: &mut outcome.0,
        opportunities: &mut outcome.1,
        caught: &mut outcome.2,
    };
    for ((unit, row), locators) in index.iter().zip(&locators.0) {
        let works = || units.get(row.entity).is_ok_and(Damage::can_see);
        if locators.is_empty() || !emissions.is_free(unit) || !works() {
            continue;
        }
        let own = order.unit(unit).side;
        for locator in locators {
            let radar = Radar {
                unit,
                piece: board.piece(unit),
                locator,
                sensor: &suites.of(unit)[locator.sensor as usize],
                subject: row.id.0.rotate_left(locator.sensor + 1),
            };
            for shell in &due {
                if order.unit(shell.shooter).side != own {
                    follow(&radar, shell, &scene, &mut memo, &mut found);
                }
            }
        }
    }
}

/// Locates weapons in the phase `Sense`, after the looks.
#[derive(Debug)]
pub struct WeaponLocatingPlugin;

impl Plugin for WeaponLocatingPlugin {
    fn build(&self, app: &mut App) {
        app.init_resource::<Locators>()
            .init_resource::<Shells>()
            .add_systems(
                SimTick,
                locate.after(look).before(report).in_set(Phase::Sense),
            );
    }
}
