//! A planner beside the simulator as a process of its own. See [`Process`].
#![expect(
    clippy::disallowed_types,
    reason = "how long a program thinks is measured here, outside the simulation"
)]

use std::io::{BufRead, BufReader, Read, Write as _};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, SyncSender, channel, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use serde::Deserialize;

use crate::planning::external::{Failed, Failure, Program, Said};

/// Longest line that is read, bytes.
const LINE_MAX: u64 = 4 << 20;

/// Lines that are read ahead of being asked for; a program that says more waits.
const AHEAD: usize = 16;

/// How often in a row a program may be late before it is asked no more.
const LATE_MAX: u32 = 3;

/// How much of the end of what it says on standard error is kept, bytes.
const SAID_MAX: usize = 400;

/// Time that a program has to end once its input has ended, s.
const END_S: f64 = 2.0;

/// A line of its output, or that one was too long.
type Line = Result<Vec<u8>, ()>;

/// A program that runs.
struct Running {
    child: Child,
    to: Sender<String>,
    from: Mutex<Receiver<Line>>,
    said: Arc<Mutex<Vec<u8>>>,
    /// Closed when it says no more on standard error.
    silent: Mutex<Receiver<()>>,
}

/// A process that is asked line by line.
///
/// Three threads stand between it and the simulation, so that none of its pipes can stop a run: one
/// writes, one reads lines, one reads what it says on standard error. Dropped, it ends its input, waits a
/// while and ends the process.
pub(super) struct Process {
    command: String,
    running: Result<Running, Failed>,
    /// Rounds to which no answer came in time; it may come later.
    missed: Vec<u64>,
    in_a_row: u32,
}

/// The words of a command: by spaces, but for what stands between quotation marks.
fn words(command: &str) -> Vec<String> {
    let (mut words, mut word, mut mark) = (Vec::new(), None::<String>, None);
    for c in command.chars() {
        match (c, mark) {
            (c, Some(open)) if c == open => mark = None,
            ('"' | '\'', None) => {
                mark = Some(c);
                word.get_or_insert_default();
            }
            (c, None) if c.is_whitespace() => words.extend(word.take()),
            (c, _) => word.get_or_insert_default().push(c),
        }
    }
    words.extend(word);
    words
}

/// Reads lines and passes them on until nobody takes them or there are no more.
fn read_lines(out: ChildStdout, to: &SyncSender<Line>) {
    let mut out = BufReader::new(out);
    loop {
        let mut line = Vec::new();
        let read = out.by_ref().take(LINE_MAX).read_until(b'\n', &mut line);
        match read {
            Ok(0) | Err(_) => return,
            Ok(_) if line.ends_with(b"\n") => line.truncate(line.len() - 1),
            Ok(_) if line.len() as u64 == LINE_MAX => {
                if to.send(Err(())).is_err() || skip_line(&mut out).is_none() {
                    return;
                }
                continue;
            }
            Ok(_) => {}
        }
        if to.send(Ok(line)).is_err() {
            return;
        }
    }
}

/// Reads on to the end of a line; none where the output ends before.
fn skip_line(out: &mut impl BufRead) -> Option<()> {
    loop {
        let buffer = out.fill_buf().ok().filter(|it| !it.is_empty())?;
        let end = buffer.iter().position(|it| *it == b'\n');
        let used = end.map_or(buffer.len(), |end| end + 1);
        out.consume(used);
        if end.is_some() {
            return Some(());
        }
    }
}

/// Keeps the end of what is said on standard error.
fn listen(mut from: impl Read, said: &Mutex<Vec<u8>>) {
    let mut buffer = [0; 4096];
    while let Ok(count @ 1..) = from.read(&mut buffer) {
        let mut said = said.lock().unwrap_or_else(PoisonError::into_inner);
        said.extend_from_slice(&buffer[..count]);
        let over = said.len().saturating_sub(SAID_MAX);
        said.drain(..over);
    }
}

