//! Weapon-target and sensor-weapon-target assignment: CPU time to the proof, and how far from the
//! optimum the answer is after 20, 50, 250 and 2000 ms of CPU.
//!
//! `cargo bench --bench weapons`. Published instances are read from `../shared/benchmarks` where that
//! folder is there; generated ones need nothing. Instances `uniform` are like the published ones of
//! several shots per weapon: values 1 to 100 and chances 0 to 1, uniform, by `SplitMix64`.

use std::io::Read as _;

use cpu_time::ProcessTime;
use tercio::kernel::budget::{Budget, WorkBudget};
use tercio::planning::algo::swta;
use tercio::planning::algo::wta::{self, Instance, Spread, certificate};

/// Moments at which a search is cut off, s of CPU.
const MOMENTS_S: [f64; 4] = [0.02, 0.05, 0.25, 2.0];

/// A step takes about this long, s.
const STEP_S: f64 = 1e-9;

/// A budget of CPU time. What would not fit into the rest is not begun: linear programs cannot be
/// interrupted.
struct CpuBudget {
    start: ProcessTime,
    limit_s: f64,
    over: bool,
}

impl CpuBudget {
    /// From now on.
    fn new(limit_s: f64) -> Self {
        Self {
            start: ProcessTime::now(),
            limit_s,
            over: false,
        }
    }
}

impl Budget for CpuBudget {
    fn spend(&mut self, steps: u64) -> bool {
        let then_s = self.start.elapsed().as_secs_f64() + STEP_S * steps as f64;
        self.over |= then_s >= self.limit_s;
        !self.over
    }
}

/// A uniform number in `[0, 1)` by `SplitMix64`.
fn uniform(state: &mut u64) -> f64 {
    *state = state.wrapping_add(0x9E37_79B9_7F4A_7C15);
    let mut z = *state;
    z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    ((z ^ (z >> 31)) >> 11) as f64 / (1_u64 << 53) as f64
}

/// An instance of kind `uniform`.
fn uniform_instance(weapons: usize, targets: usize, units: u32, seed: u64) -> Instance {
    let mut state = seed;
    let values = (0..targets).map(|_| (1.0 + 100.0 * uniform(&mut state)).floor());
    let values = values.collect();
    let chance = (0..weapons * targets)
        .map(|_| uniform(&mut state))
        .collect();
    Instance::new(weapons, targets, units, values, chance).expect("numbers are in range")
}

/// A published instance, where it is there.
fn published(weapons: usize, targets: usize, units: u32) -> Option<Instance> {
    let root = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../shared/benchmarks/wta_andersen"
    );
    let file = std::fs::File::open(format!("{root}/wta_{weapons}x{targets}.txt.gz")).ok()?;
    let mut text = String::new();
    flate2::read::GzDecoder::new(file)
        .read_to_string(&mut text)
        .ok()?;
    let words = text.split_whitespace().skip(3).map(str::parse::<f64>);
    let numbers: Vec<f64> = words.collect::<Result<_, _>>().ok()?;
    let (values, rest) = numbers.split_at_checked(targets)?;
    let chance = rest.chunks(3).map(|triple| triple[2]).collect();
    Instance::new(weapons, targets, units, values.to_vec(), chance).ok()
}

/// Prints a row.
#[expect(clippy::print_stdout, reason = "a bench prints its figures")]
fn race(name: &str, instance: &Instance) {
    let start = ProcessTime::now();
    let best = wta::solve(instance, 0, &mut CpuBudget::new(60.0));
    let proof_s = start.elapsed().as_secs_f64();
    let start = ProcessTime::now();
    let bound = certificate::bound_of(
        instance,
        &best.certificate.prices,
        &mut WorkBudget::new(u64::MAX),
    );
    let check_s = start.elapsed().as_secs_f64();
    let value = best.plan.value();
    print!(
        "{name:22} {proof_s:7.3} {check_s:7.3} {:6} {value:16.9} {:9.5}",
        best.proven,
        100.0 * (1.0 - bound.unwrap_or(0.0) / value)
    );
    for limit_s in MOMENTS_S {
        let start = ProcessTime::now();
        let answer = wta::solve(instance, 0, &mut CpuBudget::new(limit_s));
        let took_s = start.elapsed().as_secs_f64();
        let gap = 100.0 * (answer.plan.value() / value - 1.0);
        print!("  {gap:7.4} @{:4.0}", 1e3 * took_s);
    }
    println!();
}

/// Sensors and weapons: time to the proof or 1 s, time of the checker, the gap that the checker sees,
/// and the gap that is left.
#[expect(clippy::print_stdout, reason = "a bench prints its figures")]
fn race_sensors(size: (u32, u32, u32), seed: u32) {
    let (weapons, sensors, targets) = size;
    let instance = swta::generate(weapons, sensors, targets, seed).expect("the size is in range");
    let start = ProcessTime::now();
    let answer = swta::solve(&instance, &mut CpuBudget::new(1.0));
    let took_s = start.elapsed().as_secs_f64();
    let gap = 100.0 * (answer.bound / answer.removed - 1.0);
    let name = format!("swta {weapons}x{sensors}x{targets} s{seed}");
    let (proven, removed) = (answer.proven, answer.removed);
    let start = ProcessTime::now();
    let endless = &mut WorkBudget::new(u64::MAX);
    let checked = swta::certificate::bound_of(&instance, &answer.prices, endless);
    let check_s = start.elapsed().as_secs_f64();
    let price_gap = checked.map_or(f64::NAN, |bound| 100.0 * (bound / removed - 1.0));
    println!(
        "{name:22} {took_s:7.3} {check_s:7.3} {proven:6} {removed:16.9} {price_gap:9.5}  {gap:9.5}"
    );
}

/// All instances.
#[expect(clippy::print_stdout, reason = "a bench prints its figures")]
fn main() {
    println!("instance  proof s  check s  proven  value  price gap %  gap % @ms of CPU");
    for (weapons, targets) in [
        (50, 100),
        (100, 200),
        (150, 300),
        (200, 400),
        (250, 500),
        (300, 600),
    ] {
        for units in 1..=3 {
            if let Some(instance) = published(weapons, targets, units) {
                race(&format!("andersen {weapons}x{targets}x{units}"), &instance);
            }
        }
    }
    for (weapons, targets, units) in [(200, 400, 2), (200, 400, 3), (300, 600, 3)] {
        for seed in 1..=2 {
            let instance = uniform_instance(weapons, targets, units, seed);
            race(
                &format!("uniform {weapons}x{targets}x{units} s{seed}"),
                &instance,
            );
        }
    }
    for (weapons, targets, spread) in [
        (200, 400, Spread::High),
        (200, 100, Spread::High),
        (80, 20, Spread::High),
        (100, 100, Spread::Low),
        (80, 40, Spread::Low),
    ] {
        let instance = wta::generate(weapons, targets, 1, spread).expect("the size is in range");
        race(&format!("{spread:?} {weapons}x{targets}"), &instance);
    }
    for size in [
        (20, 20, 40),
        (50, 50, 100),
        (30, 20, 20),
        (20, 30, 20),
        (40, 40, 20),
        (40, 40, 10),
    ] {
        (1..=5).for_each(|seed| race_sensors(size, seed));
    }
}
