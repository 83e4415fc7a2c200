//! Guided munitions in flight, what they are told there, and crews that fire at them: against closed
//! forms (MODELS §3, numbers 11 and 13; `tests/reference/attrition.csv`), with every shot in the
//! ledger.

use bevy::prelude::{App, IntoScheduleConfigs, Res, ResMut, Resource};
use glam::DVec2;
use tercio::command::defence::CrewPlugin;
use tercio::command::ledger::LedgerPlugin;
use tercio::command::{CrewRuled, Ledger, Violations};
use tercio::engagement::{Adjudication, Aim, DefenceShot, Interception, Outcome, Renewal};
use tercio::kernel::ids::UnitIx;
use tercio::kernel::messages::Buffer;
use tercio::kernel::random::{DrawKey, Stream};
use tercio::kernel::schedule::{Phase, SimTick};
use tercio::kernel::time::{Clock, SimTime};
use tercio::platform::airborne::Airborne;
use tercio::platform::class::{
    Catalogue, DecisionSpec, DefenceSpec, EffectorSpec, Fire, FlightSpec, KillPoint, Profile,
};
use tercio::platform::damage::{Damage, Harm};
use tercio::platform::truth::Truth;
use tercio::sensing::{Inbound, SensorUnit};

use super::attrition::{assert_mean, assert_share, reference};
use super::micro::{Field, PLENTY, exact, gun};
use super::support::catalogue;

/// Speed of the missiles, m/s.
const SPEED_M_S: f64 = 200.0;

/// A missile that hits what is within 50 m of where it arrives, and does no more than break its
/// radios.
fn missile() -> EffectorSpec {
    let mut missile = gun(Fire::Guided, 1.0, 0.001);
    missile.speed_m_s = exact(SPEED_M_S);
    missile.flight = Some(FlightSpec {
        profile: Profile::Straight,
        basket_m: exact(50.0),
    });
    missile.damage.catastrophic = exact(0.0);
    missile.damage.radio = exact(1.0);
    missile
}

/// A weapon against missiles: probability of one shot, reach in m, most shots at one missile.
fn defence(probability: f64, [near_m, far_m]: [f64; 2], shots_max: u32) -> EffectorSpec {
    let mut weapon = gun(Fire::Direct, 0.0, 0.001);
    weapon.kill_probability.clear();
    weapon.defence = Some(DefenceSpec {
        reach_min_m: exact(near_m),
        reach_m: exact(far_m),
        kill_probability: vec![KillPoint(0.0, exact(probability))],
        channels: 100,
        shots_max,
        looks: true,
        operators: 100,
        decision: DecisionSpec {
            median_s: exact(0.5),
            sigma_log: exact(0.0),
            floor_s: exact(0.1),
        },
        valid_s: exact(60.0),
    });
    weapon
}

/// What happened.
#[derive(Debug, Clone, Default, Resource)]
struct Tally {
    refused: u32,
    shots: u32,
    intercepted: u32,
    ends: Vec<(UnitIx, Outcome)>,
    /// Numbers of the cases that were decided.
    cases: Vec<u64>,
    /// When was fired at which munition.
    fired: Vec<(f64, u64)>,
    /// Names of the draws of defensive shots.
    keys: Vec<DrawKey>,
}

impl Tally {
    /// When was first and last fired at a munition, s.
    fn span_s(&self, munition: u64) -> [f64; 2] {
        let of_it = self.fired.iter().filter(|(_, at)| *at == munition);
        let times = of_it.map(|(at_s, _)| *at_s);
        let span = times.fold([f64::MAX, f64::MIN], |[first, last], it| {
            [first.min(it), last.max(it)]
        });
        assert!(span[0] <= span[1], "nobody fired at it: {self:?}");
        span
    }
}

