//! The viewer shows what is there and changes nothing. Pictures are drawn without a window, by
//! whatever driver there is; what they show is asked, never their bytes.

use std::sync::Arc;

use tercio::app::{InputKind, InputRecord, RunOptions};
use tercio::viewer::frame::{RunState, Wanted};
use tercio::viewer::marks::Subject;
use tercio::viewer::request::{LookAt, Request};
use tercio::viewer::runner::{Command, Runner};
use tercio::viewer::view::Layers;
use tercio::viewer::{Picture, Source, take_picture};

use crate::support::{catalogue, start, tutorial};

/// The tutorial with a seed.
fn source(seed: u64) -> Source {
    Source {
        loaded: Arc::new(tutorial().clone()),
        catalogue: Arc::clone(catalogue()),
        options: RunOptions {
            seed,
            until_s: None,
        },
        inputs: InputRecord::default(),
    }
}

/// The hash of the tutorial after so many ticks, run without a viewer.
fn headless(seed: u64, ticks: u64) -> u64 {
    let mut simulation = start(tutorial(), seed, f64::INFINITY);
    while simulation.ticks_done() < ticks {
        simulation.step().unwrap();
    }
    simulation.state_hash()
}

/// A simulation on its thread.
fn runner(seed: u64) -> Runner {
    let source = source(seed);
    Runner::start(
        source.loaded,
        source.catalogue,
        source.options,
        &source.inputs,
    )
    .unwrap()
}

#[test]
fn a_watched_run_is_the_same_run() {
    let runner = runner(3);
    let node = runner.setting.unit_named("cp");
    let everything = Wanted {
        node,
        links: true,
        routes: true,
    };
    runner.tell(Command::Show(everything));
    // In steps, with a frame of everything after each, as a picture would take them.
    for tick in (0..=4000).step_by(7).chain([4000]) {
        runner.tell(Command::AdvanceTo(tick));
        let frame = runner.wait_for(|frame| frame.tick >= tick);
        assert_eq!(frame.state, RunState::Ready);
    }
    let last = runner.wait_for(|frame| frame.tick == 4000 && frame.wanted == everything);
    let belief = last.belief.as_ref().expect("a belief was asked for");
    assert!(!belief.own.is_empty(), "the post knows its own side");
    assert!(!last.links.is_empty(), "there are links");
    assert!(
        last.units.iter().any(|unit| !unit.route.is_empty()),
        "somebody has a route"
    );
    let stopped = runner.stop().expect("the thread ends in order");
    assert_eq!(
        (stopped.ticks, stopped.state_hash),
        (4000, headless(3, 4000))
    );
}

#[test]
fn going_back_and_forth_in_time_ends_in_the_same_state() {
    let runner = runner(5);
    let at = |tick: u64| move |frame: &tercio::viewer::frame::Frame| frame.tick == tick;
    for (time_s, tick) in [(320.0, 3200), (305.0, 3050), (20.0, 200), (310.0, 3100)] {
        runner.tell(Command::Seek(time_s));
        let frame = runner.wait_for(at(tick));
        let rows = runner.book.rows();
        let now_us = tick * 100_000;
        assert!(
            rows.iter().all(|row| row.time_us <= now_us),
            "no event of the future"
        );
        assert_eq!(frame.events, rows.len());
    }
    let stopped = runner.stop().expect("the thread ends in order");
    assert_eq!(
        (stopped.ticks, stopped.state_hash),
        (3100, headless(5, 3100))
    );
}

