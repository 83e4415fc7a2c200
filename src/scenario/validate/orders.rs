//! Rules about control measures, staffs, decision points and courses.

use super::{check::Check, networks::check_service};
use crate::{
    org::library,
    scenario::{
        schema::{Act, Condition, CourseOfAction, DecisionPoint, Role, Shape, TaskSpec},
        tree::Step,
    },
};

/// Name of the course that is drawn.
pub(in crate::scenario) const DRAWN: &str = "drawn";

/// All rules of this file.
pub(super) fn check(check: &mut Check<'_>) {
    check_s1183_measures(check);
    check_s1184_staffs(check);
    check_s1185_decisions(check);
    check_s1186_courses(check);
    check_s1187_named(check);
}

/// What kind of control measure is meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Area,
    Route,
    Line,
}

impl Kind {
    /// Whether a shape is of this kind.
    const fn is(self, shape: &Shape) -> bool {
        match self {
            Self::Area => matches!(shape, Shape::Area { .. }),
            Self::Route => matches!(shape, Shape::Route { .. }),
            Self::Line => matches!(shape, Shape::PhaseLine { .. }),
        }
    }

    /// Its name for a reader.
    const fn name(self) -> &'static str {
        match self {
            Self::Area => "area",
            Self::Route => "route",
            Self::Line => "phase line",
        }
    }
}

/// Reports a control measure that is not there or of another kind.
fn named(check: &mut Check<'_>, code: &str, path: &[Step<'_>], kind: Kind, name: &str) {
    let scenario = check.scenario;
    let meant = scenario.control_measures.iter();
    let meant = meant.filter(|it| kind.is(&it.shape));
    check.known(
        code,
        path,
        kind.name(),
        name,
        meant.map(|it| it.id.as_str()),
    );
}

/// S1183: a control measure belongs to a side, has points on the map, and forces that exist.
fn check_s1183_measures(check: &mut Check<'_>) {
    let scenario = check.scenario;
    for (at, measure) in scenario.control_measures.iter().enumerate() {
        let path = |keys: &[&'static str]| -> Vec<Step<'static>> {
            let start = [Step::Key("control_measures"), at.into()];
            let rest = keys.iter().map(|key| Step::Key(key));
            start.into_iter().chain(rest).collect()
        };
        check.known_side("S1183", &path(&["side"]), &measure.side);
        let (key, points, is_area) = measure.shape.points();
        let place = path(&["shape", key]);
        if is_area {
            check.check_area(&place, points);
        } else {
            check.check_points(&place, points);
            if points.len() < 2 {
                let cause = format!("`{}` has fewer than two points", measure.id);
                check.error("S1183", &place, cause, "give at least two");
            }
        }
        if let Shape::Boundary { left, right, .. } = &measure.shape {
            check.known_force("S1183", &path(&["shape", "left"]), left);
            check.known_force("S1183", &path(&["shape", "right"]), right);
        }
    }
}

/// Reports a post that is no command post.
fn post(check: &mut Check<'_>, code: &str, path: &[Step<'_>], name: &str) {
    if check.known_unit(code, path, name) && !check.has_role(name, Role::Command) {
        let cause = format!("`{name}` is no command post");
        check.error(code, path, cause, "add `Command` to its `roles`");
    }
}

/// S1184: a staff stands at a command post, and its numbers are sound.
fn check_s1184_staffs(check: &mut Check<'_>) {
    let scenario = check.scenario;
    for (at, staff) in scenario.staffs.iter().enumerate() {
        let path = |key: &'static str| [Step::Key("staffs"), at.into(), Step::Key(key)];
        post(check, "S1184", &path("at"), &staff.at);
        let officers = f64::from(staff.officers);
        check.range(
            "S1184",
            &path("officers"),
            "officers",
            officers,
            (1.0, 1000.0),
        );
        check_service("S1184", check, &["staffs".into(), at.into()], staff.service);
    }
}

/// S1185: a decision stands at a command post, what it names exists, and it orders something.
fn check_s1185_decisions(check: &mut Check<'_>) {
    let scenario = check.scenario;
    for (at, decision) in scenario.decisions.iter().enumerate() {
        let path = |key: &'static str| [Step::Key("decisions"), at.into(), Step::Key(key)];
        post(check, "S1185", &path("at"), &decision.at);
        if decision.then.is_empty() {
            let cause = format!("`{}` orders nothing", decision.id);
            check.error("S1185", &path("then"), cause, "name what it orders");
        }
        let side = side_of_post(check, decision);
        condition(check, &path("when"), side.as_deref(), &decision.when);
        for (n, act) in decision.then.iter().enumerate() {
            let path = [&path("then")[..], &[n.into()]].concat();
            self::act(check, &path, side.as_deref(), act);
        }
        for name in &decision.courses {
            course_of(check, &path("courses"), side.clone(), name);
        }
    }
}

