//! Planners beside the simulator: asked of belief, charged for their time, recorded, and never trusted.

use std::fs;
use std::io::{BufRead as _, BufReader, Write as _};
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout, Command, Output, Stdio};
use std::sync::{Arc, Mutex};

use serde_json::{Value, json};
use tercio::app::{RunOptions, Simulation};
use tercio::org::Planner;
use tercio::planning::algo::matching::Matching;
use tercio::planning::external::{Program, Programs, Said};
use tercio::scenario::load::LoadedScenario;

use super::support::{catalogue, events_of, load, path_of, root};

/// What was asked and answered.
type Heard = Arc<Mutex<Vec<(Value, Value)>>>;

/// A planner that answers by a function and takes so long, µs.
struct Scripted {
    answer: fn(&Value) -> Value,
    latency_us: u64,
    heard: Heard,
}

impl Program for Scripted {
    fn ask(&mut self, _: u64, request: &str, _: f64) -> Said {
        let request: Value = serde_json::from_str(request).expect("a request is JSON");
        let answer = (self.answer)(&request);
        let line = Ok(answer.to_string());
        self.heard.lock().unwrap().push((request, answer));
        Said {
            latency_us: self.latency_us,
            line,
        }
    }
}

/// A matching of a request: `worths` is the key of its rows.
fn matching(request: &Value, worths: &str) -> Matching {
    let rows = request[worths].as_array().expect("worths are rows");
    let lots = rows.first().map_or(0, |row| row.as_array().unwrap().len());
    let numbers = rows.iter().flat_map(|row| row.as_array().unwrap());
    Matching {
        bidders: rows.len(),
        lots,
        worth: numbers.map(Value::as_f64).collect(),
    }
}

/// Answers greedily.
fn greedy(request: &Value) -> Value {
    let pairs = |worths: &str| -> Vec<(usize, usize)> {
        let lots = matching(request, worths).greedy().lot_of;
        let pairs = lots.into_iter().enumerate();
        pairs.filter_map(|(row, lot)| Some((row, lot?))).collect()
    };
    let tasks: Vec<Value> = pairs("task_worths")
        .into_iter()
        .map(|(row, lot)| json!({"unit": request["vehicles"][row]["unit"], "part": lot}))
        .collect();
    let mut used: Vec<&Value> = Vec::new();
    let mut fires = Vec::new();
    for (row, lot) in pairs("fire_worths") {
        let shooter = &request["shooters"][row];
        if !used.contains(&&shooter["shooter"]) {
            used.push(&shooter["shooter"]);
            fires.push(
                json!({"shooter": shooter["shooter"], "effector": shooter["effector"],
                "track": request["tracks"][lot]["track"]}),
            );
        }
    }
    json!({"round": request["round"], "tasks": tasks, "fires": fires})
}

/// A world whose blue side is planned for by a program.
fn world(loaded: &LoadedScenario, program: Box<dyn Program>, until_s: f64) -> Simulation {
    let mut loaded = loaded.clone();
    let sides = &mut loaded.read.scenario.sides;
    let blue = sides.iter_mut().find(|it| it.id == "blue");
    blue.expect("there is a blue side").planner = Planner::External;
    let mut programs = Programs::default();
    programs.attach("blue", program);
    let options = RunOptions {
        seed: 1,
        until_s: Some(until_s),
    };
    Simulation::with_programs(&loaded, catalogue(), &options, programs).expect("it spawns")
}

/// A run in which a greedy planner takes so long.
fn scripted(loaded: &LoadedScenario, latency_s: u64, until_s: f64) -> (Simulation, Heard) {
    let heard = Heard::default();
    let program = Scripted {
        answer: greedy,
        latency_us: 1_000_000 * latency_s,
        heard: Arc::clone(&heard),
    };
    let mut simulation = world(loaded, Box::new(program), until_s);
    simulation.run().expect("no invariant is broken");
    (simulation, heard)
}

/// When the first mission of blue began, s.
fn begun_s(simulation: Simulation) -> Option<f64> {
    let output = simulation.finish();
    let missions = events_of(&output, "mission");
    let blue = missions.iter().find(|row| row.subject == "cp");
    blue.map(|row| row.time_us as f64 * 1e-6)
}

