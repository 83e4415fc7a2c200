//! Random plans: whatever leaves the exporter passes the checker, and no change of a file that
//! matters passes it.

use glam::DVec2;
use proptest::prelude::*;
use serde_json::{Value, json};

use super::{ExportError, Exporter, Profile, QgcPlan, check_qgc_plan};
use crate::plan::approach::approach;
use crate::plan::fence::moved;
use crate::plan::sample::{sample, sample_facts};
use crate::plan::{
    Altitude, Autopilot, Capture, ExportableVehicle, Finish, Geofence, Leg, LegKind, MissionPlan,
    Pointing, Position, Site, Waypoint,
};

/// A leg before it has a place: kind, number of points, speed, hold, angle.
type Draft = (u8, usize, Option<f64>, f64, f64);

/// Random drafts of legs.
fn drafts() -> impl Strategy<Value = Vec<Draft>> {
    let speed = prop::option::of(0.5..40.0_f64);
    prop::collection::vec(
        (0_u8..8, 1_usize..8, speed, 0.0..4000.0_f64, -90.0..90.0_f64),
        0..9,
    )
}

/// Random offsets from home, metres.
fn offsets() -> impl Strategy<Value = Vec<DVec2>> {
    let offset = (-4000.0..4000.0_f64, -4000.0..4000.0_f64).prop_map(|(x, y)| DVec2::new(x, y));
    prop::collection::vec(offset, 80)
}

/// A waypoint at a height or depth that the vehicle takes.
fn waypoint(autopilot: Autopilot, home: Site, offset: DVec2, part: f64) -> Waypoint {
    let place = moved(home.position(), offset);
    let altitude = match autopilot {
        Autopilot::ArdupilotSub if part > 0.3 => Altitude::Depth(200.0 * part),
        _ if !autopilot.is_aerial() => Altitude::Surface,
        _ if part > 0.5 => Altitude::AboveHome(20.0 + 400.0 * part),
        _ => Altitude::AboveMeanSea(home.elevation_m + 20.0 + 400.0 * part),
    };
    Waypoint {
        lat_deg: place.lat_deg,
        lon_deg: place.lon_deg,
        altitude,
    }
}

/// The kind of a drafted leg.
fn kind((kind, _, _, hold_s, angle_deg): Draft, aim: Waypoint) -> LegKind {
    let body = Pointing::Body {
        azimuth_deg: 2.0 * angle_deg,
        depression_deg: angle_deg,
    };
    let aim = Waypoint {
        altitude: Altitude::AboveHome(0.0),
        ..aim
    };
    match kind {
        0 => LegKind::Relay { hold_s },
        1 => LegKind::Loiter {
            hold_s,
            radius_m: 80.0,
        },
        2 => LegKind::Sense {
            pointing: Pointing::Nadir,
            capture: Capture::Video,
        },
        3 => LegKind::Sense {
            pointing: body,
            capture: Capture::StillsByTime {
                interval_s: 1.0 + hold_s,
            },
        },
        4 => LegKind::Sense {
            pointing: Pointing::At(aim),
            capture: Capture::StillsByDistance {
                spacing_m: 1.0 + hold_s,
            },
        },
        5 => LegKind::Sense {
            pointing: Pointing::Fixed,
            capture: Capture::None,
        },
        _ => LegKind::Navigate,
    }
}

/// What a random plan is made of: profile, home, legs, points, a share, two switches.
type Seed = (
    usize,
    (f64, f64, f64),
    Vec<Draft>,
    Vec<DVec2>,
    f64,
    bool,
    bool,
);

/// A random plan that is sound by construction.
fn plans() -> impl Strategy<Value = MissionPlan> {
    let home = (-70.0..70.0_f64, -180.0..180.0_f64, -50.0..3000.0_f64);
    (
        0_usize..8,
        home,
        drafts(),
        offsets(),
        0.0..1.0_f64,
        any::<bool>(),
        any::<bool>(),
    )
        .prop_map(plan_of)
}

/// The plan of a seed.
fn plan_of(seed: Seed) -> MissionPlan {
    let (profile, (lat_deg, lon_deg, elevation_m), drafts, offsets, part, goes_home, has_hole) =
        seed;
    let autopilot = Profile::ALL[profile].autopilot();
    let home = Site {
        lat_deg,
        lon_deg,
        elevation_m,
    };
    let mut points = offsets.iter().cycle();
    let mut next = || {
        waypoint(
            autopilot,
            home,
            points.next().copied().unwrap_or_default(),
            part,
        )
    };
    let mut legs: Vec<Leg> = drafts
        .into_iter()
        .map(|draft| Leg {
            kind: kind(draft, next()),
            waypoints: (0..draft.1).map(|_| next()).collect(),
            speed_m_s: draft.2,
            window: None,
            task: None,
        })
        .collect();
    legs.push(way_back(autopilot, home, part, goes_home));
    let mut plan = MissionPlan {
        home,
        recovery: home,
        legs,
        ..sample(autopilot)
    };
    plan.launch.site = home;
    plan.rally = vec![waypoint(autopilot, home, DVec2::new(50.0, 50.0), part)];
    let hole = square(home, 60.0, DVec2::new(2500.0, 2500.0));
    plan.geofence = Geofence {
        keep_in: square(home, 5000.0, DVec2::ZERO),
        keep_out: if has_hole { vec![hole] } else { vec![] },
        ceiling_m: None,
        depth_max_m: None,
    };
    plan
}

