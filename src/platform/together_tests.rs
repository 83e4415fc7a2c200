//! Tests of [`super`]: groups of catalogue vehicles on their way, without a world.

use glam::DVec3;

use super::*;
use crate::platform::{
    class::Catalogue,
    damage::Appearance,
    group::order_parameter,
    kinematics::{Ambient, MotionState},
    truth::Piece,
};

/// Length of a tick, s.
const DT_S: f64 = 0.1;

/// The vehicle of a class.
fn vehicle(class: &str) -> Vehicle {
    Vehicle::new(Catalogue::shipped().class(class).unwrap(), 0.0, 0.2).unwrap()
}

/// A group on its way north over flat ground.
struct Drive {
    vehicle: Vehicle,
    groups: Groups,
    states: Vec<MotionState>,
    /// Who is on the way.
    goes: Vec<bool>,
    /// Speed of each, as a share of cruise.
    share: Vec<f64>,
}

impl Drive {
    fn new(class: &str, manner: Manner, spacing_m: f64, starts: &[DVec2]) -> Self {
        let members = (0..starts.len()).map(UnitIx::from_at).collect();
        let group = Group {
            members,
            manner,
            spacing_m,
        };
        Self {
            vehicle: vehicle(class),
            groups: Groups::new(vec![group], starts.len()),
            states: starts
                .iter()
                .map(|at| MotionState::at_rest(at.extend(50.0), 0.0))
                .collect(),
            goes: vec![true; starts.len()],
            share: vec![1.0; starts.len()],
        }
    }

    /// Goes on for so many seconds.
    fn run(&mut self, seconds: u32) {
        let ambient = Ambient::default();
        let cruise_m_s = self.vehicle.kinematics.speed_cruise_m_s();
        for _ in 0..seconds * 10 {
            let piece = |state: &MotionState| Piece {
                position: state.position,
                velocity: state.velocity,
                heading_rad: state.heading_rad,
                is_alive: true,
                is_on_air: true,
                appearance: Appearance::Whole,
            };
            let board = Board::from(self.states.iter().map(piece).collect::<Vec<_>>());
            let transit = |goes: &bool| {
                goes.then_some(Transit {
                    task: 7,
                    goal: DVec2::new(0.0, 1e6),
                })
            };
            let transit: Vec<_> = self.goes.iter().map(transit).collect();
            for at in 0..self.states.len() {
                let velocity = DVec2::Y * cruise_m_s * self.share[at];
                let mut demand = Demand::from_velocity(velocity, 50.0);
                if !self.goes[at] {
                    demand = Demand::hold(50.0);
                }
                let member = Member {
                    unit: UnitIx::from_at(at),
                    vehicle: &self.vehicle,
                    groups: &self.groups,
                    board: &board,
                    transit: &transit,
                };
                let demand = member.keep_together(demand);
                let state = &mut self.states[at];
                self.vehicle.kinematics.step(state, &demand, &ambient, DT_S);
            }
        }
    }

    fn gap(&self, a: usize, b: usize) -> DVec2 {
        (self.states[a].position - self.states[b].position).truncate()
    }
}

/// A few starting points.
fn starts(points: &[(f64, f64)]) -> Vec<DVec2> {
    points.iter().map(|(x, y)| DVec2::new(*x, *y)).collect()
}

#[test]
fn a_column_of_vehicles_closes_up_to_its_spacing_and_keeps_it() {
    let column = Manner::Formation(Formation::Column);
    let begin = starts(&[(0.0, 0.0), (0.0, -60.0), (0.0, -500.0)]);
    let mut drive = Drive::new("main-battle-tank", column, 100.0, &begin);
    drive.run(600);
    for (at, behind_m) in [(1, -100.0), (2, -200.0)] {
        let gap = drive.gap(at, 0);
        assert!((gap.y - behind_m).abs() < 25.0, "{at}: {gap}");
        assert!(gap.x.abs() < 1.0, "it keeps to its own way");
    }
}

