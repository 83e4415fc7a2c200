//! Rules about the file as a whole: version, names, times, counts.

use std::collections::BTreeSet;

use super::check::{Check, UNITS_MAX};
use crate::scenario::schema::Force;
use crate::scenario::tree::Step;

/// Longest name, in characters.
const NAME_CHARS_MAX: usize = 128;
/// Longest run, in seconds: 30 days.
const DURATION_MAX_S: f64 = 2_592_000.0;
/// Most entries of a list other than the units.
const LIST_MAX: usize = 10_000;

/// Most areas of land cover, and most roads.
const LAYERS_MAX: usize = 1_000;
/// Most sides: sets of sides are 64 bits.
const SIDES_MAX: usize = 64;

/// All rules of this file.
pub(super) fn check(check: &mut Check<'_>) {
    check_s1101_format_version(check);
    check_s1102_names(check);
    check_s1103_duplicates(check);
    check_s1104_duration(check);
    check_s1105_tick(check);
    check_s1106_start(check);
    check_s1107_origin(check);
    check_s1132_counts(check);
}

/// S1101: the format version is one that this reader knows.
fn check_s1101_format_version(check: &mut Check<'_>) {
    let version = check.scenario.format_version;
    if version != 1 {
        let cause = format!("format version {version}; this reader knows 1");
        check.error(
            "S1101",
            &["format_version".into()],
            cause,
            "write `format_version: 1`",
        );
    }
}

/// A list of the file: the path to it, and its ids with the key that holds each.
type Ids<'a> = (&'static str, &'static str, Vec<&'a str>);

/// The ids of every list but the forces, which nest.
fn ids<'a>(check: &Check<'a>) -> Vec<Ids<'a>> {
    let scenario = check.scenario;
    /// Ids of a list by a key.
    macro_rules! ids {
        ($($list:ident by $key:ident),* $(,)?) => {
            vec![$((
                stringify!($list),
                stringify!($key),
                scenario.$list.iter().map(|it| &*it.$key).collect(),
            )),*]
        };
    }
    ids![
        sides by id,
        units by id,
        networks by id,
        buildings by id,
        no_go by id,
        doctrines by id,
        missions by id,
        control_measures by id,
        decisions by id,
        staffs by at,
        desks by at,
        measures by name,
        land_cover by id,
        roads by id,
    ]
}

/// S1102: names are short and plain: ids are lower-case letters, digits, `-` and `_`.
fn check_s1102_names(check: &mut Check<'_>) {
    let scenario = check.scenario;
    check_id(check, &["name".into()], &scenario.name);
    check_title(check, &["title".into()], &scenario.title);
    for (list, key, ids) in ids(check) {
        for (at, id) in ids.iter().enumerate() {
            check_id(check, &[list.into(), at.into(), key.into()], id);
        }
    }
    for (at, force) in scenario.forces.iter().enumerate() {
        check_force_names(check, &mut vec!["forces".into(), at.into()], force);
    }
}

/// S1102 for a force and those under it.
fn check_force_names<'a>(check: &mut Check<'_>, path: &mut Vec<Step<'a>>, force: &Force) {
    let words = [
        ("id", Some(&force.id)),
        ("nation", force.nation.as_ref()),
        ("service", force.service.as_ref()),
    ];
    for (key, word) in words {
        if let Some(word) = word {
            check_id(check, &[&path[..], &[key.into()]].concat(), word);
        }
    }
    if let Some(name) = &force.name {
        check_title(check, &[&path[..], &["name".into()]].concat(), name);
    }
    for (at, subordinate) in force.subordinates.iter().enumerate() {
        path.extend([Step::Key("subordinates"), Step::Index(at)]);
        check_force_names(check, path, subordinate);
        path.truncate(path.len() - 2);
    }
}

/// S1102 for an id.
fn check_id(check: &mut Check<'_>, path: &[Step<'_>], id: &str) {
    let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-' || c == '_';
    if id.is_empty() || id.chars().count() > NAME_CHARS_MAX || !id.chars().all(plain) {
        let cause = format!("`{}` is no id", crate::scenario::tree::shorten(id));
        let cure = "use 1 to 128 lower-case letters, digits, `-` and `_`";
        check.error("S1102", path, cause, cure);
    }
}