/// The return that suits the vehicle.
fn way_back(autopilot: Autopilot, home: Site, part: f64, goes_home: bool) -> Leg {
    let finish = match (goes_home, autopilot.is_aerial()) {
        (true, _) => Finish::ReturnToHome,
        (false, true) => Finish::Land,
        (false, false) => Finish::Recover,
    };
    let is_fixed_wing = autopilot.is_fixed_wing();
    let gate = if is_fixed_wing {
        approach(home, part * 6.0, 40.0).to_vec()
    } else {
        vec![]
    };
    Leg {
        kind: LegKind::Return { finish },
        ..Leg::navigate(gate)
    }
}

/// A square with half-width `half_m` about a point `at` metres from home.
fn square(home: Site, half_m: f64, at: DVec2) -> Vec<Position> {
    let signs = [(-1.0, -1.0), (1.0, -1.0), (1.0, 1.0), (-1.0, 1.0)];
    let corner = |(x, y)| moved(home.position(), at + DVec2::new(x, y) * half_m);
    signs.into_iter().map(corner).collect()
}

/// The encoded file of a plan.
fn encode(plan: &MissionPlan) -> Result<Vec<u8>, ExportError> {
    let facts = sample_facts(plan.autopilot);
    let vehicle = ExportableVehicle::new(plan.clone(), facts).expect("sound by construction");
    QgcPlan::default().encode(&vehicle)
}

/// The parsed file of the sample plan of a profile.
fn sample_file(profile: Profile) -> Value {
    serde_json::from_slice(&encode(&sample(profile.autopilot())).unwrap()).unwrap()
}

/// Whether the checker lets a changed file out.
fn passes(file: &Value) -> bool {
    check_qgc_plan("changed.plan", &serde_json::to_vec(file).unwrap()).is_empty()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 3000, ..ProptestConfig::default() })]

    #[test]
    fn whatever_leaves_the_exporter_passes_the_checker(plan in plans()) {
        match encode(&plan) {
            Ok(bytes) => prop_assert_eq!(check_qgc_plan("random.plan", &bytes), vec![]),
            // Only the random hole, or a circle at the very edge, may stand in the way.
            Err(ExportError::CrossesKeepOut { .. } | ExportError::Fence { .. }) => {
                prop_assert!(!plan.geofence.keep_out.is_empty());
            }
            Err(other) => prop_assert!(false, "{}", other),
        }
    }

    #[test]
    fn no_command_off_the_list_passes(
        profile in 0_usize..8,
        at in 0_usize..40,
        command in prop_oneof![
            prop::sample::select(vec![183_u32, 181, 211, 208, 187, 94, 42_600, 218, 17, 177, 184, 216]),
            23_u32..30,
            200_u32..206,
            3000_u32..50_000,
        ],
        frame in 0_u32..12,
    ) {
        let mut file = sample_file(Profile::ALL[profile]);
        let items = file["mission"]["items"].as_array_mut().unwrap();
        let at = at % items.len();
        items[at]["command"] = json!(command);
        prop_assert!(!passes(&file));
        file["mission"]["items"][at]["frame"] = json!(frame);
        prop_assert!(!passes(&file));
    }

    #[test]
    fn no_other_frame_passes(profile in 0_usize..8, at in 0_usize..40, frame in 0_u32..25) {
        let mut file = sample_file(Profile::ALL[profile]);
        let items = file["mission"]["items"].as_array_mut().unwrap();
        let at = at % items.len();
        prop_assume!(items[at]["frame"] != frame);
        items[at]["frame"] = json!(frame);
        prop_assert!(!passes(&file));
    }

    #[test]
    fn no_missing_key_passes(profile in 0_usize..8, pick in any::<prop::sample::Index>()) {
        let mut file = sample_file(Profile::ALL[profile]);
        let mut paths = Vec::new();
        collect_keys(&file, String::new(), &mut paths);
        let optional = ["/mission/cruiseSpeed", "/mission/hoverSpeed", "/mission/globalPlanAltitudeMode"];
        paths.retain(|path| !optional.contains(&path.as_str()));
        let path = &paths[pick.index(paths.len())];
        let (parent, key) = path.rsplit_once('/').unwrap();
        file.pointer_mut(parent).unwrap().as_object_mut().unwrap().remove(key);
        prop_assert!(!passes(&file), "without {}", path);
    }

    #[test]
    fn no_number_turned_into_something_else_passes(
        profile in 0_usize..8,
        pick in any::<prop::sample::Index>(),
        other in prop::sample::select(vec![json!("NaN"), json!(true), json!({}), json!(1e30)]),
    ) {
        let mut file = sample_file(Profile::ALL[profile]);
        let mut paths = Vec::new();
        collect_numbers(&file, String::new(), &mut paths);
        let path = &paths[pick.index(paths.len())];
        *file.pointer_mut(path).unwrap() = other;
        prop_assert!(!passes(&file), "at {}", path);
    }

    #[test]
    fn random_bytes_are_judged_without_panic(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        prop_assert!(!check_qgc_plan("noise", &bytes).is_empty());
    }
}

/// The paths of all object keys.
fn collect_keys(value: &Value, path: String, into: &mut Vec<String>) {
    for (part, inner) in parts(value) {
        let path = format!("{path}/{part}");
        if value.is_object() {
            into.push(path.clone());
        }
        collect_keys(inner, path, into);
    }
}

/// The paths of all numbers.
fn collect_numbers(value: &Value, path: String, into: &mut Vec<String>) {
    if value.is_number() {
        into.push(path);
        return;
    }
    for (part, inner) in parts(value) {
        collect_numbers(inner, format!("{path}/{part}"), into);
    }
}

/// The named or numbered parts of a value.
fn parts(value: &Value) -> Vec<(String, &Value)> {
    match value {
        Value::Object(map) => map
            .iter()
            .map(|(key, inner)| (key.clone(), inner))
            .collect(),
        Value::Array(list) => (0..)
            .zip(list)
            .map(|(i, x): (usize, _)| (i.to_string(), x))
            .collect(),
        _ => Vec::new(),
    }
}