#[test]
fn a_wedge_of_boats_takes_its_places_abreast() {
    let wedge = Manner::Formation(Formation::Wedge);
    let begin = starts(&[(0.0, 0.0), (0.0, -300.0), (50.0, -350.0)]);
    let mut drive = Drive::new("uav-multirotor", wedge, 80.0, &begin);
    drive.run(300);
    for at in [1, 2_u32] {
        let slot = Formation::Wedge.slot(at, 3, 80.0);
        let gap = drive.gap(at as usize, 0);
        assert!(gap.distance(slot) < 10.0, "{at}: {gap} for {slot}");
    }
}

#[test]
fn the_leader_waits_and_another_takes_over_when_it_stops() {
    let column = Manner::Formation(Formation::Column);
    let begin = starts(&[(0.0, 0.0), (0.0, -100.0), (0.0, -200.0)]);
    let alone = {
        let mut drive = Drive::new("main-battle-tank", column, 100.0, &begin[..1]);
        drive.run(120);
        drive.states[0].position.y
    };
    let mut drive = Drive::new("main-battle-tank", column, 100.0, &begin);
    drive.states[2].position.y = -900.0;
    drive.run(120);
    assert!(drive.states[0].position.y < 0.9 * alone, "it does not wait");
    drive.goes[0] = false;
    drive.run(300);
    let gap = drive.gap(2, 1);
    assert!((gap.y + 100.0).abs() < 25.0, "behind the new leader: {gap}");
    assert!(drive.states[1].position.y > drive.states[0].position.y);
}

#[test]
fn a_flock_keeps_one_way_and_its_distance() {
    let begin: Vec<DVec2> = (0..9_u32)
        .map(|at| DVec2::new(f64::from(at % 3), f64::from(at / 3)) * 8.0)
        .collect();
    let mut drive = Drive::new("uav-multirotor", Manner::Flock, 30.0, &begin);
    drive.run(120);
    let ways = drive.states.iter().map(|s| s.velocity.truncate());
    assert!(order_parameter(ways) > 0.99);
    for a in 0..9 {
        for b in 0..a {
            let gap_m = drive.gap(a, b).length();
            assert!(gap_m > 10.0, "{a} and {b} are {gap_m} m apart");
        }
    }
}

#[test]
fn who_is_close_to_the_goal_or_on_another_task_goes_alone() {
    let vehicle = vehicle("uav-multirotor");
    let group = Group {
        members: vec![UnitIx(0), UnitIx(1)],
        manner: Manner::Formation(Formation::Column),
        spacing_m: 50.0,
    };
    let groups = Groups::new(vec![group], 3);
    let piece = |y: f64| Piece {
        position: DVec3::new(0.0, y, 50.0),
        velocity: DVec3::ZERO,
        heading_rad: 0.0,
        is_alive: true,
        is_on_air: true,
        appearance: Appearance::Whole,
    };
    let board = Board::from(vec![piece(0.0), piece(-400.0), piece(5.0)]);
    let demand = Demand::from_velocity(DVec2::Y * 5.0, 50.0);
    let asked = |unit: u32, task: u64, goal_m: f64| {
        let at = |task, y| {
            Some(Transit {
                task,
                goal: DVec2::new(0.0, y),
            })
        };
        let transit = [at(1, 9e5), at(task, goal_m), None];
        let member = Member {
            unit: UnitIx(unit),
            vehicle: &vehicle,
            groups: &groups,
            board: &board,
            transit: &transit,
        };
        member.keep_together(demand)
    };
    assert!(asked(1, 1, 9e5).speed_m_s > 5.0, "it catches up");
    assert_eq!(asked(1, 2, 9e5), demand, "another task");
    assert_eq!(asked(1, 1, -350.0), demand, "almost there");
    assert_eq!(asked(2, 1, 9e5), demand, "in no group");
}