/// The side of a force.
fn side_of_force(check: &Check<'_>, force: &str) -> Option<String> {
    let at = check.forces.find(force)?;
    Some(check.forces.rows[at].side.clone())
}

/// Reports what belongs to another side than it should.
fn own(
    check: &mut Check<'_>,
    (code, path): (&str, &[Step<'_>]),
    side: Option<&str>,
    (what, name, of): (&str, &str, Option<String>),
) {
    if let (Some(side), Some(of)) = (side, of)
        && side != of
    {
        let cause = format!("{what} `{name}` belongs to side `{of}`");
        check.error(code, path, cause, format!("name one of side `{side}`"));
    }
}

/// Reports a unit of another side.
fn own_unit(check: &mut Check<'_>, code: &str, path: &[Step<'_>], side: Option<&str>, name: &str) {
    let unit = check.unit(name);
    let of = unit.and_then(|unit| check.side_of(unit)).map(str::to_owned);
    own(check, (code, path), side, ("unit", name, of));
}

/// Reports a mission of another side.
fn own_mission(check: &mut Check<'_>, path: &[Step<'_>], side: Option<&str>, name: &str) {
    let mission = check.scenario.missions.iter().find(|it| it.id == name);
    let of = mission.and_then(|mission| side_of_force(check, &mission.force));
    own(check, ("S1185", path), side, ("mission", name, of));
}

/// The side of the post of a decision.
fn side_of_post(check: &Check<'_>, decision: &DecisionPoint) -> Option<String> {
    let unit = check.unit(&decision.at)?;
    check.side_of(unit).map(str::to_owned)
}

/// Reports a unit that has no jammer, or is of another side.
fn own_jammer(
    check: &mut Check<'_>,
    code: &str,
    path: &[Step<'_>],
    side: Option<&str>,
    unit: &str,
) {
    let carries = check.unit(unit).is_some_and(|it| !it.jammers.is_empty());
    if check.known_unit(code, path, unit) && !carries {
        let cause = format!("`{unit}` carries no jammer");
        check.error(code, path, cause, "name a unit with `jammers`");
    }
    own_unit(check, code, path, side, unit);
}

/// S1185 for an act.
fn act(check: &mut Check<'_>, path: &[Step<'_>], side: Option<&str>, act: &Act) {
    let scenario = check.scenario;
    let missions = scenario.missions.iter().map(|it| it.id.as_str());
    match act {
        Act::Begin { mission } | Act::End { mission } => {
            check.known("S1185", path, "mission", mission, missions);
            own_mission(check, path, side, mission);
        }
        Act::Emit { force, .. } => {
            check.known_force("S1185", path, force);
            let of = side_of_force(check, force);
            own(check, ("S1185", path), side, ("force", force, of));
        }
        Act::Jam { unit, .. } => own_jammer(check, "S1185", path, side, unit),
    }
}

/// S1185 for a condition.
fn condition(check: &mut Check<'_>, path: &[Step<'_>], side: Option<&str>, when: &Condition) {
    let scenario = check.scenario;
    let code = "S1185";
    match when {
        Condition::After { at_s } => {
            let range = (0.0, scenario.duration_s);
            check.range(code, path, "at_s", *at_s, range);
        }
        Condition::HostileIn { area, .. } => named(check, code, path, Kind::Area, area),
        Condition::HostileAcross { line, .. } => named(check, code, path, Kind::Line, line),
        Condition::OwnIn { force, area, share } => {
            check.known_force(code, path, force);
            named(check, code, path, Kind::Area, area);
            check.range(code, path, "share", *share, (0.0, 1.0));
        }
        Condition::Lost { force, share } => {
            check.known_force(code, path, force);
            check.range(code, path, "share", *share, (0.0, 1.0));
        }
        Condition::Begun { mission }
        | Condition::Secured { mission }
        | Condition::Over { mission } => {
            let missions = scenario.missions.iter().map(|it| it.id.as_str());
            check.known(code, path, "mission", mission, missions);
            own_mission(check, path, side, mission);
        }
        Condition::Decided { decision } => {
            let decisions = scenario.decisions.iter().map(|it| it.id.as_str());
            check.known(code, path, "decision", decision, decisions);
        }
        Condition::All(parts) | Condition::Any(parts) => {
            for part in parts {
                condition(check, path, side, part);
            }
        }
        Condition::Not(part) => condition(check, path, side, part),
    }
}