/// Counts what happens.
fn count(
    (ruled, shots): (Res<'_, Buffer<CrewRuled>>, Res<'_, Buffer<DefenceShot>>),
    (done, ends): (Res<'_, Buffer<Interception>>, Res<'_, Buffer<Adjudication>>),
    mut tally: ResMut<'_, Tally>,
) {
    let small = |n: usize| u32::try_from(n).unwrap();
    tally.refused += small(ruled.read().iter().filter(|it| it.leave.is_none()).count());
    tally.shots += small(shots.read().len());
    tally.intercepted += small(done.read().iter().filter(|it| it.is_hit()).count());
    tally.cases.extend(ruled.read().iter().map(|it| it.number));
    let fired = |shot: &DefenceShot| (shot.fired.as_s(), shot.order.munition());
    tally.fired.extend(shots.read().iter().map(fired));
    tally.keys.extend(done.read().iter().map(|it| it.key));
    let end = |line: &Adjudication| (line.victim.unwrap_or(line.shooter()), line.outcome);
    tally.ends.extend(ends.read().iter().map(end));
}

/// A field with crews, a ledger that watches them, and these arms beside missiles.
fn field(arms: Vec<(EffectorSpec, u32)>, places: Vec<(u8, DVec2)>) -> Field {
    let mut own = Catalogue::clone(catalogue());
    own.vulnerability = None;
    let mut all = vec![(missile(), PLENTY)];
    all.extend(arms);
    let more = |app: &mut App| {
        app.add_plugins((CrewPlugin, LedgerPlugin))
            .init_resource::<Tally>()
            .add_systems(SimTick, count.in_set(Phase::Record));
    };
    Field::with(own, all, places, more)
}

/// Every unit of the other side sees every missile.
fn see_all(field: &mut Field, sides: &[u8]) {
    let now = field.world.resource::<Clock>().now();
    let flying = field.world.resource::<Airborne>().0.clone();
    let sensor = catalogue().sensor("radar-naval").unwrap();
    let sensor = SensorUnit::from_spec(sensor, 10.0).unwrap();
    for (number, munition) in flying {
        for (at, side) in sides.iter().enumerate() {
            if *side == sides[munition.shooter.at()] {
                continue;
            }
            let look = Inbound {
                observer: UnitIx::from_at(at),
                munition: number,
                at: now,
                position: munition.position.truncate(),
                velocity: munition.velocity.truncate(),
                sigma_m: 1.0,
                sensor: 0,
                works: sensor.works,
                glance: glance(),
                probability: 1.0,
                key: DrawKey::new(Stream::Detection, 0, 0, 0),
                draw: 0.0,
            };
            field.world.resource_mut::<Buffer<Inbound>>().write(look);
        }
    }
}

/// A look from nearby.
fn glance() -> tercio::sensing::Glance {
    tercio::sensing::Glance {
        range_m: 1000.0,
        domain: tercio::platform::class::Domain::Air,
        is_submerged: false,
        speed_m_s: SPEED_M_S,
        cruise_m_s: SPEED_M_S,
        size_m: 1.0,
        radar_m2: 0.1,
        noise_db: None,
        strength_db: None,
        visibility_m: 2e4,
        illuminance_lux: 1e4,
        shipping: 0.0,
        wind_m_s: 0.0,
        dwell_s: 0.0,
        rain_mm_h: 0.0,
        clutter_m2: 0.0,
        cover: 1.0,
        open: 1.0,
    }
}

/// Fails if the ledger found anything but that the missiles' own leave is of no desk: there is none
/// here, so that it has to say so.
fn assert_covered(field: &mut Field) {
    let found = core::mem::take(&mut field.world.resource_mut::<Violations>().0);
    let (of_no_desk, others): (Vec<_>, Vec<_>) = found
        .into_iter()
        .partition(|it| it.ends_with("no desk ever gave leave"));
    assert!(!of_no_desk.is_empty(), "the ledger saw nothing");
    assert_eq!(others, Vec::<String>::new());
}

/// Fires so many missiles from one unit at another in each pair, and lets them fly out, seen by all.
fn salvo(field: &mut Field, seed: u64, sides: &[u8], fires: &[(usize, usize, u32)]) -> Tally {
    watched(field, seed, (sides, fires), |_, _| true)
}

