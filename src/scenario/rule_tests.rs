//! Every rule of validation refuses what breaks it.

use super::tests::tutorial_findings;

/// Settings of the tutorial that each break a rule.
const BREAKING: [(&str, &str); 102] = [
    ("S1101", "format_version=2"),
    ("S1102", "name=\"Has Blanks\""),
    ("S1103", "units.scout.id=\"drone\""),
    (
        "S1144",
        "units.scout.member=(of: \"scout\", number: 3, count: 2)",
    ),
    (
        "S1144",
        "units.scout.member=(of: \"dog\", number: 1, count: 2)",
    ),
    ("S1103", "units.scout.id=\"intruder-2\""),
    ("S1104", "duration_s=0"),
    ("S1105", "dt_ms=300"),
    ("S1106", "start_utc=\"2030-02-30T00:00:00Z\""),
    ("S1107", "origin.lat_deg=89"),
    ("S1108", "terrain.spacing_m=0.01"),
    ("S1109", "environment.sea_state=12"),
    (
        "S1110",
        "buildings=[(id: \"b\", at_m: (0, 0), size_m: (0, 1, 1))]",
    ),
    (
        "S1111",
        "missions.patrol-valley.task=Search(area_m: [(0, 0), (1, 1)])",
    ),
    (
        "S1112",
        "missions.patrol-valley.task=Search(area_m: [(0,0), (9,9), (9,0), (0,9)])",
    ),
    ("S1113", "sides.blue.hostile_to=[\"rad\"]"),
    ("S1114", "sides.red.hostile_to=[]"),
    ("S1115", "desks=[]"),
    (
        "S1116",
        "no_go=[(id: \"n\", domains: [], area_m: [(0,0), (9,0), (0,9)])]",
    ),
    (
        "S1117",
        "no_go=[(id: \"n\", domains: [Air], area_m: [(0,0), (9,0), (0,9)], floor_m: 9, ceiling_m: 5)]",
    ),
    ("S1120", "forces.blue-team.side=\"bleu\""),
    ("S1121", "forces.blue-team.nation=None"),
    (
        "S1122",
        "forces.blue-team.subordinates=[(id: \"x\", echelon: Brigade)]",
    ),
    ("S1123", "forces.blue-team.command=\"pc\""),
    ("S1124", "forces.blue-team.command=\"drone\""),
    ("S1125", "forces.blue-team.doctrine=\"watchfull\""),
    ("S1130", "units.drone.class=uav-multirotr"),
    ("S1130", "units.drone.class=mortar-bomb"),
    ("S1131", "units.drone.force=\"blu-team\""),
    ("S1132", "units.intruder.count=4000000000"),
    ("S1132", "units.intruder.count=0"),
    ("S1133", "units.drone.at_m=None"),
    ("S1134", "units.drone.at_m=(20000, 0)"),
    ("S1135", "units.scout.altitude_m=10"),
    ("S1135", "units.drone.depth_m=10"),
    ("S1137", "units.drone.sensors=[\"camera-dai\"]"),
    ("S1138", "units.drone.networks=[\"mess\"]"),
    ("S1139", "units.drone.networks=[\"red-net\"]"),
    ("S1149", "units.drone.transponder=Off"),
    ("S1140", "units.drone.energy_fraction=1.5"),
    (
        "S1141",
        "units.scout.route=(waypoints_m: [(0, 0)], speed_m_s: 30)",
    ),
    ("S1142", "units.scout.route=(waypoints_m: [])"),
    (
        "S1143",
        "units.intruder.formation=(shape: Line, spacing_m: 0)",
    ),
    ("S1145", "networks.mesh.radio=mesh-wideban"),
    ("S1146", "units.intruder.networks=[\"mesh\"]"),
    ("S1147", "units.intruder.networks=[]"),
    (
        "S1150",
        "sharing.gateway=(servers: 0, service: (median_s: 1))",
    ),
    (
        "S1151",
        "sharing.releases=[(from: \"blueland\", to: \"blueland\", classes: [Track])]",
    ),
    ("S1148", "units.drone.releasable_to=[\"redlnd\"]"),
    ("S1148", "forces.blue-team.releasable_to=[\"blueland\"]"),
    ("S1152", "sharing.regime=Custom"),
    ("S1152", "sharing.rules=[(by: Direct)]"),
    (
        "S1152",
        "sharing=(regime: Custom, rules: [(classes: [], by: Direct)])",
    ),
    (
        "S1153",
        "sharing=(regime: Custom, rules: [(by: Direct), (by: Never)])",
    ),
    (
        "S1154",
        "sharing.gateway=(servers: 1, service: (median_s: 1), echelons: [Division])",
    ),
    ("S1155", "desks.cp.at=\"cq\""),
    ("S1156", "desks.cp.at=\"drone\""),
    ("S1157", "desks.cp.accept_confidence=7"),
    ("S1160", "doctrines.sneak.engage_confidence=-1"),
    (
        "S1183",
        "control_measures=[(id: \"pl\", side: \"blue\", shape: PhaseLine(line_m: [(0, 0)]))]",
    ),
    (
        "S1184",
        "staffs=[(at: \"drone\", officers: 1, service: (median_s: 9))]",
    ),
    (
        "S1185",
        "decisions=[(id: \"d\", at: \"cp\", when: After(at_s: 9), then: [])]",
    ),
    (
        "S1185",
        "decisions=[(id: \"d\", at: \"cp\", when: HostileIn(area: \"nowhere\", number: 1), \
         then: [Begin(mission: \"watch-road\")])]",
    ),
    (
        "S1185",
        "decisions=[(id: \"d\", at: \"cp\", when: After(at_s: 9), \
         then: [Emit(force: \"red-team\", emcon: Silent)])]",
    ),
    (
        "S1185",
        "decisions=[(id: \"d\", at: \"cp\", when: After(at_s: 9), \
         then: [Begin(mission: \"slip-through\")])]",
    ),
    (
        "S1186",
        "sides.blue.courses=[(id: \"x\", title: \"X\", doctrines: [(\"red-team\", \"bold\")])]",
    ),
    (
        "S1186",
        "sides.blue.courses=[(id: \"x\", title: \"X\", jammers_on: [\"scout\"])]",
    ),
    (
        "S1187",
        "missions.watch-road.task=Escort(unit: \"intruder-1\", distance_m: 50)",
    ),
    ("S1186", "sides.blue.course=\"wait\""),
    ("S1186", "missions.watch-road.courses=[\"wait\"]"),
    ("S1187", "missions.watch-road.task=Secure(area: \"hill\")"),
    (
        "S1187",
        "missions.watch-road.task=Escort(unit: \"cq\", distance_m: 50)",
    ),
    ("S1165", "missions.watch-road.force=\"blue-teem\""),
    ("S1166", "missions.watch-road.units=[\"intruder\"]"),
    (
        "S1167",
        "missions.watch-road.window=(not_before_s: 9, not_after_s: 3)",
    ),
    ("S1168", "missions.watch-road.task=Move(route_m: [])"),
    ("S1169", "missions.watch-road.priority=9"),
    (
        "S1170",
        "logistics.depots=[(unit: \"x\", radius_m: 9, bays: 1, turnaround_s: 1)]",
    ),
    (
        "S1171",
        "logistics.depots=[(unit: \"cp\", radius_m: 9, bays: 1, turnaround_s: 1)]",
    ),
    ("S1172", "logistics.return_energy_fraction=2"),
    (
        "S1173",
        "logistics.depots=[(unit: \"cp\", radius_m: 9, bays: 1, turnaround_s: 1, \
             stocks: [Rounds(effector: \"mortr\", number: 3)])]",
    ),
    ("S1174", "units.cp.roles=[Command, Depot]"),
    (
        "S1175",
        "injects=[(at_s: 5000, what: Destroy(unit: \"cp\"))]",
    ),
    (
        "S1176",
        "injects=[(at_s: 50, what: NetworkDown(network: \"mess\"))]",
    ),
    (
        "S1176",
        "injects=[(at_s: 50, what: Compromise(unit: \"dron\", drops: 0.5))]",
    ),
    (
        "S1179",
        "injects=[(at_s: 50, what: Compromise(unit: \"drone\"))]",
    ),
    (
        "S1179",
        "injects=[(at_s: 50, what: Compromise(unit: \"drone\", drops: 1.5))]",
    ),
    (
        "S1179",
        "injects=[(at_s: 50, what: Compromise(unit: \"drone\", listens: (to: \"cp\", delay_s: 5)))]",
    ),
    (
        "S1179",
        "injects=[(at_s: 50, what: Compromise(unit: \"drone\", lies: (area_m: [(0,0), (9,0), (0,9)], \
         interval_s: 0)))]",
    ),
    (
        "S1111",
        "injects=[(at_s: 50, what: Compromise(unit: \"drone\", lies: (area_m: [(0,0), (9,0)], \
         interval_s: 9)))]",
    ),
    ("S1180", "measures.own_losses.of=Losses(side: \"bluo\")"),
    ("S1181", "measures.own_losses.unit=\"s\""),
    (
        "S1182",
        "measures.own_losses.of=EngagedWithin(side: \"blue\", within_s: 0)",
    ),
    (
        "S1195",
        "land_cover=[(id: \"w\", class: Forest, area_m: [(0,0), (9,0), (0,9)], height_m: 300)]",
    ),
    (
        "S1111",
        "land_cover=[(id: \"w\", class: Marsh, area_m: [(0,0), (9,0)])]",
    ),
    (
        "S1196",
        "roads=[(id: \"r\", class: Track, line_m: [(0,0)])]",
    ),
    (
        "S1134",
        "roads=[(id: \"r\", class: Road, line_m: [(0,0), (99000,0)])]",
    ),
    ("S1197", "ground.wetness=1.5"),
    ("S1197", "ground.masking=-1"),
    ("S1198", "tide.period_h=0"),
    ("S1201", "terrain.path=\"../jacksboro.tif\""),
    ("S1201", "terrain.path=\"/etc/passwd\""),
];

#[test]
fn every_rule_refuses_what_breaks_it() {
    for (code, setting) in BREAKING {
        let findings = tutorial_findings(setting);
        let found = findings.iter().find(|it| it.code == code);
        let found = found.unwrap_or_else(|| panic!("{setting} gave {findings:?}"));
        assert!(found.line.is_some() && !found.cause.is_empty() && !found.cure.is_empty());
    }
    assert_eq!(tutorial_findings("duration_s=600"), []);
}
