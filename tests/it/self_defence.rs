//! Who holds fire defends itself when it is fired upon, and only then.

use tercio::accounting::event::EventRow;

use super::support::{detail, events_of, load, run};

/// Red holds its fire.
const HOLD: &str = "doctrines.red-advance.posture=WeaponsHold";

/// How long the highland is run, s.
const UNTIL_S: f64 = 1500.0;

/// Proposals of red's posts.
fn is_red(row: &&EventRow) -> bool {
    detail(row, "post").is_some_and(|post| post.starts_with("red"))
}

#[test]
fn who_holds_fire_fires_back_and_not_before() {
    let output = run(&load("highland-screen", &[HOLD]), 1, UNTIL_S);
    let proposals = events_of(&output, "proposal");
    let first = proposals.into_iter().find(is_red);
    let first = first.expect("red is fired upon, so it proposes to fire back");
    let impacts = events_of(&output, "adjudication");
    assert!(
        impacts
            .iter()
            .any(|row| !row.subject.starts_with("red") && row.time_us <= first.time_us),
        "{first:?} comes before any impact"
    );
}

#[test]
fn who_holds_fire_and_is_left_alone_proposes_nothing() {
    // Blue's desks are never sure enough, so nobody fires upon red.
    let mut settings = vec![HOLD.to_owned()];
    for desk in ["bg-cp", "fires-cp", "a-cp", "b-cp", "air-cp", "partner-cp"] {
        settings.push(format!("desks.{desk}.accept_confidence=1"));
    }
    let settings: Vec<&str> = settings.iter().map(String::as_str).collect();
    let output = run(&load("highland-screen", &settings), 1, UNTIL_S);
    assert_eq!(events_of(&output, "shot"), Vec::<&EventRow>::new());
    let proposals = events_of(&output, "proposal");
    assert!(proposals.iter().any(|row| !is_red(row)), "blue saw nobody");
    assert_eq!(proposals.into_iter().find(is_red), None);
}
