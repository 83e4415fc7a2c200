//! Ways through a mesh: found, lost and found again, around jammers and losses, or carried.

use tercio::app::RunOutput;
use tercio::comms::model::rates::Rates;

use super::support::{load_text, run};

/// Units on a plain with a radio that carries 787 m, and a flow of messages twice a second.
fn scene(units: &str, more: &str, routing: &str) -> String {
    format!(
        r#"#![enable(implicit_some)]
(
    format_version: 1, name: "ways", title: "Ways through a mesh", duration_s: 240, dt_ms: 100,
    start_utc: "2030-06-01T08:00:00Z", origin: (lat_deg: 36.3, lon_deg: -84.2),
    terrain: Flat(height_m: 0, half_extent_m: (8000, 8000)),
    sides: [(id: "blue", hostile_to: ["red"]), (id: "red", hostile_to: ["blue"])],
    forces: [
        (id: "nodes", side: "blue", nation: "blueland", service: "army", echelon: Company,
         command: "a"),
        (id: "others", side: "red", nation: "redland", service: "army", echelon: Team,
         command: "jammer", doctrine: "idle"),
    ],
    doctrines: [(id: "idle", posture: WeaponsHold, engage_confidence: 0.9,
                 engage_sigma_max_m: 10, rounds_per_target_max: 1)],
    units: [
        {units}
        (id: "jammer", class: "command-vehicle", force: "others", at_m: (600, 1400),
         jammers: ["jammer-drone-link"], jammers_on: false, roles: [Command]),
    ],
    networks: [(id: "wlan", radio: "wlan-dsss")],
    sharing: (regime: Meshed, routing: {routing}, position_reports: ByInterval,
              position_report_interval_s: 3000, status_report_interval_s: 3000),
    {more}
)"#
    )
}

/// A node that hovers at a place.
fn node(id: &str, at: (f64, f64)) -> String {
    format!(
        r#"(id: "{id}", class: "uav-multirotor", force: "nodes", at_m: ({:.1}, {:.1}), altitude_m: 10,
            radios: ["wlan-dsss"], networks: ["wlan"], roles: [Relay{}]),
        "#,
        at.0,
        at.1,
        if id == "a" { ", Command" } else { "" }
    )
}

/// Sent and delivered of the flow.
fn flow(output: &RunOutput) -> (u64, f64) {
    let mut rows = output.report.summary.network.by_class.iter();
    let row = rows.find(|row| row.class == "staff").unwrap();
    (row.traffic.sent, row.traffic.delivery_ratio.unwrap_or(0.0))
}

/// Runs a scene.
fn outcome(text: &str) -> RunOutput {
    run(&load_text(text), 1, f64::INFINITY)
}

/// Two ways from `a` to `b`, over `north` and over `south`.
fn diamond() -> String {
    [
        node("a", (0.0, 0.0)),
        node("north", (600.0, 300.0)),
        node("south", (600.0, -300.0)),
        node("b", (1200.0, 0.0)),
    ]
    .concat()
}

/// Twice a second from `a` to `b`, from a time on.
fn traffic(start_s: f64, valid_s: f64) -> String {
    format!(
        r#"traffic: [(id: "flow", from: ["a"], to: ["b"], size_bytes: 64, interval_s: 0.5,
                      start_s: {start_s:.1}, valid_s: {valid_s:.1})],"#
    )
}

#[test]
fn every_protocol_finds_its_way_along_a_chain() {
    let chain: String = [
        ("a", 0.0),
        ("c", 700.0),
        ("d", 1400.0),
        ("e", 2100.0),
        ("b", 2800.0),
    ]
    .map(|(id, x)| node(id, (x - 1400.0, 0.0)))
    .concat();
    for routing in [
        "LinkState",
        "Oracle",
        "Flooding",
        "Epidemic",
        "SprayAndWait(copies: 16)",
        "OnDemand",
    ] {
        let output = outcome(&scene(&chain, &traffic(10.0, 60.0), routing));
        let (sent, ratio) = flow(&output);
        assert!(sent > 300 && ratio > 0.95, "{routing}: {ratio} of {sent}");
    }
}

