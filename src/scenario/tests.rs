//! Whole-room tests: hostile texts, gathered errors, settings, every rule, agreement with `ron`.

use glam::DVec2;

use super::assets::AssetRoots;
use super::load::{LoadError, load_read};
use super::read::{ReadScenario, read_scenario};
use super::schema::{Regime, Scenario, UnitSpec};
use super::validate::validate;
use crate::kernel::finding::Finding;
use crate::platform::class::Catalogue;

/// The shipped scenarios, by name.
const SHIPPED: [(&str, &str); 4] = [
    (
        "tutorial",
        include_str!(concat!(
            env!("CARGO_MANIFEST_DIR"),
            "/scenarios/tutorial.ron"
        )),
    ),
    (
        "highland",
        include_str!(concat!(
            env!("CARGO_MANIFEST_DIR"),
            "/scenarios/highland-screen.ron"
        )),
    ),
    (
        "strait",
        include_str!(concat!(
            env!("CARGO_MANIFEST_DIR"),
            "/scenarios/strait-watch.ron"
        )),
    ),
    (
        "swarm",
        include_str!(concat!(
            env!("CARGO_MANIFEST_DIR"),
            "/scenarios/benchmarks/swarm-1000.ron"
        )),
    ),
];

/// The text of the tutorial.
const TUTORIAL: &str = SHIPPED[0].1;

/// Reads a text with settings.
fn read(text: &str, settings: &[&str]) -> Result<ReadScenario, Vec<Finding>> {
    let settings: Vec<String> = settings.iter().map(|it| (*it).to_owned()).collect();
    read_scenario("t.ron", text, &settings)
}

/// Codes of reading a text.
fn codes(text: &str) -> Vec<String> {
    read(text, &[])
        .expect_err("refused")
        .into_iter()
        .map(|it| it.code)
        .collect()
}

/// Findings of the tutorial under one setting, from reading or from the rules.
pub(super) fn tutorial_findings(setting: &str) -> Vec<Finding> {
    match read(TUTORIAL, &[setting]) {
        Err(findings) => findings,
        Ok(read) => validate(&read, &Catalogue::shipped(), None),
    }
}

#[test]
fn the_tree_reads_what_ron_reads() {
    for (name, text) in SHIPPED {
        let ours = read(text, &[]).unwrap_or_else(|findings| panic!("{name}: {findings:?}"));
        let theirs: Scenario = ron::from_str(text).unwrap();
        assert_eq!(ours.scenario, theirs, "{name}");
    }
}

#[test]
fn shipped_scenarios_load_without_a_warning() {
    let catalogue = Catalogue::shipped();
    let sizes = [
        ("tutorial", 6),
        ("highland", 147),
        ("strait", 108),
        ("swarm", 1151),
    ];
    for ((name, text), (_, size)) in SHIPPED.into_iter().zip(sizes) {
        let read = read(text, &[]).unwrap();
        let units: u32 = read.scenario.units.iter().map(|unit| unit.count).sum();
        assert_eq!(units, size, "{name}");
        let loaded = load_read(read, &AssetRoots::new(Vec::new()), &catalogue);
        let loaded = loaded.unwrap_or_else(|error| panic!("{name}: {error:?}"));
        assert_eq!(loaded.warnings, [], "{name}");
    }
}

#[test]
fn hostile_texts_are_refused_with_a_code() {
    let million = "(".repeat(1_000_000);
    let comments = "/*".repeat(400_000);
    let list = format!("[{}]", "1,".repeat(4_000_000));
    let cases: [(&str, &str); 16] = [
        (&million, "S1004"),
        (&comments, "S1003"),
        (&list, "S1005"),
        ("", "S1003"),
        ("(a: 1,, b: 2)", "S1003"),
        ("(a: \"x", "S1003"),
        ("(a: 12f32)", "S1003"),
        ("#![enable(unwrap_newtypes)] ()", "S1003"),
        ("(a: 1, a: 2)", "S1006"),
        ("(m: {\"k\": 1, \"k\": 2})", "S1006"),
        ("(a: NaN)", "S1007"),
        ("(a: -inf)", "S1007"),
        ("(a: 1e400)", "S1007"),
        ("(a: \"\\u{202e}x\")", "S1008"),
        ("(a: \"x\u{202e}\")", "S1008"),
        ("// \u{0}\n()", "S1008"),
    ];
    for (text, code) in cases {
        let found = codes(text);
        assert!(found.iter().any(|it| it == code), "{code} not in {found:?}");
    }
    let long = " ".repeat((8 << 20) + 1);
    assert_eq!(codes(&long), ["S1001"]);
}

