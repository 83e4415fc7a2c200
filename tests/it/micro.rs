//! A few units on flat ground with the simulator's own weapons and nothing else: what closed forms of
//! combat are held against. See [`Field`].

use std::sync::Arc;

use bevy::prelude::{App, World};
use glam::DVec2;
use tercio::command::CrewState;
use tercio::command::authorisation::authorise;
use tercio::engagement::fire::InFlight;
use tercio::engagement::impact::ShotCounts;
use tercio::engagement::tables::KillTables;
use tercio::engagement::{
    EngagementPlugin, FireOrder, FireState, Guard, Renewal, TrackRef, alarm::Alarm,
};
use tercio::environment::Landscape;
use tercio::geo::{Extent, LocalFrame, Terrain};
use tercio::kernel::ids::{UnitId, UnitIndex, UnitIx, UnitRow};
use tercio::kernel::random::{DrawKey, RunSeed, Stream};
use tercio::kernel::schedule::{SchedulePlugin, run_tick};
use tercio::kernel::scoring::ScoringTag;
use tercio::kernel::time::{Clock, SimTime};
use tercio::org::{
    DeskRules, Doctrine, Echelon, Force, ForceIx, NationIx, OrderOfBattle, ServiceIx, ServiceTime,
    Side, SideIx, UnitOrg,
};
use tercio::physics::{ObstacleField, SightMemo};
use tercio::planning::proposal::Proposal;
use tercio::platform::class::{
    Catalogue, Domain, EffectorSpec, Figure, Fire, KillPoint, TargetClass,
};
use tercio::platform::damage::{Damage, DamagePlugin};
use tercio::platform::kinematics::MotionState;
use tercio::platform::navigation::NavSolution;
use tercio::platform::stance::{StancePlugin, Stillness};
use tercio::platform::stores::{EffectorIx, Magazine, StoresPlugin, Tube};
use tercio::platform::suppression::{Suppression, SuppressionPlugin};
use tercio::platform::truth::{BoardPlugin, Truth, renew_board};
use tercio::platform::vehicle::{Fleet, Vehicle};
use tercio::wire::{
    Arrival, Arrivals, Audience, Detail, Header, MailKinds, MessageSizes, Outbox, Posted,
    Precedence,
};

use super::support::catalogue;

/// The effector of these worlds.
pub(crate) const GUN: EffectorIx = EffectorIx(0);

/// Rounds that nobody uses up.
pub(crate) const PLENTY: u32 = 1_000_000;

/// A figure of a test.
pub(crate) fn exact(value: f64) -> Figure {
    Figure::Notional(value, value, value)
}

/// A gun whose shot destroys with this probability at any range, at once, and once in a cycle, s.
pub(crate) fn gun(fire: Fire, probability: f64, cycle_s: f64) -> EffectorSpec {
    let mut gun = catalogue().effector("tank-gun").unwrap().clone();
    gun.fire = fire;
    gun.range_min_m = exact(0.0);
    gun.range_max_m = exact(1e5);
    gun.speed_m_s = exact(1e9);
    gun.rounds_per_shot = 1;
    gun.cycle_time_s = exact(cycle_s);
    gun.setup_time_s = exact(0.0);
    gun.needs_line_of_sight = false;
    gun.cep_m = exact(0.0);
    gun.suppression = None;
    let curve = vec![KillPoint(0.0, exact(probability))];
    gun.kill_probability = [(TargetClass::Heavy, curve)].into();
    let shares = &mut gun.damage;
    for share in [
        &mut shares.mobility,
        &mut shares.firepower,
        &mut shares.sensor,
        &mut shares.radio,
    ] {
        *share = exact(0.0);
    }
    shares.catastrophic = exact(1.0);
    gun
}

/// The world: tanks of two sides at their places, one gun each.
pub(crate) struct Field {
    pub(crate) world: World,
    places: Vec<(u8, DVec2)>,
    rounds: Vec<u32>,
    orders: u64,
}

