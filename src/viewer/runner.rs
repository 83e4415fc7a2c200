//! The simulation on a thread of its own. See [`Runner`].
//!
//! Commands go in through a channel, the latest frame comes out through a slot. The thread knows no
//! clock: it is told up to which tick it may go, and whoever draws works that tick out from the time
//! that passes. A slow picture therefore never holds the simulation up, and the simulation never
//! waits for a picture.

use std::sync::{
    Arc, Condvar, Mutex, MutexGuard, PoisonError,
    atomic::{AtomicBool, Ordering},
    mpsc::{Receiver, Sender, TryRecvError, channel},
};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use super::{
    error::ViewError,
    extract::{self, Beside},
    frame::{Frame, RunState, Setting, Trails, Wanted},
    narrow::ticks_of,
};
use crate::{
    accounting::{event::EventRow, log::EventLog},
    app::{InputKind, InputRecord, RunOptions, Simulation},
    kernel::{ids::UnitIndex, registry::Snapshot},
    platform::{class::Catalogue, truth::Board},
    scenario::load::LoadedScenario,
};

/// Simulated time between two points of a trail, s.
const TRAIL_STEP_S: f64 = 5.0;
/// Points of a trail: the last five minutes.
const TRAIL_POINTS: usize = 60;
/// Simulated time between two states that a step back can start from, s.
const KEYFRAME_STEP_S: f64 = 300.0;

/// How often who waits for a frame looks whether the thread is still there.
const WAKE: Duration = Duration::from_millis(200);

/// What the thread is told.
#[derive(Debug, Clone, PartialEq)]
pub enum Command {
    /// Go on up to this tick; one that is past means: stand still.
    AdvanceTo(u64),
    /// Go to this simulated time, s, back or forth, and stand still there.
    Seek(f64),
    /// Put this into the frames.
    Show(Wanted),
    /// Let a person do something in the next tick.
    Do(InputKind),
    /// End the thread.
    Stop,
}

/// Where a run stood when it was stopped.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stopped {
    /// Ticks run.
    pub ticks: u64,
    /// Hash of the run so far.
    pub state_hash: u64,
    /// What a person did, with the ticks, so that the run can be repeated.
    pub inputs: InputRecord,
}

/// The latest frame, and whether anybody took it.
#[derive(Debug)]
struct Slot {
    /// The frame.
    frame: Mutex<Arc<Frame>>,
    /// Whether somebody took it.
    is_taken: AtomicBool,
    /// Tells who waits that there is a new frame.
    is_new: Condvar,
}

/// Events that have happened, in order of time.
#[derive(Debug, Clone, Default)]
pub struct EventBook(Arc<Mutex<Vec<EventRow>>>);

impl EventBook {
    /// The rows.
    pub fn rows(&self) -> MutexGuard<'_, Vec<EventRow>> {
        locked(&self.0)
    }
}

/// The content of a mutex. Who held it and panicked has not left half a value: all writes are single.
fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// What a person has done so far.
#[derive(Debug, Clone, Default)]
pub struct Deeds(Arc<Mutex<InputRecord>>);

impl Deeds {
    /// The record, for a repetition of the run.
    #[must_use]
    pub fn record(&self) -> InputRecord {
        locked(&self.0).clone()
    }
}

/// A simulation that runs beside the picture of it.
#[derive(Debug)]
pub struct Runner {
    /// What stays as it is.
    pub setting: Arc<Setting>,
    /// What has happened.
    pub book: EventBook,
    /// What a person has done.
    pub inputs: Deeds,
    /// To the thread.
    commands: Sender<Command>,
    /// From the thread.
    slot: Arc<Slot>,
    /// The thread.
    thread: JoinHandle<Stopped>,
}

