//! Gaps of generalised assignment and team orienteering to published answers, at the CPU time of
//! their goals: 2 s for an assignment, 1 s for tours. Reads `../shared/benchmarks`; where that is
//! absent it says so and measures nothing. `cargo bench --bench gap_top -- chu1997/d p4.2` takes
//! the instances alone whose name has one of these parts.

use cpu_time::ProcessTime;
use std::io::Write as _;
use std::path::Path;
use tercio::kernel::budget::Budget;
use tercio::planning::solve::{self, Answer, Checked, Options, SolveError};

/// CPU time as a budget.
struct CpuBudget {
    start: ProcessTime,
    limit_s: f64,
}

impl CpuBudget {
    /// Time used so far, s.
    fn used_s(&self) -> f64 {
        self.start.elapsed().as_secs_f64()
    }
}

impl Budget for CpuBudget {
    fn spend(&mut self, _steps: u64) -> bool {
        self.used_s() < self.limit_s
    }
}

/// Solver and checker of a kind.
type Solve = fn(&str, &Options, &mut dyn Budget) -> Result<Answer, SolveError>;
type Check = fn(&str, &Options, &serde_json::Value) -> Result<Checked, SolveError>;

/// A table of answers: its file, the column of the best, the CPU time, and who solves.
struct Table {
    file: &'static str,
    column: usize,
    limit_s: f64,
    solve: Solve,
    check: Check,
    path_of: fn(&str) -> String,
}

/// All tables.
fn tables() -> [Table; 3] {
    let tours = |file, column| Table {
        file,
        column,
        limit_s: 1.0,
        solve: solve::top::solve,
        check: solve::top::check,
        path_of: |name| {
            let name = name.trim_end_matches(".txt");
            format!("top/Set{}/{name}.txt", &name[1..2])
        },
    };
    [
        Table {
            file: "gap/data.csv",
            column: 5,
            limit_s: 2.0,
            solve: solve::gap::solve,
            check: solve::gap::check,
            path_of: |name| format!("gap/{name}"),
        },
        tours("top/set2_proven_optima.csv", 3),
        tours("top/bks_set4_partial.csv", 2),
    ]
}

/// Solves the instances of a table that are there and wanted.
fn run(folder: &Path, table: &Table, wanted: &[String]) -> std::io::Result<()> {
    let mut out = std::io::stdout();
    let Ok(text) = std::fs::read_to_string(folder.join(table.file)) else {
        return writeln!(
            out,
            "{}: skipped, it is not in {}",
            table.file,
            folder.display()
        );
    };
    let (mut count, mut best, mut proven, mut worst, mut sum) = (0, 0, 0, 0.0_f64, 0.0);
    for row in text.lines().skip(1) {
        let fields: Vec<&str> = row.split(',').collect();
        let name = fields[0];
        let chosen = wanted.is_empty() || wanted.iter().any(|part| name.contains(part.as_str()));
        let path = folder.join((table.path_of)(name));
        let Some(instance) = chosen.then(|| std::fs::read_to_string(path).ok()).flatten() else {
            continue;
        };
        let known: f64 = fields[table.column].parse().expect("the table has numbers");
        let mut budget = CpuBudget {
            start: ProcessTime::now(),
            limit_s: table.limit_s,
        };
        let options = Options::default();
        let answer = (table.solve)(&instance, &options, &mut budget).expect("it has a solution");
        let used_s = budget.used_s();
        let checked = (table.check)(&instance, &options, &answer.solution).expect("it holds");
        assert!(
            (checked.objective - answer.objective).abs() < 1e-6,
            "{name}"
        );
        let gap_pct = (answer.objective / known - 1.0).abs() * 100.0;
        let bound = answer.bound.unwrap_or(f64::NAN);
        writeln!(
            out,
            "{name} {} best {known} bound {bound} gap {gap_pct:.3} % proven {} cpu {used_s:.2} s",
            answer.objective, answer.proven
        )?;
        count += 1;
        best += u32::from(gap_pct < 1e-9);
        proven += u32::from(answer.proven);
        worst = worst.max(gap_pct);
        sum += gap_pct;
    }
    let mean = sum / f64::from(count.max(1));
    writeln!(
        out,
        "{}: {count} solved, {best} best, {proven} proven, gap mean {mean:.4} % worst {worst:.3} %",
        table.file
    )
}

fn main() -> std::io::Result<()> {
    let parts: Vec<String> = std::env::args()
        .skip(1)
        .filter(|arg| !arg.starts_with('-'))
        .collect();
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/benchmarks");
    tables()
        .iter()
        .try_for_each(|table| run(&folder, table, &parts))
}
