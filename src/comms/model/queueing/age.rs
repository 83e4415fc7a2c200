//! Age of information: how old the newest news of a source is when it has to queue.
//!
//! ρ = λ/μ; the age is the time since the newest update that has arrived was made, and never settles
//! in a queue that cannot keep up.

/// Mean age of information of a source behind an M/M/1 queue, first come first served:
/// (1/μ)(1 + 1/ρ + ρ²/(1 − ρ)); least at ρ = 0.531 (Kaul, Yates, Gruteser 2012, "Real-time status: how
/// often should one update?", INFOCOM).
#[must_use]
pub fn age_fcfs(arrival_rate: f64, service_rate: f64) -> f64 {
    let load = arrival_rate / service_rate;
    if load >= 1.0 {
        return f64::INFINITY;
    }
    (1.0 + 1.0 / load + load * load / (1.0 - load)) / service_rate
}

/// Mean peak age of information of a source behind an M/M/1 queue, first come first served: the age
/// just before each update, (1/μ)(1 + 1/ρ + ρ/(1 − ρ)) (Inoue et al. 2019, "A general formula for the
/// stationary distribution of the age of information", IEEE Transactions on Information Theory 65).
#[must_use]
pub fn peak_age_fcfs(arrival_rate: f64, service_rate: f64) -> f64 {
    let load = arrival_rate / service_rate;
    if load >= 1.0 {
        return f64::INFINITY;
    }
    (1.0 + 1.0 / load + load / (1.0 - load)) / service_rate
}

/// Mean age of information of a source whose newest update interrupts the one in service, M/M/1 last
/// come first served with preemption: (1/μ)(1 + 1/ρ) = 1/μ + 1/λ (Kaul, Yates, Gruteser 2012, "Status
/// updates through queues", CISS).
#[must_use]
pub fn age_lcfs_preemptive(arrival_rate: f64, service_rate: f64) -> f64 {
    1.0 / service_rate + 1.0 / arrival_rate
}

#[cfg(test)]
mod tests {
    use super::{super::servers::mm1_time, *};

    /// Fails unless two numbers agree to a tolerance.
    fn agree(got: f64, want: f64, tolerance: f64) {
        assert!((got - want).abs() < tolerance, "{got}, not {want}");
    }

    #[test]
    fn ages_agree_with_the_reference() {
        agree(age_fcfs(0.531, 1.0), 3.484_435_333_421_673, 1e-9);
        agree(age_fcfs(0.3, 1.0), 4.461_904_761_904_763, 1e-9);
        agree(age_fcfs(0.8, 1.0), 5.45, 1e-9);
        agree(age_lcfs_preemptive(0.8, 1.0), 2.25, 1e-12);
        agree(age_lcfs_preemptive(0.3, 1.0), 4.333_333_333, 1e-9);
        // Inter-arrival plus time in the system: 1/λ + 1/(μ − λ).
        agree(peak_age_fcfs(4.0, 5.0), 0.25 + mm1_time(4.0, 5.0), 1e-12);
        for step in 1..100 {
            let load = f64::from(step) / 100.0;
            assert!(age_fcfs(load, 1.0) >= age_fcfs(0.531, 1.0) - 1e-6);
            assert!(age_fcfs(load, 1.0) >= age_lcfs_preemptive(load, 1.0));
            assert!(peak_age_fcfs(load, 1.0) >= age_fcfs(load, 1.0));
        }
    }

    #[test]
    fn queues_that_cannot_keep_up_age_for_ever() {
        assert!(age_fcfs(2.0, 1.0).is_infinite() && peak_age_fcfs(1.0, 1.0).is_infinite());
    }
}