/// An order of battle of two hostile sides.
fn order(sides: impl Iterator<Item = u8>) -> OrderOfBattle {
    let side = |id: &str, other: u8| Side {
        id: id.into(),
        hostile_to: [SideIx(other)].into(),
        course: None,
        planner: tercio::org::Planner::default(),
    };
    let force = |at: u8| Force {
        id: format!("force-{at}"),
        side: SideIx(at),
        echelon: Echelon::Platoon,
        superior: None,
        command: None,
        has_own_command: false,
        doctrine: Doctrine::default(),
    };
    let unit = |side: u8| UnitOrg {
        side: SideIx(side),
        nation: NationIx(0),
        service: ServiceIx(0),
        force: ForceIx(u16::from(side)),
        roles: [].into(),
        releasable_to: None,
        stem: String::new(),
    };
    OrderOfBattle {
        sides: vec![side("blue", 1), side("red", 0)],
        forces: (0..2).map(force).collect(),
        units: sides.map(unit).collect(),
        ..OrderOfBattle::default()
    }
}

/// Flat ground, 20 km wide.
fn flat() -> Landscape {
    let extent = Extent::about(DVec2::ZERO, 10_000.0);
    Landscape {
        terrain: Arc::new(Terrain::from_fn(extent, 1000.0, true, |_| 10.0).unwrap()),
        frame: LocalFrame::new(50.0, 8.0).unwrap(),
        undulation_m: 0.0,
        cover: Arc::default(),
    }
}

impl Field {
    /// Units of sides 0 and 1 at their places, with ticks of a second.
    pub(crate) fn new(gun: EffectorSpec, places: Vec<(u8, DVec2)>) -> Self {
        let mut own = Catalogue::clone(catalogue());
        own.vulnerability = None;
        Self::with(own, vec![(gun, PLENTY)], places, |_| ())
    }

    /// The same with a catalogue of its own.
    pub(crate) fn with(
        own: Catalogue,
        arms: Vec<(EffectorSpec, u32)>,
        places: Vec<(u8, DVec2)>,
        more: impl FnOnce(&mut App),
    ) -> Self {
        Self::ticking(1000, (own, arms), places, more)
    }

    /// The same with ticks of so many milliseconds.
    pub(crate) fn ticking(
        dt_ms: u32,
        (own, arms): (Catalogue, Vec<(EffectorSpec, u32)>),
        places: Vec<(u8, DVec2)>,
        more: impl FnOnce(&mut App),
    ) -> Self {
        let mut app = App::empty();
        app.add_plugins((
            SchedulePlugin { dt_ms },
            BoardPlugin,
            DamagePlugin,
            StoresPlugin,
            StancePlugin,
            SuppressionPlugin,
            EngagementPlugin,
        ));
        more(&mut app);
        let mut world = core::mem::take(app.world_mut());
        let tank = own.class("main-battle-tank").unwrap();
        let vehicle = Vehicle::new(tank, 0.0, 0.2).unwrap();
        let mut rows = Vec::new();
        for (at, (_, place)) in places.iter().enumerate() {
            let state = MotionState::at_rest(place.extend(10.0), 0.0);
            let id = UnitId(at as u64 + 1);
            let mut draws = DrawKey::new(Stream::Navigation, id.0, 0, 0).draws(1);
            let entity = world.spawn((
                UnitIx::from_at(at),
                id,
                Truth(state),
                NavSolution::new(&state, 0.0, &mut draws),
                Alarm::default(),
                Damage::default(),
                Magazine::default(),
                FireState::default(),
                Stillness::default(),
                Suppression::default(),
                (Guard::default(), CrewState::default()),
            ));
            rows.push(UnitRow {
                id,
                entity: entity.id(),
                name: format!("tank-{at}"),
            });
        }
        let (arms, rounds): (Vec<_>, Vec<_>) = arms.into_iter().unzip();
        world.insert_resource(KillTables::new(arms.iter()));
        world.insert_resource(order(places.iter().map(|(side, _)| *side)));
        let vehicles = vec![vehicle; places.len()];
        world.insert_resource(Fleet::new(
            vehicles,
            arms.into_iter().map(Arc::new).collect(),
            Arc::new(own),
        ));
        world.insert_resource(UnitIndex::new(rows));
        world.insert_resource(flat());
        world.init_resource::<ObstacleField>();
        world.init_resource::<SightMemo>();
        world.init_resource::<MessageSizes>();
        let mut field = Self {
            world,
            places,
            rounds,
            orders: 0,
        };
        field.begin(0);
        field
    }

