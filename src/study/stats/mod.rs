//! Statistics over replications: pure functions from samples to estimates with intervals.
//!
//! | File | What | Source |
//! |---|---|---|
//! | [`mean`] | mean with t interval; paired differences | Student 1908; Law 2015, § 10.2 |
//! | [`proportion`] | proportion with score interval | Wilson 1927 |
//! | [`median`] | median with an interval of order statistics | David and Nagaraja 2003, § 7.1 |
//! | [`clusters`] | cumulative incidence, restricted means and their paired differences, by replication | Choudhury 2002; Lipsitz and Parzen 1996 |
//! | [`decompose`] | how much of a difference is due to which cause | Shapley 1953 |
//! | [`break_even`] | where a difference crosses zero | Efron and Tibshirani 1993, § 13.3 |
//! | [`rank`] | correlation of ranks | Kendall and Gibbons 1990, § 3.8 |
//! | [`incidence`] | curves of cumulative incidence with pointwise intervals | as before |

pub mod break_even;
pub mod clusters;
pub mod decompose;
pub mod incidence;
pub mod mean;
pub mod median;
pub mod proportion;
pub mod rank;

#[cfg(test)]
mod coverage_tests;

use serde::{Deserialize, Serialize};

/// An estimate with its interval, in the unit of the sample.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Estimate {
    /// Size of the sample.
    pub n: usize,
    /// The estimate.
    pub value: f64,
    /// Lower and upper end of the interval; none where the sample is too small for one.
    pub interval: Option<[f64; 2]>,
}
