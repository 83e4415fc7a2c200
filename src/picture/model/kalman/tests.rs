//! Tests of the filter: its steady state, its consistency, what it forgets, its bearings.

use super::*;
use crate::{kernel::math::PI, picture::model::fusion::nees};

/// A 64-bit linear congruential generator (Knuth's MMIX constants): enough for seeded tests.
struct Lcg(u64);

impl Lcg {
    /// A number in (0, 1].
    fn uniform(&mut self) -> f64 {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        let top = u32::try_from(self.0 >> 32).unwrap();
        (f64::from(top) + 1.0) / 4_294_967_296.0
    }

    /// Two standard normal numbers (Box & Muller 1958).
    fn normals(&mut self) -> DVec2 {
        let radius = (-2.0 * log(self.uniform())).sqrt();
        let (sin, cos) = sincos(2.0 * PI * self.uniform());
        radius * DVec2::new(cos, sin)
    }
}

/// The noise of the reference case: q = 0.5 m²/s³, T = 1 s, σ = 10 m.
const DENSITY: f64 = 0.5;

/// White-noise acceleration of that density.
const WHITE: Wander = Wander {
    density_m2_s3: DENSITY,
    memory_s: f64::INFINITY,
};

#[test]
fn the_steady_state_agrees_with_the_riccati_equation() {
    let r = Covariance2::isotropic(10.0);
    let mut state = Kinematics::from_position(DVec2::ZERO, r, 10.0);
    let mut predicted = state;
    for _ in 0..200 {
        predicted = state.predict(1.0, WHITE);
        state = predicted.update(&predicted.innovation(DVec2::ZERO, r));
    }
    let p = predicted.position_covariance.xx;
    assert!((p - 45.6534).abs() < 1e-4, "P- {p}");
    assert!(
        (state.position_covariance.yy - 31.3439).abs() < 1e-4,
        "P+ {state:?}"
    );
    // The gain shows in the answer to a unit residual.
    let nudged = predicted.update(&predicted.innovation(DVec2::new(1.0, 0.0), r));
    assert!((nudged.position_m.x - 0.313_439).abs() < 1e-6, "{nudged:?}");
    assert!(
        (nudged.velocity_m_s.x - 0.058_590).abs() < 1e-6,
        "{nudged:?}"
    );
    assert!(nudged.position_m.y.abs() < 1e-12);
}

#[test]
fn two_half_predictions_make_one() {
    let start = Kinematics::from_position(
        DVec2::new(3.0, 4.0),
        Covariance2 {
            xx: 90.0,
            xy: 20.0,
            yy: 50.0,
        },
        7.0,
    );
    let state = start.update(&start.innovation(DVec2::new(9.0, 1.0), Covariance2::isotropic(5.0)));
    for memory_s in [f64::INFINITY, 60.0, 3.0] {
        let wander = Wander { memory_s, ..WHITE };
        let once = state.predict(4.0, wander);
        let twice = state.predict(2.0, wander).predict(2.0, wander);
        let pairs = [
            (once.position_m.x, twice.position_m.x),
            (once.position_covariance.xx, twice.position_covariance.xx),
            (once.position_covariance.xy, twice.position_covariance.xy),
            (once.cross_covariance[0][1], twice.cross_covariance[0][1]),
            (once.cross_covariance[1][1], twice.cross_covariance[1][1]),
            (once.velocity_covariance.yy, twice.velocity_covariance.yy),
        ];
        for (a, b) in pairs {
            assert!((a - b).abs() < 1e-9 * a.abs().max(1.0), "{a} against {b}");
        }
    }
}