    /// Everybody whole again, at time zero of the run with this seed.
    pub(crate) fn begin(&mut self, seed: u64) {
        let world = &mut self.world;
        world.insert_resource(RunSeed(seed));
        world.resource_mut::<Clock>().tick = 0;
        world.insert_resource(InFlight::default());
        world.insert_resource(ShotCounts::default());
        let entities: Vec<_> = (0..self.places.len())
            .map(|at| world.resource::<UnitIndex>().entity(UnitIx::from_at(at)))
            .collect();
        for entity in entities {
            let tube = |(at, rounds): (u16, &u32)| Tube {
                effector: EffectorIx(at),
                rounds: *rounds,
                capacity: *rounds,
                ready: SimTime::ZERO,
            };
            let tubes = (0..).zip(&self.rounds).map(tube).collect();
            world.entity_mut(entity).insert((
                Damage::default(),
                Magazine { tubes },
                FireState::default(),
                Stillness::default(),
                Suppression::default(),
                (Guard::default(), CrewState::default()),
            ));
        }
        self.orders = 0;
        renew_board(&mut self.world);
    }

    /// A component of a unit.
    pub(crate) fn part<T: bevy::prelude::Component>(&self, at: usize) -> &T {
        let entity = self
            .world
            .resource::<UnitIndex>()
            .entity(UnitIx::from_at(at));
        self.world.get::<T>(entity).unwrap()
    }

    /// Changes a component of a unit.
    pub(crate) fn change<T>(&mut self, at: usize, change: impl FnOnce(&mut T))
    where
        T: bevy::prelude::Component<Mutability = bevy::ecs::component::Mutable>,
    {
        let entity = self
            .world
            .resource::<UnitIndex>()
            .entity(UnitIx::from_at(at));
        change(&mut self.world.get_mut::<T>(entity).unwrap());
    }

    /// Units of a side that live.
    pub(crate) fn living(&self, side: u8) -> Vec<usize> {
        let is_it =
            |at: &usize| self.places[*at].0 == side && !self.part::<Damage>(*at).is_destroyed();
        (0..self.places.len()).filter(is_it).collect()
    }

    /// Where a unit stands, m.
    pub(crate) fn place(&self, at: usize) -> DVec2 {
        self.places[at].1
    }

    /// Leave of a person for so many shots of a unit at a place.
    pub(crate) fn allow(&mut self, shooter: usize, aim: DVec2, shots: u32) -> FireOrder {
        self.allow_for(shooter, aim, shots, 1e6)
    }

    /// The same, void after so much silence of its desk, s.
    pub(crate) fn allow_for(
        &mut self,
        shooter: usize,
        aim: DVec2,
        shots: u32,
        lost_link_s: f64,
    ) -> FireOrder {
        let now = self.world.resource::<Clock>().now();
        self.orders += 1;
        let node = UnitIx::from_at(shooter);
        let proposal = Proposal {
            id: self.orders,
            post: node,
            track: TrackRef { node, number: 1 },
            confidence: 1.0,
            position: aim,
            velocity: DVec2::ZERO,
            sigma_m: 0.0,
            as_of: now,
            target: TargetClass::Heavy,
            domain: Domain::Land,
            shooter: node,
            effector: GUN,
            shots,
            proposed: now,
            tag: ScoringTag::default(),
        };
        let rules = DeskRules {
            at: String::new(),
            operators: 1,
            service: ServiceTime {
                median_s: 0.0,
                sigma_log: 0.0,
                floor_s: 0.0,
                law: tercio::org::ServiceLaw::default(),
            },
            accept_confidence: 0.0,
            authorisation_valid_s: 1e6,
            proposal_valid_s: 1e6,
            patience: tercio::org::Patience::default(),
            lost_link_s,
        };
        authorise(&proposal, node, &rules, now)
    }

