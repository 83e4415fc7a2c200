//! One server and classes of customers, some before others. See [`priority_waits`].

/// One class of customers of a queue with priorities.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct PriorityClass {
    /// Arrivals per unit of time, λ.
    pub arrival_rate: f64,
    /// Mean time of a service.
    pub service_mean: f64,
    /// Mean square of the time of a service: twice the square of the mean if it is exponential, the
    /// square of the mean if it is constant.
    pub service_mean_square: f64,
}

impl PriorityClass {
    /// A class with exponential service.
    #[must_use]
    pub fn exponential(arrival_rate: f64, service_rate: f64) -> Self {
        let service_mean = 1.0 / service_rate;
        Self {
            arrival_rate,
            service_mean,
            service_mean_square: 2.0 * service_mean * service_mean,
        }
    }

    /// A class with constant service.
    #[must_use]
    pub fn constant(arrival_rate: f64, service_mean: f64) -> Self {
        Self {
            arrival_rate,
            service_mean,
            service_mean_square: service_mean * service_mean,
        }
    }
}

/// Mean wait before service of each class of a queue with one server and priorities that do not
/// interrupt a service, the highest priority first: R/((1 − σₖ₋₁)(1 − σₖ)), where R = Σ λ·E(S²)/2
/// over all classes is what is left of the service in progress, and σₖ the load of classes up to k
/// (Cobham 1954, "Priority assignment in waiting line problems", Operations Research 2(1)).
///
/// While lower classes overload the server, R is capped: it is busy all the time with what the
/// classes that are served get through.
#[must_use]
pub fn priority_waits(classes: &[PriorityClass]) -> Vec<f64> {
    let residual = residual_service(classes);
    let mut above = 0.0;
    let wait = |class: &PriorityClass| {
        let load = above + class.arrival_rate * class.service_mean;
        let wait = if load >= 1.0 {
            f64::INFINITY
        } else {
            residual / ((1.0 - above) * (1.0 - load))
        };
        above = load;
        wait
    };
    classes.iter().map(wait).collect()
}

/// Mean remainder of the service that an arrival finds in progress. Classes use what those above them
/// leave of the server, so the one that overloads it is served in part, and those below not at all.
fn residual_service(classes: &[PriorityClass]) -> f64 {
    let mut left = 1.0_f64;
    let mut residual = 0.0;
    for class in classes {
        let load = class.arrival_rate * class.service_mean;
        let served = if load > left { left / load } else { 1.0 };
        residual += served * class.arrival_rate * class.service_mean_square / 2.0;
        left -= served * load;
    }
    residual
}

#[cfg(test)]
mod tests {
    use super::{super::servers::mm1_wait, *};

    /// Fails unless two numbers agree to a tolerance.
    fn agree(got: f64, want: f64, tolerance: f64) {
        assert!((got - want).abs() < tolerance, "{got}, not {want}");
    }

    #[test]
    fn priorities_agree_with_the_reference() {
        let classes = [
            PriorityClass::exponential(2.0, 10.0),
            PriorityClass::exponential(6.0, 10.0),
        ];
        let waits = priority_waits(&classes);
        agree(waits[0], 0.1, 1e-12);
        agree(waits[1], 0.5, 1e-12);
        agree(mm1_wait(8.0, 10.0), 0.4, 1e-12);
        assert!(priority_waits(&[]).is_empty());
        agree(
            priority_waits(&[PriorityClass::constant(8.0, 0.1)])[0] + 0.1,
            0.3,
            1e-12,
        );
    }

    #[test]
    fn priorities_shift_waits_but_keep_their_sum() {
        // Kleinrock's conservation law: Σ ρₖWₖ = ρ R/(1 − ρ), whatever the order.
        let classes = [
            PriorityClass::exponential(1.0, 8.0),
            PriorityClass::constant(2.0, 0.1),
            PriorityClass::exponential(3.0, 12.0),
            PriorityClass::constant(0.5, 0.3),
        ];
        let weighted = |order: &[usize]| -> f64 {
            let ordered: Vec<_> = order.iter().map(|at| classes[*at]).collect();
            let waits = priority_waits(&ordered);
            ordered
                .iter()
                .zip(waits)
                .map(|(class, wait)| class.arrival_rate * class.service_mean * wait)
                .sum()
        };
        let load: f64 = classes
            .iter()
            .map(|class| class.arrival_rate * class.service_mean)
            .sum();
        let residual: f64 = classes
            .iter()
            .map(|class| class.arrival_rate * class.service_mean_square / 2.0)
            .sum();
        for order in [[0, 1, 2, 3], [3, 2, 1, 0], [2, 0, 3, 1]] {
            agree(weighted(&order), load * residual / (1.0 - load), 1e-12);
        }
    }

    #[test]
    fn a_flood_of_low_priority_stops_itself_and_bounds_the_wait_of_the_high() {
        let flood = |rate| {
            priority_waits(&[
                PriorityClass::constant(2.0, 0.1),
                PriorityClass::constant(rate, 0.1),
                PriorityClass::constant(1.0, 0.1),
            ])
        };
        let (some, much) = (flood(20.0), flood(2e6));
        assert!(some[1].is_infinite() && some[2].is_infinite());
        // The server is always busy: an arrival finds half a service left, over the 0.8 left to it.
        agree(some[0], 0.05 / 0.8, 1e-12);
        agree(much[0], 0.05 / 0.8, 1e-12);
    }
}
