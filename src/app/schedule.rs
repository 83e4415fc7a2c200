//! The injects of a scenario, by their times. See [`schedule_injects`].

use glam::DVec2;

use super::inject::{Event, ScheduledInjects};
use crate::{
    cyber_ew::compromise::{Compromise, Listening, Lying},
    kernel::{math, time::SimTime},
    plan::polygon::Polygon,
    scenario::{
        order_of_battle::OrderOfBattle as Tree,
        schema::{Inject, Injection, Scenario},
        spawn::{Names, SpawnError},
    },
};

/// The injects of a scenario in indices.
pub(super) fn schedule_injects(scenario: &Scenario) -> Result<ScheduledInjects, SpawnError> {
    let names = Names::of(scenario, &Tree::of(scenario))?;
    let mut scheduled = ScheduledInjects::default();
    for inject in scenario.injects.iter().filter(|inject| inject.enabled) {
        let event = match &inject.what {
            Injection::Destroy { unit } => Event::Destroy(names.unit(unit)?),
            Injection::NetworkDown { network } => Event::Network(names.network(network)?, false),
            Injection::NetworkUp { network } => Event::Network(names.network(network)?, true),
            Injection::GatewayDown { unit } => Event::Exchange(names.unit(unit)?, false),
            Injection::GatewayUp { unit } => Event::Exchange(names.unit(unit)?, true),
            Injection::JammerOn { unit } => Event::Jam(names.unit(unit)?, true),
            Injection::JammerOff { unit } => Event::Jam(names.unit(unit)?, false),
            Injection::SpoofOn {
                unit,
                heading_deg,
                pull_m_s,
            } => {
                let (east, north) = math::sincos(heading_deg.to_radians());
                let pull = DVec2::new(east, north) * *pull_m_s;
                Event::Spoof(names.unit(unit)?, Some(pull))
            }
            Injection::SpoofOff { unit } => Event::Spoof(names.unit(unit)?, None),
            Injection::Compromise { unit, .. } => {
                let compromise = compromise(inject, &names)?;
                Event::Compromise(names.unit(unit)?, Box::new(compromise))
            }
            Injection::Weather {
                wind_from_deg,
                wind_m_s,
                visibility_m,
                rain_mm_h,
                sea_state,
                current_to_deg,
                current_m_s,
                light,
            } => {
                let (to_deg, speed_m_s) = (*current_to_deg, *current_m_s);
                if to_deg.is_some() || speed_m_s.is_some() {
                    let current = Event::Current { to_deg, speed_m_s };
                    scheduled.post(SimTime::from_s(inject.at_s), current);
                }
                Event::Weather {
                    wind_from_deg: *wind_from_deg,
                    wind_m_s: *wind_m_s,
                    visibility_m: *visibility_m,
                    rain_mm_h: *rain_mm_h,
                    sea_state: *sea_state,
                    light: *light,
                }
            }
        };
        scheduled.post(SimTime::from_s(inject.at_s), event);
    }
    Ok(scheduled)
}

/// What an inject does with a node that falls into other hands, in indices.
fn compromise(inject: &Inject, names: &Names) -> Result<Compromise, SpawnError> {
    let since = SimTime::from_s(inject.at_s);
    let mut made = Compromise {
        since,
        listens: None,
        drops: 0.0,
        lies: None,
        excluded_at: None,
    };
    let Injection::Compromise {
        listens,
        drops,
        lies,
        excluded_after_s,
        ..
    } = &inject.what
    else {
        return Ok(made);
    };
    made.drops = *drops;
    made.excluded_at = excluded_after_s.map(|after_s| since.plus_s(after_s));
    if let Some(listening) = listens {
        made.listens = Some(Listening {
            to: names.unit(&listening.to)?,
            delay_s: listening.delay_s,
        });
    }
    if let Some(lying) = lies {
        // Validation has seen that it is a polygon.
        made.lies = Polygon::new(lying.area_m.clone()).ok().map(|area| Lying {
            area,
            interval_s: lying.interval_s,
            target: lying.target,
        });
    }
    Ok(made)
}
