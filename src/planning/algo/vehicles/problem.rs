//! Jobs, vehicles and the times between places. See [`RoutingProblem`].

use thiserror::Error;

/// Most jobs, vehicles or places.
pub const MOST_JOBS: usize = 5000;

/// Largest finite time, demand or capacity.
const LARGEST: f64 = 1e9;

/// What is to be small besides the worth of jobs left out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Aim {
    /// Sum over vehicles of the time from ready to done.
    TotalTime,
    /// When the last vehicle is done.
    Makespan,
}

/// Something to be done at a place.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Job {
    /// Place by index.
    pub place: usize,
    /// What it takes of a vehicle's capacity.
    pub demand: f64,
    /// How long it takes, s.
    pub service_s: f64,
    /// When it may begin, s; who is early waits.
    pub opens_s: f64,
    /// When it may begin at the latest, s; `+inf` for no limit.
    pub closes_s: f64,
    /// Seconds that doing it is worth; `None` if it has to be done.
    pub worth_s: Option<f64>,
}

/// Something that does jobs.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Vehicle {
    /// Place where it starts, by index.
    pub start: usize,
    /// Place where it has to end; `None` if it may end anywhere.
    pub end: Option<usize>,
    /// Sum of demands that it can serve.
    pub capacity: f64,
    /// When it starts, s.
    pub ready_s: f64,
    /// When it has to be done, s; `+inf` for no limit.
    pub until_s: f64,
    /// Which table of travel times is its own.
    pub class: usize,
}

/// Why a problem was refused.
#[derive(Clone, Debug, Error, PartialEq)]
pub enum RoutingError {
    /// Jobs, vehicles or places are more than [`MOST_JOBS`].
    #[error("{0} jobs, vehicles or places are more than {MOST_JOBS}")]
    Size(usize),
    /// A table of travel times is not square in the places or holds a NaN or negative time.
    #[error("the travel times of class {0} do not fill the places or are no times")]
    Travel(usize),
    /// A number of a job is out of range.
    #[error("job {0} has a place, demand or time that is not usable")]
    Job(usize),
    /// A number of a vehicle is out of range.
    #[error("vehicle {0} has a place, class, capacity or time that is not usable")]
    Vehicle(usize),
}

/// A routing problem that has been checked.
#[derive(Clone, Debug, PartialEq)]
pub struct RoutingProblem {
    places: usize,
    jobs: Vec<Job>,
    vehicles: Vec<Vehicle>,
    travel: Vec<Vec<f64>>,
}

impl RoutingProblem {
    /// Checks every number. `travel_s` holds for each class of vehicles the times from each of the
    /// places to each, row by row; `+inf` where there is no way.
    ///
    /// # Errors
    /// [`RoutingError`].
    pub fn new(
        places: usize,
        jobs: Vec<Job>,
        vehicles: Vec<Vehicle>,
        travel_s: Vec<Vec<f64>>,
    ) -> Result<Self, RoutingError> {
        let size = places.max(jobs.len()).max(vehicles.len());
        if size > MOST_JOBS {
            return Err(RoutingError::Size(size));
        }
        let is_time = |time: &f64| (0.0..=LARGEST).contains(time);
        let is_way = |time: &f64| is_time(time) || *time == f64::INFINITY;
        let table = |rows: &Vec<f64>| rows.len() == places * places && rows.iter().all(is_way);
        if let Some(class) = travel_s.iter().position(|rows| !table(rows)) {
            return Err(RoutingError::Travel(class));
        }
        let usable = |job: &Job| {
            let times = [
                job.demand,
                job.service_s,
                job.opens_s,
                job.worth_s.unwrap_or(0.0),
            ];
            job.place < places && times.iter().all(is_time) && job.closes_s >= 0.0
        };
        if let Some(at) = jobs.iter().position(|job| !usable(job)) {
            return Err(RoutingError::Job(at));
        }
        let usable = |vehicle: &Vehicle| {
            let known = vehicle.start < places && vehicle.end.is_none_or(|end| end < places);
            let able = is_way(&vehicle.capacity) && vehicle.class < travel_s.len();
            known && able && is_time(&vehicle.ready_s) && vehicle.until_s >= vehicle.ready_s
        };
        if let Some(at) = vehicles.iter().position(|vehicle| !usable(vehicle)) {
            return Err(RoutingError::Vehicle(at));
        }
        Ok(Self {
            places,
            jobs,
            vehicles,
            travel: travel_s,
        })
    }

    /// The jobs.
    #[must_use]
    pub fn jobs(&self) -> &[Job] {
        &self.jobs
    }

    /// The vehicles.
    #[must_use]
    pub fn vehicles(&self) -> &[Vehicle] {
        &self.vehicles
    }

    /// Time that a vehicle needs from place to place, s.
    #[must_use]
    pub fn travel_s(&self, vehicle: usize, from: usize, to: usize) -> f64 {
        self.travel[self.vehicles[vehicle].class][from * self.places + to]
    }

    /// Shortest time between two places for any class, s: how near they are.
    pub(super) fn nearness_s(&self, from: usize, to: usize) -> f64 {
        let times = self.travel.iter().map(|rows| rows[from * self.places + to]);
        times.fold(f64::INFINITY, f64::min)
    }
}