#[test]
fn the_time_that_a_planner_takes_delays_what_it_gives() {
    let loaded = load("tutorial", &[]);
    let (fast, heard) = scripted(&loaded, 0, 60.0);
    let first = heard.lock().unwrap()[0].0.clone();
    for key in [
        "version",
        "kind",
        "round",
        "time_s",
        "side",
        "post",
        "deadline_s",
    ] {
        assert!(!first[key].is_null(), "{key}: {first}");
    }
    assert_eq!(
        (&first["kind"], &first["side"]),
        (&json!("tasks"), &json!("blue"))
    );
    let fast_s = begun_s(fast).expect("a mission begins");
    let slow_s = begun_s(scripted(&loaded, 7, 60.0).0).expect("a mission begins");
    // The fast answer takes effect with the next tick, 0.1 s after it was asked for.
    assert!(
        (slow_s - fast_s - 6.9).abs() < 1e-6,
        "{fast_s} s, {slow_s} s"
    );
    let (late, _) = scripted(&loaded, 11, 60.0);
    let summary = late.finish().report.summary;
    let told = &summary.programs[0];
    assert!(told.rounds > 2 && told.late == told.rounds, "{told:?}");
    assert_eq!((told.taken, told.tasks, told.fires), (0, 0, 0), "{told:?}");
}

#[test]
fn answers_in_flight_are_state_and_a_repeated_run_is_the_same() {
    let loaded = load("tutorial", &[]);
    let (whole, _) = scripted(&loaded, 3, 300.0);
    let (again, _) = scripted(&loaded, 3, 300.0);
    assert_eq!(whole.state_hash(), again.state_hash());
    // Saved while an answer is on its way: the first round is at the start, its answer due after 3 s.
    let start = |until_s| {
        let program = Scripted {
            answer: greedy,
            latency_us: 3_000_000,
            heard: Heard::default(),
        };
        world(&loaded, Box::new(program), until_s)
    };
    let mut first = start(300.0);
    for _ in 0..15 {
        first.step().expect("no invariant is broken");
    }
    let saved = first.snapshot();
    let mut second = start(300.0);
    second.restore(&saved).expect("the snapshot fits");
    second.run().expect("no invariant is broken");
    assert_eq!(second.state_hash(), whole.state_hash());
}

/// A process that is spoken to through its pipes.
struct Piped(Child, ChildStdin, BufReader<ChildStdout>, Heard);

impl Program for Piped {
    fn ask(&mut self, _: u64, request: &str, _: f64) -> Said {
        writeln!(self.1, "{request}").expect("the planner reads");
        let mut line = String::new();
        self.2.read_line(&mut line).expect("the planner answers");
        let read = |text: &str| serde_json::from_str(text).expect("it is JSON");
        self.3.lock().unwrap().push((read(request), read(&line)));
        Said {
            latency_us: 20_000,
            line: Ok(line),
        }
    }
}

impl Drop for Piped {
    fn drop(&mut self) {
        self.0.kill().unwrap_or_default();
        self.0.wait().map(drop).unwrap_or_default();
    }
}

/// Whether there is a Python to run planners with; says so where there is none.
#[expect(
    clippy::print_stdout,
    reason = "a test that asks nothing has to say so"
)]
fn has_python() -> bool {
    let found = Command::new("python3").arg("--version").output().is_ok();
    if !found {
        println!("skipped: there is no python3");
    }
    found
}

/// Sum of the worths of an answer.
fn worth_of(request: &Value, answer: &Value) -> f64 {
    let at = |list: &str, test: &dyn Fn(&Value) -> bool| {
        let found = request[list].as_array().unwrap().iter().position(test);
        found.expect("only what was asked is named")
    };
    let mut sum = 0.0;
    for task in answer["tasks"].as_array().unwrap() {
        let row = at("vehicles", &|it| it["unit"] == task["unit"]);
        let lot = at("parts", &|it| it["part"] == task["part"]);
        sum += request["task_worths"][row][lot].as_f64().unwrap();
    }
    for fire in answer["fires"].as_array().unwrap() {
        let row = at("shooters", &|it| {
            it["shooter"] == fire["shooter"] && it["effector"] == fire["effector"]
        });
        let lot = at("tracks", &|it| it["track"] == fire["track"]);
        sum += request["fire_worths"][row][lot].as_f64().unwrap();
    }
    sum
}