/// S1102 for words for people.
fn check_title(check: &mut Check<'_>, path: &[Step<'_>], title: &str) {
    if title.trim().is_empty() || title.chars().count() > NAME_CHARS_MAX {
        let cause = format!("a name of {} characters", title.chars().count());
        check.error("S1102", path, cause, "use 1 to 128 characters");
    }
}

/// S1103: ids are unique in their list; unit ids after expansion, forces over the whole tree.
fn check_s1103_duplicates(check: &mut Check<'_>) {
    for (list, key, ids) in ids(check) {
        let mut seen = BTreeSet::new();
        for (at, id) in ids.iter().enumerate() {
            if !seen.insert(*id) {
                let cause = format!("`{id}` comes twice in `{list}`");
                let path = [list.into(), at.into(), key.into()];
                check.error("S1103", &path, cause, "give each its own id");
            }
        }
    }
    let mut seen = BTreeSet::new();
    for row in check.forces.rows.clone() {
        if !seen.insert(row.id.clone()) {
            let path = [&force_path(&row.indices)[..], &["id".into()]].concat();
            let cause = format!("the force `{}` comes twice", row.id);
            check.error("S1103", &path, cause, "give each its own id");
        }
    }
    check_s1103_expanded(check);
}

/// S1103 for an id that a counted entry makes and another entry has: `uav` with a count of 3 makes
/// `uav-2`.
fn check_s1103_expanded(check: &mut Check<'_>) {
    for (at, unit) in check.scenario.units.iter().enumerate() {
        let group = check.member_of(&unit.id).map(|group| group.id.as_str());
        if let Some(stem) = group {
            let cause = format!("`{stem}` with its count makes a unit `{}` too", unit.id);
            let path = ["units".into(), at.into(), "id".into()];
            check.error("S1103", &path, cause, "give one of them another id");
        }
    }
}

/// Path of a force in the file.
pub(super) fn force_path(indices: &[usize]) -> Vec<Step<'static>> {
    let mut path = vec![];
    for (depth, at) in indices.iter().enumerate() {
        path.push(if depth == 0 {
            "forces".into()
        } else {
            "subordinates".into()
        });
        path.push((*at).into());
    }
    path
}

/// S1104: a run lasts longer than nothing and at most 30 days.
fn check_s1104_duration(check: &mut Check<'_>) {
    let duration_s = check.scenario.duration_s;
    check.range(
        "S1104",
        &["duration_s".into()],
        "duration_s",
        duration_s,
        (1.0, DURATION_MAX_S),
    );
}

/// S1105: the tick is 10 to 1000 ms and divides a second.
fn check_s1105_tick(check: &mut Check<'_>) {
    let dt_ms = check.scenario.dt_ms;
    if !(10..=1000).contains(&dt_ms) || 1000 % dt_ms != 0 {
        let cause = format!("a tick of {dt_ms} ms");
        let cure = "use 10, 20, 25, 40, 50, 100, 125, 200, 250, 500 or 1000";
        check.error("S1105", &["dt_ms".into()], cause, cure);
    }
}

/// S1106: the start is a calendar time in UTC.
fn check_s1106_start(check: &mut Check<'_>) {
    let start = &check.scenario.start_utc;
    if !is_utc(start) {
        let cause = format!(
            "`{}` is no calendar time",
            crate::scenario::tree::shorten(start)
        );
        check.error(
            "S1106",
            &["start_utc".into()],
            cause,
            "write `2030-06-01T06:00:00Z`",
        );
    }
}