/// The closed forms against the equation that they solve, dP/dt = A P + P Aᵀ + Q, in a hundred
/// thousand steps; in short times, too, in which the series stands in for them.
#[test]
fn a_velocity_wanders_and_is_forgotten() {
    let wander = Wander {
        density_m2_s3: 1.0,
        memory_s: 60.0,
    };
    for seconds in [0.5_f64, 0.7, 40.0, 300.0] {
        // Known without error at first, so that what is added shows.
        let start = Kinematics::from_position(DVec2::ZERO, Covariance2::isotropic(0.0), 0.0);
        let moving = Kinematics {
            velocity_m_s: DVec2::new(6.0, -2.0),
            ..start
        };
        let (mut x, mut v, mut p) = (0.0, 6.0, [0.0; 3]);
        let dt = seconds / 1e5;
        for _ in 0..100_000 {
            let [xx, xv, vv] = p;
            p = [
                xx + dt * (2.0 * xv + dt * vv),
                xv + dt * (vv - xv / wander.memory_s),
                vv + dt * (wander.density_m2_s3 - 2.0 * vv / wander.memory_s),
            ];
            x += dt * v;
            v -= dt * v / wander.memory_s;
        }
        let after = moving.predict(seconds, wander);
        let pairs = [
            (after.position_m.x, x),
            (after.velocity_m_s.x, v),
            (after.position_covariance.xx, p[0]),
            (after.cross_covariance[0][0], p[1]),
            (after.velocity_covariance.yy, p[2]),
        ];
        for (got, want) in pairs {
            assert!(
                (got / want - 1.0).abs() < 5e-4,
                "{seconds} s: {got}, not {want}"
            );
        }
    }
    // In the long run it goes as far as its deviation times twice the memory lets it, and no faster.
    let lost = Kinematics::from_position(DVec2::ZERO, Covariance2::isotropic(1.0), 8.0);
    let speed2 = lost.predict(1e4, wander).velocity_covariance.xx;
    assert!((speed2 - 30.0).abs() < 1e-6, "{speed2}");
}

/// Vehicles that drive, halt and turn off, lost from sight: their tracks own up to how far off they are.
#[test]
fn who_halts_out_of_sight_is_where_the_track_may_think() {
    let wander = crate::picture::track::wander(Some(crate::platform::class::Domain::Land));
    let (mut noise, mut beyond, mut sum) = (Lcg(5), 0, 0.0);
    let runs = 400;
    for _ in 0..runs {
        let speed = 4.0 + 6.0 * noise.uniform();
        let seen = Kinematics {
            velocity_m_s: DVec2::new(speed, 0.0),
            ..Kinematics::from_position(DVec2::ZERO, Covariance2::isotropic(20.0), 2.0)
        };
        // Halts within a minute and a half, or turns by up to a right angle, or both.
        let (drives_s, turn) = (90.0 * noise.uniform(), PI / 2.0 * noise.uniform());
        let lost_s = 20.0 + 160.0 * noise.uniform();
        let turns_s = drives_s * noise.uniform();
        let (sin, cos) = sincos(turn);
        let (before, after) = (
            turns_s.min(lost_s),
            (drives_s.min(lost_s) - turns_s).max(0.0),
        );
        let place = DVec2::X * speed * before + DVec2::new(cos, sin) * speed * after;
        let moves = f64::from(u8::from(drives_s > lost_s));
        let velocity = DVec2::new(cos, sin) * speed * moves;
        let error2 = nees(&seen.predict(lost_s, wander), place, velocity).unwrap();
        beyond += u32::from(error2 > 9.488);
        sum += error2;
    }
    // A track that knew nothing would be right always: honest is a mean of four.
    let mean = sum / f64::from(runs);
    assert!((1.0..5.0).contains(&mean), "{mean}");
    // No more than one in twenty, and 4 σ: √(0.05 · 0.95 / 400) = 0.011.
    assert!(
        f64::from(beyond) / f64::from(runs) < 0.05 + 4.0 * 0.011,
        "{beyond}"
    );
}