#[test]
fn the_example_beats_greed_on_what_a_run_asks() {
    if !has_python() {
        return;
    }
    let mut child = Command::new("python3")
        .arg(root().join("examples/planner.py"))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("the example starts");
    let (to, from) = (child.stdin.take().unwrap(), child.stdout.take().unwrap());
    let heard = Heard::default();
    let program = Piped(child, to, BufReader::new(from), Arc::clone(&heard));
    let mut simulation = world(&load("strait-watch", &[]), Box::new(program), 600.0);
    simulation.run().expect("no invariant is broken");
    let summary = simulation.finish().report.summary;
    let told = &summary.programs[0];
    assert!(told.taken == told.rounds && told.tasks > 5, "{told:?}");
    let heard = heard.lock().unwrap();
    let mut above = 0;
    for (request, answer) in heard.iter() {
        let (own, greedy) = (
            worth_of(request, answer),
            worth_of(request, &greedy(request)),
        );
        // Its rule for energy gives up a ten-thousandth of a point at most.
        assert!(own >= greedy - 1e-4, "{own} below {greedy}: {request}");
        above += usize::from(own > greedy + 1e-4);
    }
    let rounds = heard.len();
    assert!(above > 0, "never above in {rounds} rounds");
}

/// A run of the program with arguments, in a folder.
fn tercio(out: &Path, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_tercio"))
        .args(["run", "--json", "--no-progress", "--overwrite", "--out"])
        .arg(out)
        .args(arguments)
        .output()
        .expect("the program starts")
}

/// What came of asking the planner of blue in a run of the tutorial that a script plans.
fn asked(name: &str, script: &str, deadline: &str) -> (Value, Value) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("planner of tests.py");
    fs::write(&path, script).unwrap();
    let planner = format!("blue=exec:python3 '{}'", path.display());
    let scenario = path_of("tutorial");
    let output = tercio(
        &folder.path().join("run"),
        &[
            scenario.to_str().unwrap(),
            "--until",
            "100s",
            "--planner",
            &planner,
            "--planner-deadline",
            deadline,
        ],
    );
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(output.status.success(), "{name}: {said}");
    let summary: Value = serde_json::from_slice(&output.stdout).expect("a summary");
    (summary["programs"][0].clone(), summary)
}

/// What a planner of a test does with each request.
const LOOP: &str = "import json, sys, time\nfor line in sys.stdin:\n    ask = json.loads(line)\n";

#[test]
fn no_planner_stops_a_run() {
    if !has_python() {
        return;
    }
    // Name, what it does, the count that it raises, what is noted of it.
    let cases = [
        (
            "babbles",
            "print('hello', flush=True)",
            "malformed",
            "no answer",
        ),
        (
            "is a round off",
            "print(json.dumps({'round': ask['round'] + 1000}), flush=True)",
            "refused",
            "answers round 1001",
        ),
        (
            "invents units",
            "print(json.dumps({'round': ask['round'], 'tasks': [{'unit': 'ghost', 'part': 0}]}), flush=True)",
            "refused",
            "unit `ghost`",
        ),
        (
            "invents tracks",
            "print(json.dumps({'round': ask['round'], 'fires': [{'shooter': 'mortar', 'effector': 'x', \
             'track': 1}]}), flush=True)",
            "refused",
            "fires in a round of tasks",
        ),
        ("ends", "sys.exit('out of ideas')", "failed", "out of ideas"),
        (
            "says too much",
            "print('x' * 5000000, flush=True)",
            "malformed",
            "more than",
        ),
        ("hangs", "time.sleep(1000)", "late", "deadline"),
        (
            "floods",
            "sys.stderr.write('noise ' * 2000000)\n    print('{' * 100, flush=True)",
            "malformed",
            "no answer",
        ),
    ];
    for (name, does, count, why) in cases {
        // Long enough for a machine that has much else to do, but for the one that never answers.
        let deadline = if count == "late" { "500ms" } else { "30s" };
        let (told, summary) = asked(name, &format!("{LOOP}    {does}\n"), deadline);
        let rounds = told["rounds"].as_u64().unwrap();
        assert!(rounds > 2 && told["taken"] == 0, "{name}: {told}");
        assert!(told[count].as_u64().unwrap() > 0, "{name}: {told}");
        assert!(
            told["notes"][0].as_str().unwrap().contains(why),
            "{name}: {told}"
        );
        assert!(summary["sim_s"].as_f64().unwrap() > 99.0, "{name}");
    }
    // A planner that wakes up is asked on, and what it says too late is nobody's answer.
    let late = "    time.sleep(4 if ask['round'] == 1 else 0)\n    \
                print(json.dumps({'round': ask['round']}), flush=True)\n";
    let (told, _) = asked("oversleeps once", &format!("{LOOP}{late}"), "3s");
    assert_eq!(
        (&told["late"], &told["refused"]),
        (&json!(1), &json!(0)),
        "{told}"
    );
    assert!(told["taken"].as_u64().unwrap() > 1, "{told}");
}