/// Whether a text is a calendar time `YYYY-MM-DDThh:mm:ssZ` that exists (ISO 8601, proleptic
/// Gregorian calendar, no leap second).
fn is_utc(text: &str) -> bool {
    let shape = "0000-00-00T00:00:00Z";
    let fits = text.len() == shape.len()
        && text.bytes().zip(shape.bytes()).all(|(c, s)| match s {
            b'0' => c.is_ascii_digit(),
            _ => c == s,
        });
    if !fits {
        return false;
    }
    let number = |from: usize, to: usize| text[from..to].parse::<u32>().unwrap_or(u32::MAX);
    let (year, month, day) = (number(0, 4), number(5, 7), number(8, 10));
    let leap = year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
    let days = match month {
        4 | 6 | 9 | 11 => 30,
        2 if leap => 29,
        2 => 28,
        1..=12 => 31,
        _ => 0,
    };
    (1..=days).contains(&day) && number(11, 13) < 24 && number(14, 16) < 60 && number(17, 19) < 60
}

/// S1107: the origin lies where a transverse Mercator frame about it is sound.
fn check_s1107_origin(check: &mut Check<'_>) {
    let origin = check.scenario.origin;
    let path = |key: &'static str| [Step::Key("origin"), Step::Key(key)];
    check.range(
        "S1107",
        &path("lat_deg"),
        "lat_deg",
        origin.lat_deg,
        (-84.0, 84.0),
    );
    check.range(
        "S1107",
        &path("lon_deg"),
        "lon_deg",
        origin.lon_deg,
        (-180.0, 180.0),
    );
    let undulation = origin.geoid_undulation_m;
    let path = path("geoid_undulation_m");
    check.range(
        "S1107",
        &path,
        "geoid_undulation_m",
        undulation,
        (-120.0, 120.0),
    );
}

/// S1132: counts are at least 1 and all units together at most a million; other lists are short.
fn check_s1132_counts(check: &mut Check<'_>) {
    let scenario = check.scenario;
    let mut total = 0_u64;
    for (at, unit) in scenario.units.iter().enumerate() {
        let before = total;
        total += u64::from(unit.count);
        let path = ["units".into(), at.into(), "count".into()];
        if unit.count == 0 {
            check.error(
                "S1132",
                &path,
                "a count of 0",
                "write at least 1, or remove the unit",
            );
        } else if before <= UNITS_MAX && total > UNITS_MAX {
            let cause = format!(
                "a count of {} makes more than {UNITS_MAX} units",
                unit.count
            );
            check.error("S1132", &path, cause, "lower the count");
        }
    }
    let lists = [
        ("networks", scenario.networks.len()),
        ("desks", scenario.desks.len()),
        ("doctrines", scenario.doctrines.len()),
        ("missions", scenario.missions.len()),
        ("injects", scenario.injects.len()),
        ("measures", scenario.measures.len()),
        ("control_measures", scenario.control_measures.len()),
        ("decisions", scenario.decisions.len()),
        ("staffs", scenario.staffs.len()),
        ("buildings", scenario.buildings.len()),
        ("no_go", scenario.no_go.len()),
        ("forces", check.forces.rows.len()),
    ];
    let limits = lists.map(|(list, length)| (list, length, LIST_MAX));
    for (list, length, most) in limits.into_iter().chain([
        ("sides", scenario.sides.len(), SIDES_MAX),
        ("land_cover", scenario.land_cover.len(), LAYERS_MAX),
        ("roads", scenario.roads.len(), LAYERS_MAX),
    ]) {
        if length > most {
            let cause = format!("`{list}` has {length} entries");
            check.error(
                "S1132",
                &[list.into()],
                cause,
                format!("write at most {most}"),
            );
        }
    }
}

#[cfg(test)]
mod tests {
    use super::is_utc;

    #[test]
    fn only_times_that_exist_are_times() {
        assert!(is_utc("2030-06-01T06:00:00Z"));
        assert!(is_utc("2000-02-29T23:59:59Z"));
        assert!(!is_utc("1900-02-29T00:00:00Z"));
        assert!(!is_utc("2030-13-01T06:00:00Z"));
        assert!(!is_utc("2030-06-01 06:00:00Z"));
        assert!(!is_utc("2030-06-01T24:00:00Z"));
    }
}