#[test]
fn errors_are_as_large_as_the_filter_believes() {
    // 200 runs of 30 steps with a correlated measurement covariance. The mean of NEES (4 degrees of
    // freedom) and NIS (2) over runs lies in its 4σ band: variance of χ²ₙ is 2n.
    let covariance = Covariance2 {
        xx: 120.0,
        xy: 50.0,
        yy: 60.0,
    };
    let lower = [covariance.xx.sqrt(), covariance.xy / covariance.xx.sqrt()];
    let lower_yy = (covariance.yy - lower[1] * lower[1]).sqrt();
    let mut lcg = Lcg(1991);
    let (runs, steps) = (200_u32, 30_u32);
    let (mut sum_nees, mut sum_nis) = (0.0, 0.0);
    for _ in 0..runs {
        let (mut position, mut velocity) = (DVec2::new(500.0, -200.0), 8.0 * lcg.normals());
        let mut state = None::<Kinematics>;
        for _ in 0..steps {
            // Exact discretisation of white-noise acceleration over one second.
            let (a, b) = (lcg.normals(), lcg.normals());
            position += velocity + DENSITY.sqrt() * (0.5 * a + b / 12.0_f64.sqrt());
            velocity += DENSITY.sqrt() * a;
            let n = lcg.normals();
            let z = position + DVec2::new(lower[0] * n.x, lower[1] * n.x + lower_yy * n.y);
            state = Some(match state {
                None => Kinematics::from_position(z, covariance, 8.0),
                Some(old) => {
                    let predicted = old.predict(1.0, WHITE);
                    let innovation = predicted.innovation(z, covariance);
                    sum_nis += innovation.distance2;
                    predicted.update(&innovation)
                }
            });
        }
        sum_nees += nees(&state.unwrap(), position, velocity).unwrap();
    }
    let runs_f = f64::from(runs);
    let mean_nees = sum_nees / runs_f;
    assert!(
        (mean_nees - 4.0).abs() < 4.0 * (8.0 / runs_f).sqrt(),
        "NEES {mean_nees}"
    );
    let innovations = runs_f * f64::from(steps - 1);
    let mean_nis = sum_nis / innovations;
    assert!(
        (mean_nis - 2.0).abs() < 4.0 * (4.0 / innovations).sqrt(),
        "NIS {mean_nis}"
    );
}

#[test]
fn the_gate_keeps_its_share_and_turns_strangers_away() {
    assert!((gate_distance2(0.99) - 9.2103).abs() < 1e-4);
    assert!((gate_distance2(0.999) - 13.816).abs() < 1e-3);
    let state = Kinematics::from_position(DVec2::ZERO, Covariance2::isotropic(3.0), 1.0);
    let r = Covariance2::isotropic(4.0);
    let (inside, d2) = state.update_gated(DVec2::new(5.0, 0.0), r, 9.21);
    assert!(inside.is_some() && (d2 - 1.0).abs() < 1e-12);
    let (outside, d2) = state.update_gated(DVec2::new(0.0, 20.0), r, 9.21);
    assert!(outside.is_none() && (d2 - 16.0).abs() < 1e-12);
}

#[test]
fn a_bearing_shrinks_the_ellipse_across_but_not_along() {
    let state = Kinematics::from_bearing(DVec2::ZERO, 0.0, 0.05, 10_000.0, 3000.0, 5.0);
    assert!((state.position_m - DVec2::new(0.0, 10_000.0)).length() < 1e-6);
    let (updated, distance2) = state.update_bearing(DVec2::ZERO, 0.05, 0.05);
    // Prior and measurement are equally good: half the variance, half the way.
    assert!(
        (updated.position_covariance.xx - 125_000.0).abs() < 1e-3,
        "{updated:?}"
    );
    assert!(
        (updated.position_covariance.yy - 9e6).abs() < 1e-3,
        "{updated:?}"
    );
    assert!((updated.position_m.x - 250.0).abs() < 1e-6, "{updated:?}");
    assert!((distance2 - 0.5).abs() < 1e-9);
}

#[test]
fn cross_bearings_reach_the_cramer_rao_bound() {
    // Sensors at (0,0) and (10,0) km, target at (5,5) km, 1°: 0.17453 km root mean square.
    let sigma_rad = 1.0_f64.to_radians();
    let target = DVec2::new(5000.0, 5000.0);
    let state = Kinematics::from_position(target, Covariance2::isotropic(1e6), 1.0);
    let (state, _) = state.update_bearing(DVec2::ZERO, PI / 4.0, sigma_rad);
    let (state, _) = state.update_bearing(DVec2::new(10_000.0, 0.0), -PI / 4.0, sigma_rad);
    let rms_km = state.position_covariance.trace().sqrt() / 1000.0;
    assert!((rms_km - 0.174_53).abs() < 1e-4, "{rms_km}");
    assert!((state.position_m - target).length() < 1e-6);
}

