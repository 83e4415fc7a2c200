//! One agent: what it knows, what it wants, what it says. See [`Agent`].

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::bundle::{Bundle, Rival};
use super::message::{Message, Trade, Word};
use super::problem::{AgentSpec, Tasks};
use super::shared;

/// What an agent knows of a neighbour.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct Neighbour {
    /// Its id.
    id: usize,
    /// The newest clock of each bidder that it is known to have.
    has: Vec<u32>,
}

/// An agent of the auction: fed with the messages that reach it, asked for what it sends.
///
/// It knows the tasks and itself, of the others only their words, and has no clock but its own
/// count of occasions to send. The same agent serves synchronous and asynchronous networks.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Agent {
    /// Its id, from zero to below the number of agents.
    id: usize,
    /// Where it starts and how fast it is.
    spec: AgentSpec,
    /// The newest word of every bidder, its own among them.
    #[serde(with = "shared::list")]
    heard: Vec<Arc<Word>>,
    /// For each task the bids of others that stand.
    bids: Vec<Vec<Rival>>,
    /// For each task the best of those.
    rivals: Vec<Option<Rival>>,
    /// Tasks whose best rival has changed since the last build.
    changed: Vec<usize>,
    /// Its bundle.
    bundle: Bundle,
    /// Whether it has not built any yet.
    is_fresh: bool,
    /// Whom it hears and is heard by.
    neighbours: Vec<Neighbour>,
    /// Occasions to send after which it repeats what has not been acknowledged; `None` where links
    /// lose nothing.
    retry_after: Option<u32>,
    /// Occasions to send so far.
    occasions: u32,
    /// For each bidder the clock last sent, and on which occasion.
    sent: Vec<(u32, u32)>,
    /// Whether a neighbour waits for an acknowledgement.
    owes_answer: bool,
}

impl Agent {
    /// An agent that knows nobody's bids and has not bid itself: [`Self::build`] it first.
    ///
    /// `retry_after` is the number of its occasions to send after which it repeats what neighbours
    /// have not acknowledged; `None` if its links lose nothing.
    #[must_use]
    pub fn new(
        tasks: &Tasks,
        id: usize,
        spec: AgentSpec,
        agents: usize,
        neighbours: &[usize],
        retry_after: Option<u32>,
    ) -> Self {
        let word = |bidder| {
            Arc::new(Word {
                bidder,
                ..Word::default()
            })
        };
        let neighbour = |&id: &usize| Neighbour {
            id,
            has: vec![0; agents],
        };
        Self {
            id,
            spec,
            heard: (0..agents).map(word).collect(),
            bids: vec![Vec::new(); tasks.specs().len()],
            rivals: vec![None; tasks.specs().len()],
            changed: Vec::new(),
            bundle: Bundle::new(tasks, id, spec, None),
            is_fresh: true,
            neighbours: neighbours.iter().map(neighbour).collect(),
            retry_after,
            occasions: 0,
            sent: vec![(0, 0); agents],
            owes_answer: false,
        }
    }

    /// An agent with a worth of its own for each lot, in points; what is worth nothing or less it does
    /// not bid for. It gets one lot at most, so that nothing is warped. All others are its neighbours.
    #[must_use]
    pub fn with_worths(
        worths: Vec<f64>,
        id: usize,
        agents: usize,
        retry_after: Option<u32>,
    ) -> Self {
        let tasks = Tasks::lots(worths.len());
        let spec = AgentSpec {
            at: [0.0; 2],
            speed: 1.0,
        };
        let others: Vec<usize> = (0..agents).filter(|other| *other != id).collect();
        let mut agent = Self::new(&tasks, id, spec, agents, &others, retry_after);
        agent.bundle = Bundle::new(&tasks, id, spec, Some(worths));
        agent
    }

    /// Its id.
    #[must_use]
    pub fn id(&self) -> usize {
        self.id
    }

    /// Where it starts and how fast it is.
    #[must_use]
    pub fn spec(&self) -> AgentSpec {
        self.spec
    }

    /// Its newest word.
    #[must_use]
    pub fn word(&self) -> &Word {
        &self.heard[self.id]
    }

    /// The newest word of every bidder that it has.
    #[must_use]
    pub fn heard(&self) -> &[Arc<Word>] {
        &self.heard
    }