    /// Runs a tick in which these orders arrive.
    pub(crate) fn tick(&mut self, orders: &[FireOrder]) {
        let now = self.world.resource::<Clock>().now();
        for order in orders {
            let shooter = order.authorisation().shooter;
            let posted = Posted {
                author: (UnitId(u64::from(shooter.0) + 1), shooter),
                audience: Audience::Unit(shooter),
                precedence: Precedence::Flash,
                size_bytes: 1,
                created: now,
                valid_s: 1e6,
                is_latest: false,
            };
            self.world
                .resource_mut::<Outbox<FireOrder>>()
                .post(posted, *order);
        }
        self.carry(now);
        run_tick(&mut self.world);
    }

    /// The desk's word that leave still holds, with where the target is by now, for the next tick.
    pub(crate) fn renew(&mut self, shooter: usize, renewal: Renewal) {
        let to = UnitIx::from_at(shooter);
        let posted = Posted {
            author: (UnitId(u64::from(to.0) + 1), to),
            audience: Audience::Unit(to),
            precedence: Precedence::Flash,
            size_bytes: 1,
            created: renewal.aim.as_of,
            valid_s: 1e6,
            is_latest: false,
        };
        self.world
            .resource_mut::<Outbox<Renewal>>()
            .post(posted, renewal);
    }

    /// Carries all mail to its addressees without delay or loss.
    fn carry(&mut self, now: SimTime) {
        let kinds = self.world.resource::<MailKinds>().kinds.clone();
        let mut headers: Vec<Header> = Vec::new();
        for kind in &kinds {
            (kind.collect)(&mut self.world, &mut headers);
        }
        let arrival = |header: &Header| match header.audience {
            Audience::Unit(to) => Some(Arrival {
                id: header.id,
                class: header.class,
                to,
                at: now,
                detail: Detail::Full,
            }),
            _ => None,
        };
        let arrivals = Arrivals {
            arrived: headers.iter().filter_map(arrival).collect(),
            overheard: Vec::new(),
            done: headers.iter().map(|header| header.id).collect(),
        };
        for kind in &kinds {
            (kind.deliver)(&mut self.world, &arrivals);
        }
    }
}

/// Places of so many units of a side, closer together than a gunner has in view.
pub(crate) fn cluster(side: u8, count: u32, centre: DVec2) -> Vec<(u8, DVec2)> {
    let place = |k: u32| {
        (
            side,
            centre + DVec2::X * (f64::from(k) - f64::from(count) / 2.0),
        )
    };
    (0..count).map(place).collect()
}

/// Places of so many units of a side in a row, farther apart than a gunner has in view.
pub(crate) fn row(side: u8, count: u32, start: DVec2) -> Vec<(u8, DVec2)> {
    let place = |k: u32| (side, start + DVec2::X * 100.0 * f64::from(k));
    (0..count).map(place).collect()
}

/// One of `count`, by the k-th choice of a chooser in the run with this seed.
pub(crate) fn choose(count: usize, (chooser, k): (usize, u64), seed: u64) -> usize {
    let key = DrawKey::new(Stream::Placement, chooser as u64, k, 0);
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        clippy::cast_precision_loss,
        reason = "a small number"
    )]
    let at = (key.uniform(seed) * count as f64) as usize;
    at.min(count - 1)
}