/// Writes requests until there are no more or nobody reads them.
fn write_lines(mut to: ChildStdin, from: &Receiver<String>) {
    while let Ok(line) = from.recv() {
        if to
            .write_all(line.as_bytes())
            .and_then(|()| to.flush())
            .is_err()
        {
            return;
        }
    }
}

impl Running {
    /// Starts a program.
    fn start(command: &str) -> Result<Self, String> {
        let words = words(command);
        let (name, rest) = words.split_first().ok_or("the command is empty")?;
        let mut child = Command::new(name)
            .args(rest)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .map_err(|error| error.to_string())?;
        let pipes = (child.stdin.take(), child.stdout.take(), child.stderr.take());
        let (Some(stdin), Some(stdout), Some(stderr)) = pipes else {
            return Err("it has no pipes".to_owned());
        };
        let (to, requests) = channel();
        let (lines, from) = sync_channel(AHEAD);
        let said = Arc::new(Mutex::new(Vec::new()));
        let heard = Arc::clone(&said);
        thread::spawn(move || write_lines(stdin, &requests));
        thread::spawn(move || read_lines(stdout, &lines));
        let (silence, silent) = channel();
        thread::spawn(move || {
            listen(stderr, &heard);
            drop(silence);
        });
        Ok(Self {
            child,
            to,
            from: Mutex::new(from),
            said,
            silent: Mutex::new(silent),
        })
    }

    /// Its next line that is no answer to one of these rounds, before a time.
    fn next(&mut self, missed: &[u64], until: Instant) -> Result<Line, RecvTimeoutError> {
        let from = self.from.get_mut().unwrap_or_else(PoisonError::into_inner);
        loop {
            let left = until.saturating_duration_since(Instant::now());
            let line = from.recv_timeout(left)?;
            let round = line.as_ref().ok().and_then(|line| round_of(line));
            if round.is_none_or(|round| !missed.contains(&round)) {
                return Ok(line);
            }
        }
    }

    /// Why it ended, as far as it can be told: how it exited and what it said last.
    fn ending(&mut self) -> String {
        let status = self.wait(END_S);
        let silent = self
            .silent
            .get_mut()
            .unwrap_or_else(PoisonError::into_inner);
        // Closed or not: what was said until now is all that is told.
        silent
            .recv_timeout(Duration::from_secs_f64(END_S))
            .unwrap_or_default();
        let said = self.said.lock().unwrap_or_else(PoisonError::into_inner);
        let text = String::from_utf8_lossy(&said);
        let last = text.lines().rfind(|line| !line.trim().is_empty());
        let last = last.map_or_else(String::new, |last| format!(": {}", last.trim()));
        match status {
            Some(status) => format!("the program ended ({status}){last}"),
            None => format!("the program closed its output{last}"),
        }
    }

    /// Waits until it has ended, at most so long, s.
    fn wait(&mut self, time_s: f64) -> Option<std::process::ExitStatus> {
        let until = Instant::now() + Duration::from_secs_f64(time_s);
        loop {
            if let Ok(Some(status)) = self.child.try_wait() {
                return Some(status);
            }
            let left = until.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return None;
            }
            thread::park_timeout(left.min(Duration::from_millis(5)));
        }
    }

    /// Ends its input, and it if that does not.
    fn end(mut self) {
        // Without its ends here, the threads that write and read stop as soon as their pipes let them.
        self.to = channel().0;
        self.from = Mutex::new(channel().1);
        if self.wait(END_S).is_none() {
            // It may have ended just now, which is as good.
            self.child.kill().unwrap_or_default();
            self.child.wait().map(drop).unwrap_or_default();
        }
    }
}

/// The round that a line answers, if it says.
fn round_of(line: &[u8]) -> Option<u64> {
    #[derive(Deserialize)]
    struct Round {
        round: u64,
    }
    let round: Round = serde_json::from_slice(line).ok()?;
    Some(round.round)
}