/// Reports a course that a side has not.
fn course_of(check: &mut Check<'_>, path: &[Step<'_>], side: Option<String>, name: &str) {
    let scenario = check.scenario;
    let side = scenario
        .sides
        .iter()
        .find(|it| Some(&it.id) == side.as_ref());
    if let Some(side) = side {
        let known = side.courses.iter().map(|course| course.id.as_str());
        check.known("S1186", path, "course", name, known);
    }
}

/// S1186: the course that a side takes is one of its own; what a course names exists.
fn check_s1186_courses(check: &mut Check<'_>) {
    let scenario = check.scenario;
    for (at, side) in scenario.sides.iter().enumerate() {
        let path = |key: &'static str| [Step::Key("sides"), at.into(), Step::Key(key)];
        if let Some(name) = side.course.as_deref() {
            let own = side.courses.iter().map(|course| course.id.as_str());
            let drawn = (!side.courses.is_empty()).then_some(DRAWN);
            check.known("S1186", &path("course"), "course", name, own.chain(drawn));
        }
        for (n, course) in side.courses.iter().enumerate() {
            let path = [&path("courses")[..], &[n.into()]].concat();
            course_itself(check, &path, &side.id, course);
            if course.id == DRAWN || side.courses[..n].iter().any(|it| it.id == course.id) {
                let cause = format!("`{}` is taken", course.id);
                check.error("S1186", &path, cause, "give the course another id");
            }
        }
    }
    for (at, mission) in scenario.missions.iter().enumerate() {
        let forces = std::rc::Rc::clone(&check.forces);
        let side = forces
            .find(&mission.force)
            .map(|at| forces.rows[at].side.clone());
        for name in &mission.courses {
            let path = ["missions".into(), at.into(), "courses".into()];
            course_of(check, &path, side.clone(), name);
        }
    }
}

/// S1186 for one course.
fn course_itself(check: &mut Check<'_>, path: &[Step<'_>], side: &str, course: &CourseOfAction) {
    let below = |key: &'static str| [path, &[key.into()]].concat();
    check.range(
        "S1186",
        &below("weight"),
        "weight",
        course.weight,
        (1e-6, 1e6),
    );
    for (force, doctrine) in &course.doctrines {
        check.known_force("S1186", &below("doctrines"), force);
        let of = side_of_force(check, force);
        let path = below("doctrines");
        own(check, ("S1186", &path), Some(side), ("force", force, of));
        known_doctrine(check, "S1186", &below("doctrines"), doctrine);
    }
    for unit in &course.jammers_on {
        own_jammer(check, "S1186", &below("jammers_on"), Some(side), unit);
    }
}

/// Reports a doctrine that neither the file has nor the package.
pub(super) fn known_doctrine(check: &mut Check<'_>, code: &str, path: &[Step<'_>], name: &str) {
    let scenario = check.scenario;
    let shipped = library::shipped();
    let own = scenario
        .doctrines
        .iter()
        .map(|doctrine| doctrine.id.as_str());
    let shipped = shipped.iter().map(|doctrine| doctrine.id.as_str());
    check.known(code, path, "doctrine", name, own.chain(shipped));
}

/// S1187: tasks name control measures and units of the right kind.
fn check_s1187_named(check: &mut Check<'_>) {
    let scenario = check.scenario;
    for (at, mission) in scenario.missions.iter().enumerate() {
        let path = |key: &'static str| -> [Step<'static>; 4] {
            ["missions".into(), at.into(), "task".into(), key.into()]
        };
        let code = "S1187";
        match &mission.task {
            TaskSpec::Screen { line, .. } => named(check, code, &path("line"), Kind::Line, line),
            TaskSpec::Reconnoitre { area, .. }
            | TaskSpec::Withdraw { area }
            | TaskSpec::Secure { area, .. } => {
                named(check, code, &path("area"), Kind::Area, area);
            }
            TaskSpec::Bound { route, .. } => {
                named(check, code, &path("route"), Kind::Route, route);
                if mission.units.is_empty() {
                    let cause = format!("`{}` names no units to divide into halves", mission.id);
                    let path = ["missions".into(), at.into()];
                    check.error(code, &path, cause, "name its `units`");
                }
            }
            TaskSpec::Delay { lines, .. } => {
                if lines.is_empty() {
                    check.error(code, &path("lines"), "no line to hold", "name a phase line");
                }
                for line in lines {
                    named(check, code, &path("lines"), Kind::Line, line);
                }
            }
            TaskSpec::SupportByFire { from, at } => {
                named(check, code, &path("from"), Kind::Area, from);
                named(check, code, &path("at"), Kind::Area, at);
            }
            TaskSpec::Escort { unit, .. } | TaskSpec::Resupply { unit, .. } => {
                check.known_unit(code, &path("unit"), unit);
                let side = side_of_force(check, &mission.force);
                own_unit(check, code, &path("unit"), side.as_deref(), unit);
            }
            _ => {}
        }
    }
}
