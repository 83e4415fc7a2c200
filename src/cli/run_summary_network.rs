//! What a run's summary says of the network: the few numbers that matter.

use super::text::{list, number, optional};
use crate::accounting::network::report::{
    AgeOfInformation, NetworkSummary, NetworkUse, SideNetwork,
};

/// Lines on messages, on the shape of every side's network, and on the busiest network.
pub(super) fn lines(network: &NetworkSummary) -> Vec<String> {
    let mut lines = Vec::new();
    lines.extend(messages(network));
    lines.extend(network.sides.iter().filter_map(shape));
    lines.extend(use_of_networks(&network.networks, network.control_share));
    lines
}

/// What became of messages, and how old news was.
fn messages(network: &NetworkSummary) -> Option<String> {
    let percent = 100.0 * network.delivery_ratio?;
    let delay = optional(network.delay_median_s);
    let mut text = format!("Messages: {percent:.1} % delivered, median delay {delay} s");
    if let Some(delay_s) = network.delay_p90_s {
        text.push_str(&format!(", 90 % within {} s", number(delay_s)));
    }
    let age = |it: &AgeOfInformation| Some(format!("{} {} s", it.class, number(it.mean_s?)));
    let ages: Vec<String> = network.age_of_information.iter().filter_map(age).collect();
    if !ages.is_empty() {
        text.push_str(&format!("; mean age of {}", list(&ages)));
    }
    Some(text)
}

/// How the network of a side hung together.
fn shape(side: &SideNetwork) -> Option<String> {
    let (reach, giant) = (100.0 * side.reach?, 100.0 * side.giant_component?);
    let name = &side.side;
    let mut text =
        format!("Network of {name}: {reach:.0} % reach their post, {giant:.0} % hang together");
    if let Some(nodes) = side.articulation_nodes {
        text.push_str(&format!(", {} articulation nodes", number(nodes)));
    }
    if let Some(held) = &side.resilience {
        text.push_str(&format!(", resilience {}", number(held.mean)));
        if let Some(fell_s) = held.fell_s {
            let (depth, fell) = (100.0 * held.depth, number(fell_s));
            let recovered = held.recovery_s.map_or_else(
                || "not recovered".to_owned(),
                |after_s| format!("recovered after {} s", number(after_s)),
            );
            text.push_str(&format!(
                " (fell at {fell} s by up to {depth:.0} %, {recovered})"
            ));
        }
    }
    if let Some(share) = side.dead_zone_share {
        text.push_str(&format!(
            "; dead zone {:.0} % of the terrain",
            100.0 * share
        ));
    }
    Some(text)
}

/// The busiest network, what control cost, and what queues lost.
fn use_of_networks(networks: &[NetworkUse], control_share: Option<f64>) -> Option<String> {
    let percent = 100.0 * control_share?;
    let busiest = networks
        .iter()
        .max_by(|a, b| a.utilisation.total_cmp(&b.utilisation))?;
    let lost = |of: fn(&NetworkUse) -> u64| networks.iter().map(of).sum::<u64>();
    Some(format!(
        "Air time: {} busiest with {:.0} %; {percent:.0} % of all bytes are control; \
         {} overflowed, {} expired in queues, {} hops failed",
        busiest.network,
        100.0 * busiest.utilisation,
        lost(|it| it.overflowed),
        lost(|it| it.expired),
        lost(|it| it.failed),
    ))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::accounting::network::report::ResilienceSummary;

    #[test]
    fn the_few_numbers_that_matter_are_said() {
        let network = NetworkSummary {
            delivery_ratio: Some(0.93),
            delay_median_s: Some(1.4),
            delay_p90_s: Some(5.25),
            control_share: Some(0.22),
            age_of_information: vec![
                AgeOfInformation {
                    class: "position".to_owned(),
                    mean_s: Some(12.5),
                    ..Default::default()
                },
                AgeOfInformation {
                    class: "track".to_owned(),
                    ..Default::default()
                },
            ],
            sides: vec![SideNetwork {
                side: "blue".to_owned(),
                giant_component: Some(0.98),
                reach: Some(0.91),
                articulation_nodes: Some(2.5),
                dead_zone_share: Some(0.4),
                resilience: Some(ResilienceSummary {
                    mean: 0.97,
                    depth: 0.3,
                    fell_s: Some(620.0),
                    recovery_s: None,
                }),
                ..Default::default()
            }],
            networks: vec![NetworkUse {
                network: "net-a".to_owned(),
                utilisation: 0.43,
                expired: 7,
                ..Default::default()
            }],
            ..Default::default()
        };
        let text = lines(&network).join("\n");
        for part in [
            "93.0 % delivered, median delay 1.40 s, 90 % within 5.25 s; mean age of position 12.5",
            "Network of blue: 91 % reach their post, 98 % hang together, 2.50 articulation nodes",
            "fell at 620 s by up to 30 %, not recovered); dead zone 40 % of the terrain",
            "net-a busiest with 43 %; 22 % of all bytes are control; 0 overflowed, 7 expired",
        ] {
            assert!(text.contains(part), "{part}:\n{text}");
        }
        assert!(lines(&NetworkSummary::default()).is_empty());
    }
}