    /// Says what the bundle holds; true if that is new.
    fn rebid(&mut self) -> bool {
        let claims = self.bundle.claims();
        let is_new = claims != self.word().claims;
        is_new
            && self.restate(|word| {
                word.claims = claims;
                word.rebids += 1;
                word.trade = Trade::default();
            })
    }

    /// Changes its word; true if that says something new.
    pub(super) fn restate(&mut self, change: impl FnOnce(&mut Word)) -> bool {
        let mut word = Word::clone(&self.heard[self.id]);
        change(&mut word);
        let is_new = word != *self.heard[self.id];
        if is_new {
            word.clock += 1;
            self.heard[self.id] = Arc::new(word);
        }
        is_new
    }

    /// Takes in what a neighbour says.
    pub fn on_message(&mut self, message: &Message) {
        for word in &message.words {
            if word.clock > self.heard[word.bidder].clock && word.bidder != self.id {
                self.learn(word);
            }
        }
        let waits = self.retry_after.is_some() && !message.words.is_empty();
        self.owes_answer |= waits;
        let Some(sender) = self.neighbours.iter_mut().find(|n| n.id == message.from) else {
            return;
        };
        let newest = sender.has.iter_mut().zip(message.clocks.iter());
        newest.for_each(|(has, &clock)| *has = (*has).max(clock));
    }

    /// Replaces a bidder's word by a newer one.
    fn learn(&mut self, word: &Arc<Word>) {
        let old = std::mem::replace(&mut self.heard[word.bidder], Arc::clone(word));
        // What changes hands after the auction is no bid: see `exchange`.
        if old.rebids == word.rebids {
            return;
        }
        for claim in &old.claims {
            self.bids[claim.task].retain(|rival| rival.1 != word.bidder);
        }
        for claim in &word.claims {
            self.bids[claim.task].push((claim.bid, word.bidder));
        }
        for claim in old.claims.iter().chain(&word.claims) {
            let better = |a: Rival, b: Rival| a.0 > b.0 || a.0 >= b.0 && a.1 < b.1;
            let pick = |a, b| if better(b, a) { b } else { a };
            let best = self.bids[claim.task].iter().copied().reduce(pick);
            if best != self.rivals[claim.task] {
                self.rivals[claim.task] = best;
                self.changed.push(claim.task);
            }
        }
    }

    /// Brings its bundle in line with what it has heard; the number of task values worked out, and
    /// whether it has something new to say.
    pub fn build(&mut self, tasks: &Tasks) -> (u64, bool) {
        let mut work = self.changed.len() as u64;
        let mut unwound = std::mem::take(&mut self.is_fresh);
        for task in std::mem::take(&mut self.changed) {
            unwound |= self.bundle.unwind(tasks, task, &self.rivals);
        }
        if unwound {
            work += tasks.specs().len() as u64 + self.bundle.extend(tasks, &self.rivals);
        }
        (work, unwound && self.rebid())
    }

    /// What it sends to all neighbours on an occasion to send, if it has anything to say.
    pub fn message(&mut self) -> Option<Message> {
        self.occasions += 1;
        let mut words = Vec::new();
        for (bidder, word) in self.heard.iter().enumerate() {
            let (clock, at) = self.sent[bidder];
            let is_due = word.clock > clock
                || self
                    .retry_after
                    .is_some_and(|after| self.occasions - at > after);
            if is_due && self.neighbours.iter().any(|n| n.has[bidder] < word.clock) {
                words.push(Arc::clone(word));
            }
        }
        if words.is_empty() && !self.owes_answer {
            return None;
        }
        self.owes_answer = false;
        for word in &words {
            self.sent[word.bidder] = (word.clock, self.occasions);
            if self.retry_after.is_none() {
                let each = self.neighbours.iter_mut();
                each.for_each(|n| n.has[word.bidder] = word.clock);
            }
        }
        Some(Message {
            from: self.id,
            clocks: self.heard.iter().map(|word| word.clock).collect(),
            words,
        })
    }

    /// Whether it would not say anything again if nothing reached it any more: all neighbours are
    /// known to have all that it has, and nobody waits for an answer.
    #[must_use]
    pub fn is_quiet(&self) -> bool {
        let has_all = |n: &Neighbour| {
            self.heard
                .iter()
                .zip(&n.has)
                .all(|(word, &has)| has >= word.clock)
        };
        !self.owes_answer && self.changed.is_empty() && self.neighbours.iter().all(has_all)
    }
}