#[test]
fn nested_comments_and_plain_values_are_read() {
    let nested = format!("{}{}{TUTORIAL}", "/*".repeat(1000), "*/".repeat(1000));
    assert!(read(&nested, &[]).is_ok());
}

#[test]
fn a_file_with_many_mistakes_gets_all_of_them_at_their_places() {
    let text = TUTORIAL
        .replace("    duration_s: 1500,", "    duration: 1500,")
        .replace("regime: Joint", "regime: Jointly")
        .replace(
            "operators: 1, service: (median_s: 20",
            "operators: -1, service: (median_s: \"x\"",
        )
        .replace("class: \"ugv-scout\"", "clas: \"ugv-scout\"")
        .replace("wind_m_s: 4", "wind_m_s: NaN");
    let findings = read(&text, &[]).expect_err("refused");
    let mut found: Vec<&str> = findings.iter().map(|it| it.code.as_str()).collect();
    found.sort_unstable();
    // Two misspelt keys, both also missing, are four findings.
    let wanted = [
        "S1007", "S1051", "S1051", "S1052", "S1052", "S1053", "S1054", "S1055",
    ];
    assert_eq!(found, wanted);
    let line_of = |part: &str| {
        let at = text.lines().position(|line| line.contains(part)).unwrap();
        u32::try_from(at).unwrap() + 1
    };
    for (code, part, column) in [
        ("S1054", "regime: Jointly", 23),
        ("S1007", "wind_m_s: NaN", 49),
        ("S1055", "operators: -1", 31),
    ] {
        let finding = findings.iter().find(|it| it.code == code).unwrap();
        assert_eq!(
            (finding.line, finding.column),
            (Some(line_of(part)), Some(column)),
            "{code}"
        );
    }
    let typo = findings
        .iter()
        .find(|it| it.cause.contains("`duration`"))
        .unwrap();
    assert_eq!(typo.cure, "did you mean `duration_s`?");
}

#[test]
fn settings_change_the_tree_and_typos_name_the_nearest_key() {
    let read_with = |settings: &[&str]| read(TUTORIAL, settings).unwrap().scenario;
    assert_eq!(
        read_with(&["sharing.regime=Meshed"]).sharing.regime,
        Regime::Meshed
    );
    let drone = |scenario: &Scenario| -> UnitSpec {
        scenario
            .units
            .iter()
            .find(|unit| unit.id == "drone")
            .unwrap()
            .clone()
    };
    assert_eq!(
        drone(&read_with(&["units.drone.altitude_m=120"])).altitude_m,
        Some(120.0)
    );
    // A word that could be a name of ours is a text where a text is asked for.
    let courses = "sides.red.courses=[(id: \"sneak\", title: \"Sneak\")]";
    let chosen = read_with(&[courses, "sides.red.course=sneak"]);
    assert_eq!(chosen.sides[1].course.as_deref(), Some("sneak"));
    assert_eq!(
        drone(&read_with(&["units.drone.class=uav-micro"])).class,
        "uav-micro"
    );
    assert_eq!(
        drone(&read_with(&["units.drone.at_m.0=-5.5"])).at_m,
        Some(DVec2::new(-5.5, 0.0))
    );
    let share = read_with(&["logistics.return_energy_fraction=0.3"]).logistics;
    assert!((share.return_energy_fraction - 0.3).abs() < 1e-12);
    assert_eq!(read_with(&["desks.cp.operators=3"]).desks[0].operators, 3);

    let cases = [
        ("sharing.regim=Meshed", "S1051", "did you mean `regime`?"),
        (
            "units.drome.altitude_m=120",
            "S1062",
            "did you mean `drone`?",
        ),
        (
            "units.intruder-3.heading_deg=3",
            "S1062",
            "did you mean `intruder`?",
        ),
        ("units.intruder-2.hading_deg=3", "S1051", "`heading_deg`"),
        ("duration_s.x=1", "S1062", "end the path one step earlier"),
        ("duration_s", "S1061", "write"),
        ("duration_s=", "S1061", "write"),
        ("duration_s=fast", "S1053", "write a number"),
        ("duration_s=NaN", "S1007", "write a number"),
    ];
    for (setting, code, cure) in cases {
        let findings = read(TUTORIAL, &[setting]).expect_err(setting);
        let finding = findings.iter().find(|it| it.code == code);
        let finding = finding.unwrap_or_else(|| panic!("{setting}: {findings:?}"));
        assert!(finding.cure.contains(cure), "{setting}: {finding}");
        assert_eq!(finding.file, format!("--set {setting}"));
    }
}