#[test]
fn what_a_person_decides_is_recorded_and_can_be_repeated() {
    let runner = runner(1);
    let cp = runner.setting.unit_named("cp").unwrap();
    runner.tell(Command::Do(InputKind::Person("cp".to_owned())));
    let seated = runner.wait_for(|frame| frame.desks.iter().any(|desk| desk.is_person));
    assert_eq!(seated.tick, 0, "it is to be seen at once");
    let mut tick = 0;
    let case = loop {
        tick += 10;
        runner.tell(Command::AdvanceTo(tick));
        let frame = runner.wait_for(|frame| frame.tick >= tick);
        assert_eq!(frame.state, RunState::Ready, "nobody asked for leave");
        if let Some(case) = frame.cases.first() {
            break case.clone();
        }
    };
    assert_eq!(case.desk, cp);
    runner.tell(Command::Do(InputKind::Approve(case.proposal)));
    // Back before the question and forth again: the answer is not forgotten.
    let (back_s, end) = (0.1 * (tick - 20) as f64, tick + 1800);
    runner.tell(Command::AdvanceTo(tick + 5));
    assert!(
        runner
            .wait_for(|frame| frame.tick == tick + 5)
            .cases
            .is_empty()
    );
    runner.tell(Command::Seek(back_s));
    assert_eq!(
        runner.wait_for(|frame| frame.tick == tick - 20).tick,
        tick - 20
    );
    runner.tell(Command::AdvanceTo(end));
    assert_eq!(runner.wait_for(|frame| frame.tick == end).tick, end);
    let asked_for = runner.inputs.record();
    let stopped = runner.stop().expect("the thread ends in order");
    assert_eq!(stopped.inputs, asked_for);
    assert_eq!(asked_for.inputs.len(), 2, "{asked_for:?}");

    let mut again = start(tutorial(), 1, f64::INFINITY);
    again.replay(&asked_for).unwrap();
    while again.ticks_done() < end {
        again.step().unwrap();
    }
    assert_eq!(again.state_hash(), stopped.state_hash);
    assert_ne!(
        headless(1, end),
        stopped.state_hash,
        "the person decided nothing"
    );
}

/// A picture straight down on the command post.
fn picture(layers: Layers) -> Picture {
    let request = Request {
        layers,
        look_at: Some(LookAt::Unit("cp".to_owned())),
        distance_m: Some(3000.0),
        tilt_deg: Some(90.0),
        ..Request::default()
    };
    take_picture(&source(1), &request, 60.0, (480, 320)).expect("a picture")
}

/// The pixel at a place.
fn pixel(picture: &Picture, x: u32, y: u32) -> [u8; 3] {
    let at = 4 * (y * picture.size.0 + x) as usize;
    [picture.rgba[at], picture.rgba[at + 1], picture.rgba[at + 2]]
}

/// Pixels that differ clearly.
fn difference(a: &Picture, b: &Picture) -> usize {
    let pixels = a.rgba.chunks_exact(4).zip(b.rgba.chunks_exact(4));
    let differs = |(a, b): &(&[u8], &[u8])| (0..3).any(|n| a[n].abs_diff(b[n]) > 24);
    pixels.filter(differs).count()
}

#[test]
fn pictures_show_what_is_there() {
    let layers = |list: &str| Layers::parse(list, Layers::NONE).unwrap();
    let shown = picture(layers("symbols"));
    assert_eq!(shown.size, (480, 320));
    assert_eq!(
        shown.state_hash,
        headless(1, 600),
        "drawing changed the run"
    );

    // The post stands in the middle of the picture, its symbol a little above.
    let cp = Subject::Unit(runner(1).setting.unit_named("cp").unwrap());
    let (_, [x, y]) = shown
        .symbols
        .iter()
        .find(|(subject, _)| *subject == cp)
        .expect("the post has a symbol");
    assert!((x - 240.0).abs() < 6.0, "{x}");
    assert!((120.0..160.0).contains(y), "{y}");

    // There the picture has the fill of a friend's frame, and bare ground without symbols.
    let is_friend = |[r, g, b]: [u8; 3]| r < 150 && g > 150 && b > 200;
    let about = || (220..260).flat_map(|x| (110..158).map(move |y| (x, y)));
    let count = |of: &Picture| {
        about()
            .filter(|(x, y)| is_friend(pixel(of, *x, *y)))
            .count()
    };
    let bare = picture(Layers::NONE);
    assert!(count(&shown) > 200, "{}", count(&shown));
    assert_eq!(count(&bare), 0);

    // The ground is shaded: neither black nor of one colour.
    let mut greens: Vec<u8> = bare.rgba.chunks_exact(4).map(|it| it[1]).collect();
    greens.sort_unstable();
    let (low, high) = (greens[greens.len() / 20], greens[greens.len() * 19 / 20]);
    assert!(low > 40 && high > low + 20, "{low} to {high}");

    // Every other layer changes the picture, too.
    let lined = picture(layers("links,areas,legend"));
    assert!(difference(&shown, &bare) > 200);
    assert!(difference(&lined, &bare) > 500);
    assert!(
        difference(&bare, &picture(Layers::NONE)) < 50,
        "the same twice"
    );
}