#[test]
fn a_planner_that_is_not_there_is_told_and_the_run_goes_on() {
    let folder = tempfile::tempdir().unwrap();
    let scenario = path_of("tutorial");
    let scenario = scenario.to_str().unwrap();
    let arguments = [
        scenario,
        "--until",
        "60s",
        "--planner",
        "blue=exec:/nowhere/planner",
    ];
    let output = tercio(folder.path(), &arguments);
    let summary: Value = serde_json::from_slice(&output.stdout).expect("a summary");
    let told = &summary["programs"][0];
    assert_eq!(told["failed"], told["rounds"], "{told}");
    assert!(
        told["notes"][0]
            .as_str()
            .unwrap()
            .contains("/nowhere/planner"),
        "{told}"
    );
}

#[test]
fn a_run_repeats_from_its_record_without_the_program() {
    if !has_python() {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let (first, again) = (folder.path().join("first"), folder.path().join("again"));
    let example = root().join("examples/planner.py");
    let planner = format!("blue=exec:python3 '{}'", example.display());
    let scenario = path_of("tutorial");
    let arguments = [
        scenario.to_str().unwrap(),
        "--until",
        "15min",
        "--planner",
        &planner,
    ];
    let hash = |output: &Output| {
        let summary: Value = serde_json::from_slice(&output.stdout)
            .unwrap_or_else(|_| panic!("no summary: {}", String::from_utf8_lossy(&output.stderr)));
        assert_eq!(
            summary["programs"][0]["taken"],
            summary["programs"][0]["rounds"]
        );
        summary["state_hash"].clone()
    };
    let played = hash(&tercio(&first, &arguments));
    let (recorded, replies) = (first.join("scenario.ron"), first.join("planner.jsonl"));
    let (recorded, replies) = (recorded.to_str().unwrap(), replies.to_str().unwrap());
    let repeat = [recorded, "--until", "15min", "--planner-replies", replies];
    assert_eq!(hash(&tercio(&again, &repeat)), played);
    assert_eq!(
        fs::read(first.join("planner.jsonl")).unwrap(),
        fs::read(again.join("planner.jsonl")).unwrap()
    );
    // Another seed asks what nobody recorded, and nothing but a cure is left to say.
    let other = [&repeat[..], &["--seed", "2"]].concat();
    let refused = tercio(&again, &other);
    assert_eq!(refused.status.code(), Some(65));
    let said = String::from_utf8_lossy(&refused.stderr).into_owned();
    assert!(said.contains("same scenario, settings, seed"), "{said}");
    // Without program and record there is nothing to run.
    let refused = tercio(&again, &[recorded]);
    let said = String::from_utf8_lossy(&refused.stderr).into_owned();
    assert!(
        !refused.status.success() && said.contains("--planner blue=exec:CMD"),
        "{said}"
    );
}