/// The same, seen in the seconds in which something says so, which may also change the field.
fn watched(
    field: &mut Field,
    seed: u64,
    (sides, fires): (&[u8], &[(usize, usize, u32)]),
    is_seen: impl Fn(&mut Field, u32) -> bool,
) -> Tally {
    field.begin(seed);
    field.world.insert_resource(Tally::default());
    field.world.insert_resource(Ledger::default());
    let mut orders = Vec::new();
    for (from, at, count) in fires {
        for _ in 0..*count {
            let aim = field.place(*at);
            orders.push(field.allow(*from, aim, 1));
        }
    }
    // One missile of a shooter leaves the rail in each tick.
    field.tick(&orders);
    for second in 1..=40 {
        if is_seen(field, second) {
            see_all(field, sides);
        }
        field.tick(&[]);
    }
    assert_covered(field);
    field.world.resource::<Tally>().clone()
}

/// Places of two sides 3 km apart.
fn two() -> Vec<(u8, DVec2)> {
    vec![(0, DVec2::ZERO), (1, DVec2::Y * 3000.0)]
}

#[test]
fn a_crew_that_looks_between_shots_needs_as_many_as_it_should() {
    let mut field = field(vec![(defence(0.3, [0.0, 2000.0], 4), PLENTY)], two());
    let (mut rounds, mut kills, mut runs) = (Vec::new(), 0, 0);
    for seed in 0..700 {
        let tally = salvo(&mut field, seed, &[0, 1], &[(0, 1, 1)]);
        // One crew in fifty says no.
        if tally.refused == 0 {
            runs += 1;
            rounds.push(f64::from(tally.shots));
            kills += tally.intercepted;
            let is_stopped = matches!(tally.ends[0].1, Outcome::Intercepted(UnitIx(1)));
            assert_eq!(is_stopped, tally.intercepted == 1, "{tally:?}");
        }
    }
    assert!(runs > 600);
    assert_mean("shots", &rounds, reference("shoot_look_shoot_0.3_4"));
    assert_share("kills", kills, runs, reference("binomial_0.3_4"));
}

#[test]
fn layers_work_one_after_the_other() {
    let arms = vec![
        (defence(0.5, [1000.0, 2500.0], 1), PLENTY),
        (defence(0.5, [0.0, 900.0], 1), PLENTY),
    ];
    let mut field = field(arms, two());
    let (mut through, mut runs) = (0, 0);
    for seed in 0..600 {
        let tally = salvo(&mut field, seed, &[0, 1], &[(0, 1, 1)]);
        if tally.refused == 0 {
            runs += 1;
            through += 1 - tally.intercepted;
        }
    }
    assert_share("leakers", through, runs, 0.25);
}

#[test]
fn a_salvo_larger_than_the_magazine_gets_through() {
    let mut field = field(vec![(defence(1.0, [0.0, 2500.0], 1), 2)], two());
    let run = |seed| salvo(&mut field, seed, &[0, 1], &[(0, 1, 5)]);
    let tally = (0..50).map(run).find(|it| it.refused == 0).unwrap();
    assert_eq!((tally.shots, tally.intercepted), (2, 2), "{tally:?}");
    let hits = tally
        .ends
        .iter()
        .filter(|(_, end)| matches!(end, Outcome::Hit(_)));
    assert_eq!(hits.count(), 3, "{tally:?}");
}