impl Runner {
    /// Builds the world and starts its thread, standing at the beginning.
    ///
    /// # Errors
    /// Where the world cannot be built, or what a person did before names a desk that is none.
    pub fn start(
        loaded: Arc<LoadedScenario>,
        catalogue: Arc<Catalogue>,
        options: RunOptions,
        record: &InputRecord,
    ) -> Result<Self, ViewError> {
        let mut simulation = Simulation::new(&loaded, &catalogue, &options)?;
        simulation.replay(record)?;
        let mut setting = extract::setting(simulation.world(), &loaded.read.scenario);
        setting.duration_s = setting
            .duration_s
            .min(options.until_s.unwrap_or(f64::INFINITY));
        let book = EventBook::default();
        let inputs = Deeds(Arc::new(Mutex::new(simulation.inputs())));
        let (commands, inbox) = channel();
        let mut stage = Stage {
            trails: Arc::new(vec![Vec::new(); simulation.entities()]),
            simulation,
            source: (loaded, catalogue, options),
            book: book.clone(),
            inputs: inputs.clone(),
            rows_read: 0,
            keyframes: Vec::new(),
            wanted: Wanted::default(),
            number: 0,
            goal: 0,
            state: RunState::Ready,
        };
        let slot = Arc::new(Slot {
            frame: Mutex::new(Arc::new(stage.frame())),
            is_taken: AtomicBool::new(true),
            is_new: Condvar::new(),
        });
        let thread = thread::spawn({
            let slot = Arc::clone(&slot);
            move || stage.serve(&inbox, &slot)
        });
        Ok(Self {
            setting: Arc::new(setting),
            book,
            inputs,
            commands,
            slot,
            thread,
        })
    }

    /// Tells the thread something. A thread that has ended hears nothing more.
    pub fn tell(&self, command: Command) {
        self.commands.send(command).unwrap_or_default();
    }

    /// The latest frame.
    #[must_use]
    pub fn frame(&self) -> Arc<Frame> {
        let frame = Arc::clone(&locked(&self.slot.frame));
        self.slot.is_taken.store(true, Ordering::Release);
        frame
    }

    /// Waits until a frame fulfils a condition, or until the thread has ended.
    #[must_use]
    pub fn wait_for(&self, condition: impl Fn(&Frame) -> bool) -> Arc<Frame> {
        let mut frame = locked(&self.slot.frame);
        while !condition(&frame) && !self.thread.is_finished() {
            let waited = self.slot.is_new.wait_timeout(frame, WAKE);
            frame = waited.unwrap_or_else(PoisonError::into_inner).0;
        }
        Arc::clone(&frame)
    }

    /// Stops the thread and says where the run stood; `None` if the thread panicked.
    #[must_use]
    pub fn stop(self) -> Option<Stopped> {
        self.tell(Command::Stop);
        self.thread.join().ok()
    }
}

/// A state that a step back can start from.
struct Keyframe {
    /// Ticks run.
    tick: u64,
    /// State of the world.
    state: (Snapshot, u64),
    /// Rows of the book by then.
    events: usize,
    /// Trails by then.
    trails: Arc<Trails>,
}

/// What the thread owns.
struct Stage {
    /// The world.
    simulation: Simulation,
    /// What it was built from, for a way back.
    source: (Arc<LoadedScenario>, Arc<Catalogue>, RunOptions),
    /// What has happened.
    book: EventBook,
    /// What a person has done.
    inputs: Deeds,
    /// Rows of the world's own log that are in the book already.
    rows_read: usize,
    /// Where units were.
    trails: Arc<Trails>,
    /// States to go back to, oldest first.
    keyframes: Vec<Keyframe>,
    /// What frames hold besides units.
    wanted: Wanted,
    /// Number of the last frame.
    number: u64,
    /// Tick up to which it may run.
    goal: u64,
    /// What it is doing.
    state: RunState,
}

impl Stage {
    /// Does what it is told until it is told to stop.
    fn serve(mut self, inbox: &Receiver<Command>, slot: &Slot) -> Stopped {
        loop {
            let can_go_on =
                self.state == RunState::Ready && self.simulation.ticks_done() < self.goal;
            let told = if can_go_on {
                inbox.try_recv()
            } else {
                self.publish(slot);
                inbox.recv().map_err(|_| TryRecvError::Disconnected)
            };
            match told {
                Ok(Command::AdvanceTo(tick)) => self.goal = tick,
                Ok(Command::Seek(time_s)) => self.seek(time_s),
                Ok(Command::Show(wanted)) => self.wanted = wanted,
                Ok(Command::Do(what)) => self.submit(what),
                Ok(Command::Stop) | Err(TryRecvError::Disconnected) => {
                    return Stopped {
                        ticks: self.simulation.ticks_done(),
                        state_hash: self.simulation.state_hash(),
                        inputs: self.simulation.inputs(),
                    };
                }
                Err(TryRecvError::Empty) => {
                    self.step();
                    if slot.is_taken.load(Ordering::Acquire) {
                        self.publish(slot);
                    }
                }
            }
        }
    }

    /// Lets a person do something, and keeps what was done for who shows the run.
    fn submit(&mut self, what: InputKind) {
        // A desk that is none is no desk of a panel; nothing is done then.
        self.simulation.submit(what).unwrap_or_default();
        *locked(&self.inputs.0) = self.simulation.inputs();
    }

