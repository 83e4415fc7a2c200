//! Gateways and liaisons: queues that messages between services go through. See [`Exchanges`].

use std::collections::BTreeMap;

use bevy::prelude::Resource;
use serde::{Deserialize, Serialize};

use super::sharing::Handling;
use crate::kernel::{ids::UnitIx, time::SimTime};

/// One gateway or liaison: when each of its servers is free.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Desk {
    free: Vec<SimTime>,
    /// Items taken so far.
    pub handled: u64,
}

/// All gateways and liaisons that have handled something.
#[derive(Debug, Clone, Default, PartialEq, Eq, Resource, Serialize, Deserialize)]
pub struct Exchanges {
    desks: BTreeMap<UnitIx, Desk>,
}

impl Exchanges {
    /// Takes an item in at `now` that needs `service_s` and is worth nothing from `expires` on; returns
    /// when it is done. Items wait for the first free server, in order of arrival; what could not be
    /// done in time is turned away.
    pub fn take(
        &mut self,
        unit: UnitIx,
        handling: &Handling,
        (now, expires): (SimTime, SimTime),
        service_s: f64,
    ) -> Option<SimTime> {
        let desk = self.desks.entry(unit).or_default();
        desk.free
            .resize(handling.servers.max(1) as usize, SimTime::ZERO);
        let server = desk
            .free
            .iter_mut()
            .min()
            .expect("an exchange has at least one server");
        let done = now.max(*server).plus_s(service_s);
        if done >= expires {
            return None;
        }
        *server = done;
        desk.handled += 1;
        Some(done)
    }

    /// All that have handled something.
    pub fn iter(&self) -> impl Iterator<Item = (UnitIx, &Desk)> {
        self.desks.iter().map(|(unit, desk)| (*unit, desk))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::org::ServiceTime;

    /// MODELS §3 no. 24: three desks of their own against one pool of three, arrivals 4/h each,
    /// service 6/h: waits of 20 and 4.44 min (Erlang C). Here the pool, by simulation.
    #[test]
    fn a_pool_of_three_waits_as_erlang_c_says() {
        use crate::kernel::{
            dist::exponential,
            random::{DrawKey, Stream},
        };
        let service = ServiceTime {
            median_s: 0.0,
            sigma_log: 0.0,
            floor_s: 0.0,
        };
        let handling = Handling {
            servers: 3,
            service,
        };
        let mut draws = DrawKey::new(Stream::Handling, 1, 2, 3).draws(5);
        let mut exchanges = Exchanges::default();
        let (mut now_s, mut waited_s, items) = (0.0, 0.0, 400_000);
        for _ in 0..items {
            now_s += exponential(&mut draws, 300.0);
            let service_s = exponential(&mut draws, 600.0);
            let now = SimTime::from_s(now_s);
            let patient = (now, SimTime::NEVER);
            let done = exchanges.take(UnitIx(0), &handling, patient, service_s);
            waited_s += done.unwrap_or(now).since_s(now) - service_s;
        }
        let mean_min = waited_s / f64::from(items) / 60.0;
        assert!((mean_min - 4.444).abs() < 0.15, "{mean_min}");
    }
}
