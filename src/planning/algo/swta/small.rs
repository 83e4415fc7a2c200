//! Dynamic programming over the sets of weapons and sensors used, for small instances.

use super::instance::{Instance, Pair};

/// Most weapons plus sensors.
pub(super) const MOST_RESOURCES: usize = 12;

/// Whether an instance is small enough.
pub(super) fn is_small(instance: &Instance) -> bool {
    instance.weapons() + instance.sensors() <= MOST_RESOURCES && instance.targets() <= 1000
}

/// How many steps [`solve`] takes: for each target, all pairs of nested sets.
pub(super) fn steps(instance: &Instance) -> u64 {
    let sets = (0..instance.weapons() + instance.sensors()).fold(1, |sets: u64, _| sets * 3);
    sets * instance.targets() as u64
}

/// Sets of weapons (high bits) and as many sensors (low bits).
struct Sets {
    sensors: usize,
    size: usize,
    balanced: Vec<usize>,
}

impl Sets {
    fn of(instance: &Instance) -> Self {
        let sensors = instance.sensors();
        let size = 1 << (instance.weapons() + sensors);
        let even = |&set: &usize| {
            (set >> sensors).count_ones() == (set & ((1 << sensors) - 1)).count_ones()
        };
        Self {
            sensors,
            size,
            balanced: (0..size).filter(even).collect(),
        }
    }

    /// Members of the low bits of a set.
    fn members(bits: usize) -> impl Iterator<Item = usize> {
        (0..MOST_RESOURCES).filter(move |&at| bits >> at & 1 == 1)
    }

    /// The sensors of a set.
    fn low(&self, set: usize) -> usize {
        set & ((1 << self.sensors) - 1)
    }

    /// The balanced subsets of a balanced set, itself and the empty one included.
    fn subsets(&self, set: usize) -> impl Iterator<Item = usize> {
        let (high, low) = (set >> self.sensors, self.low(set));
        let shift = self.sensors;
        let of = |set: usize| (0..=set).filter(move |sub| sub & !set == 0);
        of(high).flat_map(move |h| {
            let fits = of(low).filter(move |l| l.count_ones() == h.count_ones());
            fits.map(move |l| h << shift | l)
        })
    }
}

/// What survives of a target's threat under each balanced set, paired in the best way, with the
/// sensor of the lowest weapon.
fn best_pairings(instance: &Instance, sets: &Sets, target: usize) -> Vec<(f64, usize)> {
    let mut best = vec![(f64::INFINITY, 0); sets.size];
    best[0] = (instance.threat()[target], 0);
    for &set in &sets.balanced[1..] {
        let weapon = (set >> sets.sensors).trailing_zeros() as usize;
        for sensor in Sets::members(sets.low(set)) {
            let rest = set & !(1 << (weapon + sets.sensors)) & !(1 << sensor);
            let left = best[rest].0 * instance.kept(target, (weapon, sensor));
            if left < best[set].0 {
                best[set] = (left, sensor);
            }
        }
    }
    best
}

/// The pairs on each target that leave the least threat.
pub(super) fn solve(instance: &Instance) -> Vec<Vec<Pair>> {
    let sets = Sets::of(instance);
    let mut pairings = Vec::with_capacity(instance.targets());
    // What survives of the targets so far, if exactly this set is used on them.
    let mut least = vec![f64::INFINITY; sets.size];
    least[0] = 0.0;
    let mut shares = Vec::with_capacity(instance.targets());
    for target in 0..instance.targets() {
        let best = best_pairings(instance, &sets, target);
        let mut next = vec![(f64::INFINITY, 0); sets.size];
        for &set in &sets.balanced {
            for share in sets.subsets(set) {
                let left = least[set & !share] + best[share].0;
                if left < next[set].0 {
                    next[set] = (left, share);
                }
            }
        }
        least = next.iter().map(|&(left, _)| left).collect();
        shares.push(next.into_iter().map(|(_, share)| share).collect::<Vec<_>>());
        pairings.push(best);
    }
    let best = sets.balanced.iter().copied();
    let mut set = best
        .min_by(|&a, &b| least[a].total_cmp(&least[b]))
        .unwrap_or(0);
    let mut plan = vec![Vec::new(); instance.targets()];
    for target in (0..instance.targets()).rev() {
        let mut share = shares[target][set];
        set &= !share;
        while share != 0 {
            let weapon = (share >> sets.sensors).trailing_zeros() as usize;
            let sensor = pairings[target][share].1;
            if instance.works((weapon, sensor)) {
                plan[target].push((weapon, sensor));
            }
            share &= !(1 << (weapon + sets.sensors)) & !(1 << sensor);
        }
    }
    plan
}