    /// Runs one tick and keeps what is remembered between ticks.
    fn step(&mut self) {
        if let Err(broken) = self.simulation.step() {
            self.state = RunState::Broken(broken.to_string());
            return;
        }
        if self.simulation.is_over() {
            self.state = RunState::Over;
        }
        self.read_events();
        if self.is_due(TRAIL_STEP_S) {
            let trails = Arc::make_mut(&mut self.trails);
            let board = self.simulation.world().resource::<Board>();
            for ((_, piece), trail) in board.iter().zip(trails) {
                if trail.len() == TRAIL_POINTS {
                    trail.remove(0);
                }
                trail.push(piece.position);
            }
        }
        if self.is_due(KEYFRAME_STEP_S) {
            let tick = self.simulation.ticks_done();
            if self.keyframes.last().is_none_or(|last| last.tick < tick) {
                let events = self.book.rows().len();
                self.keyframes.push(Keyframe {
                    tick,
                    state: self.simulation.snapshot(),
                    events,
                    trails: Arc::clone(&self.trails),
                });
            }
        }
    }

    /// Whether something that happens every `period_s` happens now.
    fn is_due(&self, period_s: f64) -> bool {
        let dt_s = f64::from(self.source.0.read.scenario.dt_ms) * 1e-3;
        let every = ticks_of((period_s / dt_s).round()).max(1);
        self.simulation.ticks_done().is_multiple_of(every)
    }

    /// Takes new rows of the world's log into the book.
    fn read_events(&mut self) {
        let rows = self.simulation.world().resource::<EventLog>().rows();
        if rows.len() > self.rows_read {
            let mut book = self.book.rows();
            book.extend_from_slice(&rows[self.rows_read..]);
            // The log sorts rows of one tick among themselves; so does the book.
            book.sort_by_key(|row| row.time_us);
            self.rows_read = rows.len();
        }
    }

    /// Sets a goal, and goes back to the last kept state before it where it is past. The state is
    /// put into a fresh world, since the log of a world knows no way back.
    fn seek(&mut self, time_s: f64) {
        let dt_s = f64::from(self.source.0.read.scenario.dt_ms) * 1e-3;
        self.goal = ticks_of((time_s.max(0.0) / dt_s).round());
        if self.goal >= self.simulation.ticks_done() {
            return;
        }
        let (loaded, catalogue, options) = &self.source;
        let Ok(mut fresh) = Simulation::new(loaded, catalogue, options) else {
            return;
        };
        let from = self.keyframes.iter().rfind(|kept| kept.tick <= self.goal);
        let (events, trails) = match from {
            Some(kept) => match fresh.restore(&kept.state) {
                Ok(()) => (kept.events, Arc::clone(&kept.trails)),
                Err(error) => {
                    self.state = RunState::Broken(error.to_string());
                    return;
                }
            },
            None => (0, Arc::new(vec![Vec::new(); fresh.entities()])),
        };
        // What a person did later than that is done again when its time comes.
        let tick = fresh.ticks_done();
        let mut later = self.simulation.inputs();
        later.inputs.retain(|input| input.tick >= tick);
        if let Err(error) = fresh.replay(&later) {
            self.state = RunState::Broken(error.to_string());
            return;
        }
        self.book.rows().truncate(events);
        self.rows_read = 0;
        self.trails = trails;
        self.simulation = fresh;
        self.state = RunState::Ready;
    }

    /// The world as it is now.
    fn frame(&mut self) -> Frame {
        self.number += 1;
        let events = self.book.rows().len();
        let beside = Beside {
            number: self.number,
            state: self.state.clone(),
            wanted: self.wanted,
            cases: extract::cases(&self.simulation),
            trails: Arc::clone(&self.trails),
            events,
        };
        let mut frame = extract::frame(self.simulation.world(), beside);
        // What a person has just done enters with the next tick, but is to be seen at once.
        let tick = self.simulation.ticks_done();
        let mut done = self.simulation.inputs().inputs;
        done.retain(|input| input.tick <= tick);
        let index = self.simulation.world().resource::<UnitIndex>();
        extract::anticipate(&mut frame, &done, index);
        frame
    }

    /// Puts the frame of now into the slot.
    fn publish(&mut self, slot: &Slot) {
        let frame = Arc::new(self.frame());
        *locked(&slot.frame) = frame;
        slot.is_taken.store(false, Ordering::Release);
        slot.is_new.notify_all();
    }
}