#[test]
fn missile_salvoes_follow_hughes() {
    // Three ships against two, far enough apart that each defends itself alone: four missiles and two
    // defensive rounds each, staying power two.
    let ship = |side: u8, at: f64| (side, DVec2::new(4000.0 * at, 5000.0 * f64::from(side)));
    let places = vec![
        ship(0, 0.0),
        ship(0, 1.0),
        ship(0, 2.0),
        ship(1, 0.5),
        ship(1, 1.5),
    ];
    let sides = [0, 0, 0, 1, 1];
    let mut field = field(vec![(defence(1.0, [0.0, 900.0], 1), 2)], places);
    // Twelve at two, six each; eight at three, as even as can be.
    let fires = [
        (0, 3, 4),
        (1, 3, 2),
        (1, 4, 2),
        (2, 4, 4),
        (3, 0, 3),
        (3, 1, 1),
        (4, 1, 2),
        (4, 2, 2),
    ];
    let run = |seed| salvo(&mut field, seed, &sides, &fires);
    let tally = (0..200).map(run).find(|it| it.refused == 0).unwrap();
    let hits = |ships: core::ops::Range<u32>| {
        let is_hit = |(on, end): &&(UnitIx, Outcome)| {
            matches!(end, Outcome::Hit(_)) && ships.contains(&on.0)
        };
        tally.ends.iter().filter(is_hit).count() as f64
    };
    let staying_power = 2.0;
    let lost_a = (hits(0..3) / staying_power).min(3.0);
    let lost_b = (hits(3..5) / staying_power).min(2.0);
    assert!(
        (lost_a - reference("hughes_3_2_loss_a")).abs() < 1e-9,
        "{tally:?}"
    );
    assert!(
        (lost_b - reference("hughes_3_2_loss_b")).abs() < 1e-9,
        "{tally:?}"
    );
}

/// What comes of one missile from 7 km off, which flies for 35 s, against a weapon that never hits, with
/// leave that holds for so long, in the first run in which its people say yes.
fn passes(
    (shots_max, valid_s): (u32, f64),
    is_seen: impl Fn(&mut Field, u32) -> bool + Copy,
) -> Tally {
    let mut weapon = defence(0.0, [0.0, 9000.0], shots_max);
    weapon.defence.as_mut().unwrap().valid_s = exact(valid_s);
    let places = vec![(0, DVec2::ZERO), (1, DVec2::Y * 7000.0)];
    let mut field = field(vec![(weapon, PLENTY)], places);
    let run = |seed| watched(&mut field, seed, (&[0, 1], &[(0, 1, 1)]), is_seen);
    (0..50).map(run).find(|it| it.refused == 0).unwrap()
}

#[test]
fn a_munition_that_is_seen_again_is_a_new_case_when_leave_has_run_out() {
    let is_seen = |_: &mut Field, second| second <= 2 || second >= 15;
    let tally = passes((2, 8.0), is_seen);
    let [first, again] = tally.cases[..] else {
        panic!("lost once: {tally:?}");
    };
    assert_ne!(first, again, "each has its number");
    assert_eq!(tally.shots, 4, "two shots each: {tally:?}");
    let keys: std::collections::BTreeSet<&DrawKey> = tally.keys.iter().collect();
    assert_eq!(keys.len(), 4, "each shot has its draw: {tally:?}");
    // While leave holds there is no other.
    let tally = passes((1000, 60.0), is_seen);
    assert_eq!(tally.cases.len(), 1, "{tally:?}");
    let [_, last_s] = tally.span_s(tally.fired[0].1);
    assert!(last_s > 30.0, "the same leave goes on: {tally:?}");
}

#[test]
fn a_crew_that_no_longer_sees_a_munition_does_not_fire_at_it() {
    let last_s = |tally: &Tally| tally.span_s(tally.fired[0].1)[1];
    let tally = passes((1000, 60.0), |_, second| second <= 3);
    // It believes in what it saw for 10 s.
    assert!((12.0..=13.0).contains(&last_s(&tally)), "{tally:?}");
    let tally = passes((1000, 60.0), |field, second| {
        if second == 10 {
            field.change(1, |damage: &mut Damage| {
                damage.add(Harm::Sensor, SimTime::from_s(10.0));
            });
        }
        true
    });
    assert!((8.0..10.0).contains(&last_s(&tally)), "{tally:?}");
    assert!(last_s(&passes((1000, 60.0), |_, _| true)) > 30.0);
}