#[test]
fn a_lost_relay_is_gone_around() {
    let loss = r#"injects: [(at_s: 60, what: Destroy(unit: "north")),
                            (at_s: 120, what: Destroy(unit: "south"))],"#;
    let more = traffic(10.0, 20.0) + loss;
    let output = outcome(&scene(&diamond(), &more, "LinkState"));
    // 110 s of 230 s have a way; finding the other one may cost a few seconds.
    let (_, ratio) = flow(&output);
    assert!((0.44..0.49).contains(&ratio), "{ratio}");
    let south = outcome(&scene(
        &diamond(),
        &(traffic(10.0, 20.0) + r#"injects: [(at_s: 60, what: Destroy(unit: "north"))],"#),
        "LinkState",
    ));
    assert!(flow(&south).1 > 0.98, "{}", flow(&south).1);
}

#[test]
fn a_jammer_parts_the_mesh_and_gives_it_back() {
    let jam = r#"injects: [(at_s: 80, what: JammerOn(unit: "jammer")),
                           (at_s: 160, what: JammerOff(unit: "jammer"))],"#;
    let more = traffic(10.0, 20.0) + jam;
    let output = outcome(&scene(&diamond(), &more, "LinkState"));
    let (_, ratio) = flow(&output);
    // 80 s of 230 s are jammed; the last messages before it ends still get through in time, and
    // neighbours are found again after a few hellos.
    assert!((0.55..0.75).contains(&ratio), "{ratio}");
    let sides = &output.report.summary.network.sides;
    let blue = sides.iter().find(|it| it.side == "blue").unwrap();
    let resilience = blue.resilience.as_ref().unwrap();
    assert!(resilience.depth > 0.5, "{resilience:?}");
    assert!(resilience.recovery_s.unwrap() < 120.0, "{resilience:?}");
}

#[test]
fn a_ferry_carries_what_no_way_leads_to() {
    let ferry = r#"(id: "ferry", class: "uav-multirotor", force: "nodes", at_m: (-1500, 0),
         altitude_m: 10, radios: ["wlan-dsss"], networks: ["wlan"], roles: [Relay],
         route: (waypoints_m: [(1500, 0), (-1500, 0)], speed_m_s: 12, repeat: true)),
        "#;
    let units = node("a", (-1800.0, 0.0)) + &node("b", (1800.0, 0.0)) + ferry;
    // What is sent in the first minute can be there before the run ends.
    let more = traffic(1.0, 600.0).replace("start_s", "end_s: 60, start_s");
    let [with, without] = ["Epidemic", "LinkState"].map(|routing| {
        let output = outcome(&scene(&units, &more, routing));
        flow(&output)
    });
    assert!(with.1 > 0.5, "{with:?}");
    assert!(without.1 < 0.05, "{without:?}");
}