impl Process {
    /// Starts a command; where that fails, every request is told so.
    pub(super) fn start(command: &str) -> Self {
        let not_started = |why: String| Failed {
            how: Failure::NotStarted,
            why: format!("`{command}` cannot be started: {why}"),
        };
        Self {
            command: command.to_owned(),
            running: Running::start(command).map_err(not_started),
            missed: Vec::new(),
            in_a_row: 0,
        }
    }

    /// Ends the program; from now on every request is told why.
    fn stop(&mut self, how: Failure, why: String) {
        let failed = Failed { how, why };
        if let Ok(running) = core::mem::replace(&mut self.running, Err(failed)) {
            running.end();
        }
    }

    /// What came of waiting for an answer.
    fn heard(
        &mut self,
        round: u64,
        line: Result<Line, RecvTimeoutError>,
    ) -> Result<String, Failed> {
        if !matches!(line, Err(RecvTimeoutError::Timeout)) {
            self.in_a_row = 0;
        }
        match line {
            Ok(Ok(line)) => Ok(String::from_utf8_lossy(&line).into_owned()),
            Ok(Err(())) => Err(Failed {
                how: Failure::TooLong,
                why: format!("a line of more than {LINE_MAX} bytes"),
            }),
            Err(RecvTimeoutError::Disconnected) => {
                let running = self.running.as_mut();
                let why = running.map_or_else(|failed| failed.why.clone(), Running::ending);
                self.stop(Failure::Ended, why);
                self.running
                    .as_ref()
                    .map(|_| String::new())
                    .map_err(Clone::clone)
            }
            Err(RecvTimeoutError::Timeout) => {
                self.missed.push(round);
                self.in_a_row += 1;
                if self.in_a_row >= LATE_MAX {
                    let why = format!(
                        "`{}` was late {LATE_MAX} times in a row and is asked no more",
                        self.command
                    );
                    self.stop(Failure::GivenUp, why);
                }
                Err(Failed {
                    how: Failure::Late,
                    why: "no answer before the deadline".to_owned(),
                })
            }
        }
    }
}

impl Program for Process {
    fn ask(&mut self, round: u64, request: &str, deadline_s: f64) -> Said {
        let since = Instant::now();
        let running = match &mut self.running {
            Ok(running) => running,
            Err(failed) => {
                let line = Err(failed.clone());
                let latency_us = 0;
                return Said { latency_us, line };
            }
        };
        // A program that reads no more has ended or is late: either shows below.
        running.to.send(format!("{request}\n")).unwrap_or_default();
        let line = running.next(&self.missed, since + Duration::from_secs_f64(deadline_s));
        let latency_us = u64::try_from(since.elapsed().as_micros()).unwrap_or(u64::MAX);
        let line = self.heard(round, line);
        Said { latency_us, line }
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        self.stop(Failure::Ended, String::new());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_command_is_words_and_what_stands_in_quotation_marks() {
        let want = ["python3", "my planner.py", "--a=b", ""];
        assert_eq!(words("python3 'my planner.py'  --a=\"b\" ''"), want);
        assert!(words("  ").is_empty());
    }

    #[test]
    fn a_program_that_is_not_there_is_told_at_every_request() {
        let mut process = Process::start("/nowhere/planner --fast");
        for round in 1..3 {
            let failed = process.ask(round, "{}", 1.0).line.unwrap_err();
            assert_eq!(failed.how, Failure::NotStarted);
            assert!(failed.why.contains("/nowhere/planner"), "{}", failed.why);
        }
        assert!(Process::start("").ask(1, "{}", 1.0).line.is_err());
    }

    #[test]
    fn a_late_answer_names_its_round() {
        assert_eq!(round_of(br#"{"tasks":[],"round":4}"#), Some(4));
        assert_eq!(round_of(b"4"), None);
    }
}