/// When was first and last fired at each of two missiles, of which one comes from 3 km off and the other
/// from 4 km, by a weapon that never hits and has one channel.
fn one_channel(change: impl Fn(&mut EffectorSpec)) -> [[f64; 2]; 2] {
    let mut weapon = defence(0.0, [1000.0, 2500.0], 1000);
    weapon.defence.as_mut().unwrap().channels = 1;
    change(&mut weapon);
    let places = vec![
        (0, DVec2::Y * 3000.0),
        (0, DVec2::Y * 4000.0),
        (1, DVec2::ZERO),
    ];
    let mut field = field(vec![(weapon, PLENTY)], places);
    let fires = [(0, 2, 1), (1, 2, 1)];
    let run = |seed| salvo(&mut field, seed, &[0, 0, 1], &fires);
    let tally = (0..50).map(run).find(|it| it.refused == 0).unwrap();
    let first = tally.fired[0].1;
    let other = tally.fired.iter().find(|(_, munition)| *munition != first);
    [first, other.unwrap().1].map(|munition| tally.span_s(munition))
}

#[test]
fn a_channel_is_taken_by_what_can_be_engaged_or_has_a_shot_on_its_way() {
    // The first is too near from 10 s on and arrives at 15 s; the other is within reach from 7.5 s on.
    let [[_, last_s], [next_s, _]] = one_channel(|_| ());
    assert!((8.0..=11.0).contains(&last_s), "{last_s}");
    assert!((last_s..13.0).contains(&next_s), "{last_s} and {next_s}");
    // One shot each, without a look in between, and so slow that it never gets there: only the arrival
    // of the first frees the channel.
    let [[first_s, last_s], [next_s, _]] = one_channel(|weapon| {
        weapon.speed_m_s = exact(50.0);
        let spec = weapon.defence.as_mut().unwrap();
        (spec.looks, spec.shots_max) = (false, 1);
        spec.reach_min_m = exact(0.0);
    });
    assert!(first_s < 6.0 && last_s <= first_s, "{first_s} {last_s}");
    assert!((14.0..=17.0).contains(&next_s), "{next_s}");
}

/// How a missile ends whose target goes aside by so many metres 5 s after launch, if its shooter is
/// told so or not, or loses its desk after so much silence.
fn flown(aside_m: f64, is_told: bool, lost_link_s: f64) -> Outcome {
    let mut field = field(Vec::new(), two());
    field.world.insert_resource(Tally::default());
    let order = field.allow_for(0, DVec2::Y * 3000.0, 1, lost_link_s);
    field.tick(&[order]);
    for tick in 1..30_u32 {
        if tick == 5 {
            field.change(1, |truth: &mut Truth| truth.0.position.x += aside_m);
            let aim = Aim {
                position: DVec2::new(aside_m, 3000.0),
                velocity: DVec2::ZERO,
                sigma_m: 5.0,
                as_of: SimTime::from_s(5.0),
            };
            if is_told {
                let authorisation = order.authorisation().id;
                field.renew(0, Renewal { authorisation, aim });
            }
        }
        field.tick(&[]);
    }
    assert_covered(&mut field);
    let ends = &field.world.resource::<Tally>().ends;
    assert_eq!(ends.len(), 1, "{ends:?}");
    ends[0].1
}

#[test]
fn a_munition_goes_where_it_was_last_told_and_finds_only_what_is_there() {
    assert!(matches!(flown(0.0, false, 1e6), Outcome::Hit(_)));
    assert!(
        matches!(flown(40.0, false, 1e6), Outcome::Hit(_)),
        "within its basket"
    );
    assert_eq!(flown(200.0, false, 1e6), Outcome::NobodyThere);
    assert!(
        matches!(flown(200.0, true, 1e6), Outcome::Hit(_)),
        "it was told"
    );
    assert_eq!(
        flown(0.0, false, 8.0),
        Outcome::Recalled,
        "its desk fell silent"
    );
    assert!(
        matches!(flown(0.0, true, 12.0), Outcome::Hit(_)),
        "a word in time keeps it"
    );
}