/// Terminals about a base station, a flow from one to another: `more` goes into the network.
fn cell(more: &str) -> String {
    let units: String = [
        ("a", 0.0, 0.0),
        ("mast", 2000.0, 0.0),
        ("b", 2000.0, 1500.0),
    ]
    .map(|(id, x, y)| node(id, (x, y)))
    .concat();
    scene(&units, &traffic(10.0, 20.0), "LinkState")
        .replace(
            r#"(id: "wlan", radio: "wlan-dsss")"#,
            &format!(r#"(id: "wlan", radio: "lte", {more})"#),
        )
        .replace("wlan-dsss", "lte")
}

#[test]
fn terminals_talk_through_their_base_station() {
    let output = outcome(&cell(r#"hub: "mast""#));
    let (sent, ratio) = flow(&output);
    assert!(sent > 300 && ratio > 0.98, "{ratio} of {sent}");
    // Without it they do not hear each other, near as they are.
    let lost = cell(r#"hub: "mast""#).replace(
        "traffic:",
        r#"injects: [(at_s: 0, what: Destroy(unit: "mast"))], traffic:"#,
    );
    assert!(flow(&outcome(&lost)).1 < 0.01);
}

#[test]
fn a_near_terminal_is_served_faster_than_a_far_one() {
    // 20 kB take 26 ms at the highest rate, and more than twice that at any below 3 Mbit/s.
    let large = |x: f64| {
        let text = cell(r#"hub: "mast""#)
            .replace(
                "size_bytes: 64, interval_s: 0.5",
                "size_bytes: 20000, interval_s: 5",
            )
            .replace("altitude_m: 10", "altitude_m: 2")
            .replace("(2000.0", "(7900.0")
            .replace("at_m: (0.0, 0.0)", &format!("at_m: ({x:.1}, 0.0)"));
        let output = outcome(&text);
        let mut rows = output.report.summary.network.by_class.iter();
        let row = rows.find(|row| row.class == "staff").unwrap();
        assert!(
            row.traffic.delivery_ratio.unwrap() > 0.9,
            "{:?}",
            row.traffic
        );
        row.traffic.delay_median_s.unwrap()
    };
    let [near, far] = [large(7400.0), large(-7900.0)];
    assert!(near < 0.2 && far > near + 0.04, "{near} s, {far} s");
}

#[test]
fn packet_completion_rates_of_a_file_take_the_place_of_the_radios() {
    let text = scene(&diamond(), &traffic(10.0, 20.0), "LinkState");
    let with = text.replace(
        r#"radio: "wlan-dsss""#,
        r#"radio: "wlan-dsss", pcr_file: "radios/ofdm-6m-pcr.xml""#,
    );
    let sides = |text: &str| {
        let loaded = load_text(text);
        loaded.rates[0].as_ref().map(Rates::basic_bit_s)
    };
    assert_eq!([sides(&text), sides(&with)], [None, Some(6e6)]);
    // At 6 Mbit/s this radio needs 12 dB less than at 1 Mbit/s: `a` and `b` hear each other.
    let used = |text: &str| outcome(text).report.summary.network.networks[0].utilisation;
    assert!(used(&with) < 0.5 * used(&text));
}

#[test]
fn rain_closes_a_link_of_short_waves() {
    let units = node("a", (0.0, 0.0)) + &node("b", (7000.0, 0.0));
    let more = traffic(10.0, 20.0) + r#"injects: [(at_s: 120, what: Weather(rain_mm_h: 150))],"#;
    let text = scene(&units, &more, "LinkState")
        .replace(
            r#"radio: "wlan-dsss")"#,
            r#"radio: "radio-relay", frequency_mhz: 15000)"#,
        )
        .replace("wlan-dsss", "radio-relay");
    let (_, ratio) = flow(&outcome(&text));
    assert!((0.4..0.6).contains(&ratio), "{ratio}");
    let dry = text.replace("rain_mm_h: 150", "rain_mm_h: 0");
    assert!(flow(&outcome(&dry)).1 > 0.98);
}

#[test]
fn a_boat_bridges_sound_and_radio() {
    let diver = r#"(id: "a", class: "uuv-survey", force: "nodes", at_m: (0, 0), depth_m: 20,
         radios: ["acoustic-modem"], networks: ["sound"], roles: [Command]),
        "#;
    let ship = r#"(id: "b", class: "usv-medium", force: "nodes", at_m: (2650, 0),
         radios: ["wlan-dsss"], networks: ["wlan"]),
        "#;
    let boat = r#"(id: "boat", class: "usv-medium", force: "nodes", at_m: (2500, 0), roles: [Relay],
         radios: ["acoustic-modem", "wlan-dsss"], networks: ["sound", "wlan"]),
        "#;
    let ratio = |units: &str| {
        // Without reports of tracks, which would fill 80 bit/s: full, ALOHA lets little through.
        let urgent = "precedence: Immediate, interval_s: 30";
        let more = traffic(10.0, 60.0)
            .replace("interval_s: 0.5", urgent)
            .replace("size_bytes: 64", "size_bytes: 16");
        let text = scene(units, &more, "LinkState")
            .replace("height_m: 0", "height_m: -60")
            .replace("sharing: (", "sharing: (track_report_interval_s: 3000, ")
            .replace("at_m: (600, 1400)", "at_m: (7000, 7000)")
            .replace("command-vehicle", "usv-medium")
            .replace(
                "networks: [(",
                r#"networks: [(id: "sound", radio: "acoustic-modem"), ("#,
            );
        flow(&outcome(&text))
    };
    let bridged = ratio(&[diver, ship, boat].concat());
    assert!(bridged.0 >= 7 && bridged.1 > 0.7, "{bridged:?}");
    // The same boat without its modem joins nothing.
    let deaf = boat
        .replace(r#""acoustic-modem", "#, "")
        .replace(r#""sound", "#, "");
    let alone = ratio(&[diver, ship, &deaf].concat());
    assert!(alone.1 < 0.01, "{alone:?}");
}