/// MODELS §2.3: (0,0) and (2,0) km, target at (1,10) km, 2°: 2.5054 km root mean square.
#[test]
fn a_short_base_gives_a_long_fix() {
    let sigma_rad = 2.0_f64.to_radians();
    let target = DVec2::new(1000.0, 10_000.0);
    let posts = [DVec2::ZERO, DVec2::new(2000.0, 0.0)];
    let state = Kinematics::from_position(target, Covariance2::isotropic(1e7), 1.0);
    let state = posts.iter().fold(state, |state, post| {
        let way = target - *post;
        state
            .update_bearing(*post, bearing(way.x, way.y), sigma_rad)
            .0
    });
    let rms_km = state.position_covariance.trace().sqrt() / 1000.0;
    assert!((rms_km - 2.5054).abs() < 1e-3, "{rms_km}");
}

/// Two bearings with errors, the first of which begins a track: the fix errs as the bound says.
#[test]
fn two_bearings_taken_across_err_as_the_bound_says() {
    let sigma_rad = 1.0_f64.to_radians();
    let target = DVec2::new(5000.0, 5000.0);
    let posts = [DVec2::ZERO, DVec2::new(10_000.0, 0.0)];
    let mut noise = Lcg(77);
    let (mut squares, n) = (0.0, 1000.0);
    for _ in 0..1000 {
        let errors = noise.normals() * sigma_rad;
        let heard = [PI / 4.0 + errors.x, -PI / 4.0 + errors.y];
        let range_m = target.length();
        let prior_m = 0.75 * range_m;
        let state = Kinematics::from_bearing(posts[0], heard[0], sigma_rad, range_m, prior_m, 1.0);
        let state = state.update_across(posts[1], heard[1], sigma_rad);
        squares += (state.position_m - target).length_squared();
    }
    let rms_km = (squares / n).sqrt() / 1000.0;
    // The root of a mean of 2n squared normals errs by 1/(2 √n) of itself: four times that.
    let ratio = rms_km / 0.174_53;
    assert!((ratio - 1.0).abs() < 2.0 / n.sqrt(), "{rms_km}");
}

/// One sensor that stands still: the bearing settles, the range stays the guess and as vague as it was.
#[test]
fn a_bearing_taken_across_says_nothing_of_the_range() {
    let sigma_rad = 2.0_f64.to_radians();
    let begun = Kinematics::from_bearing(DVec2::ZERO, 0.6, sigma_rad, 8000.0, 6000.0, 15.0);
    let mut noise = Lcg(5);
    let mut state = begun;
    for _ in 0..600 {
        let heard = 0.55 + noise.normals().x * sigma_rad;
        state = state.predict(
            1.0,
            Wander {
                density_m2_s3: 0.3,
                ..WHITE
            },
        );
        state = state.update_across(DVec2::ZERO, heard, sigma_rad);
    }
    let off_rad = bearing(state.position_m.x, state.position_m.y) - 0.55;
    assert!(off_rad.abs() < 2.0 * sigma_rad, "{off_rad}");
    let range_m = state.position_m.length();
    assert!((range_m / 8000.0 - 1.0).abs() < 0.1, "{range_m}");
    assert!(state.position_sigma_m() >= 6000.0, "{state:?}");
}

#[test]
fn a_bearing_wraps_at_south_and_at_north() {
    let north = Kinematics::from_position(
        DVec2::new(-10.0, 1000.0),
        Covariance2::isotropic(100.0),
        1.0,
    );
    let (updated, distance2) = north.update_bearing(DVec2::ZERO, 0.01, 0.01);
    assert!(
        distance2 < 4.1 && updated.position_m.x > -10.0,
        "{distance2} {updated:?}"
    );
    let (same, zero) = north.update_bearing(north.position_m, 1.0, 0.01);
    assert!(same == north && zero.abs() < 1e-12);
}