#[test]
fn a_member_of_a_group_is_set_alone() {
    let setting = "units.intruder-2.energy_fraction=0.5";
    let scenario = read(TUTORIAL, &[setting]).unwrap().scenario;
    let of = |id: &str| scenario.units.iter().find(|unit| unit.id == id);
    assert!(of("intruder").is_none());
    let (first, second) = (of("intruder-1").unwrap(), of("intruder-2").unwrap());
    assert!((first.energy_fraction - 1.0).abs() < 1e-12);
    assert!((second.energy_fraction - 0.5).abs() < 1e-12);
    assert_eq!((second.count, second.stem()), (1, "intruder"));
    assert_eq!(second.place_in_formation(0), (1, 2));
    // The next setting finds the member that the first has written out.
    let both = [setting, "units.intruder-2.heading_deg=10"];
    let again = read(TUTORIAL, &both).unwrap().scenario;
    assert_eq!(again.units.len(), scenario.units.len());
}

#[test]
fn units_stand_in_their_element_and_assets_are_where_they_may_be() {
    let load = |text: &str, setting: &str| {
        let read = read(text, &[setting]).unwrap();
        match load_read(read, &AssetRoots::new(Vec::new()), &Catalogue::shipped()) {
            Err(LoadError::Refused(findings)) => findings[0].code.clone(),
            other => panic!("{setting}: {:?}", other.map(|it| it.warnings)),
        }
    };
    let strait = SHIPPED[2].1;
    assert_eq!(load(strait, "units.frigate.at_m=(4000, -20000)"), "S1136");
    assert_eq!(load(strait, "units.uuv.at_m=(4000, -20000)"), "S1136");
    assert_eq!(load(TUTORIAL, "terrain.path=terrain/nowhere.tif"), "S1202");
    assert_eq!(
        load(TUTORIAL, "terrain.half_extent_m=(90000, 90000)"),
        "S1205"
    );
}

#[test]
fn files_behind_links_are_refused() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("plain.tif"), b"x").unwrap();
    let roots = AssetRoots::new(vec![folder.path().to_owned()]);
    assert_eq!(roots.read("plain.tif").unwrap(), b"x");
    assert_eq!(roots.read("other.tif").unwrap_err().code(), "S1202");
    assert_eq!(roots.read("../plain.tif").unwrap_err().code(), "S1201");
    #[cfg(unix)]
    {
        std::os::unix::fs::symlink("/etc", folder.path().join("etc")).unwrap();
        assert_eq!(roots.read("etc/passwd").unwrap_err().code(), "S1204");
    }
    std::fs::create_dir(folder.path().join("dir")).unwrap();
    assert_eq!(roots.read("dir").unwrap_err().code(), "S1204");
}

proptest::proptest! {
    /// Whatever bytes replace a piece of a scenario: an answer, never a panic.
    #[test]
    fn broken_texts_never_panic(
        at in 0_usize..9000,
        junk in "[ -~\n(){}\\[\\]\"',:]{0,12}",
        cut in 0_usize..40,
    ) {
        let mut text = TUTORIAL.to_owned();
        let at = at.min(text.len());
        let end = (at + cut).min(text.len());
        if text.is_char_boundary(at) && text.is_char_boundary(end) {
            text.replace_range(at..end, &junk);
        }
        match read(&text, &[]) {
            Ok(read) => {
                let checked = validate(&read, &Catalogue::default(), None);
                proptest::prop_assert!(!checked.is_empty(), "an empty catalogue has no class");
            }
            Err(findings) => proptest::prop_assert!(!findings.is_empty()),
        }
    }
}
