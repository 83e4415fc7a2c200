//! Posts hold auctions: they call, hear, book, award, and settle who gives way. See [`conduct`].

use bevy::{
    ecs::system::SystemParam,
    prelude::{Local, Query, ResMut},
};

use super::{
    auctioneer::{Auction, Auctioneer, Held},
    ground::{Ground, Voice},
    talk::{AuctionId, Bid, Body, Lot, Matter, Talk, What},
};
use crate::{
    kernel::{assignment::Assigner, ids::UnitIx, messages::Buffer, time::SimTime},
    picture::{BluePicture, TrackStore},
    planning::{
        fires::{FiresState, may_propose, reach_m, under_fire},
        missions::{Means, TaskState},
        pen::Pen,
        progress::{MissionNews, Step},
        proposal::{Proposal, Proposed},
        round::give,
        routes::RouteBook,
        tasks::{TaskOrder, assign, book, posted, size_bytes},
        view::{ShooterView, TrackView},
    },
    platform::{damage::Damage, stores::EffectorIx},
    wire::{Audience, Outbox},
};

/// What a post may use.
#[derive(SystemParam)]
pub(super) struct Desk<'w> {
    voice: Voice<'w>,
    book: ResMut<'w, RouteBook>,
    orders: ResMut<'w, Outbox<TaskOrder>>,
    proposals: ResMut<'w, Outbox<Proposal>>,
    proposed: ResMut<'w, Buffer<Proposed>>,
    news: ResMut<'w, Buffer<MissionNews>>,
}

/// What a post knows and remembers.
type Post<'a> = (
    &'a BluePicture,
    &'a TrackStore,
    &'a Damage,
    &'a mut TaskState,
    &'a mut FiresState,
    &'a mut Auctioneer,
);

/// A post at its turn.
struct Chair<'a, 'w, 't> {
    post: UnitIx,
    picture: &'a BluePicture,
    tracks: &'a TrackStore,
    tasks: &'a mut TaskState,
    fires: &'a mut FiresState,
    own: &'a mut Auctioneer,
    ground: &'a Ground<'w>,
    desk: &'a mut Desk<'t>,
}

/// Solver of the awards, kept for its buffers only.
#[derive(Default)]
pub(super) struct Solver(Assigner);

/// Posts call auctions out, book what units took, and award what was offered.
pub(super) fn conduct(
    ground: Ground<'_>,
    mut desk: Desk<'_>,
    mut solver: Local<'_, Solver>,
    mut posts: Query<'_, '_, Post<'static>>,
) {
    if posts.is_empty() {
        return;
    }
    for (post, row) in ground.index.iter() {
        let Ok((picture, tracks, damage, mut tasks, mut fires, mut own)) =
            posts.get_mut(row.entity)
        else {
            continue;
        };
        if own.running.is_empty() && own.inbox.is_empty() && own.returned.is_empty() {
            continue;
        }
        let heard = core::mem::take(&mut own.inbox);
        let is_over = |it: &Auction, has_broken_off: bool| {
            ground.is_silent(post) || has_broken_off && it.call.matter == Matter::Parts
        };
        let has_broken_off = tasks.has_broken_off;
        own.running.retain(|it| !is_over(it, has_broken_off));
        if damage.is_destroyed() {
            own.running.clear();
            continue;
        }
        let mut chair = Chair {
            post,
            picture,
            tracks,
            tasks: &mut tasks,
            fires: &mut fires,
            own: &mut own,
            ground: &ground,
            desk: &mut desk,
        };
        for (unit, number) in core::mem::take(&mut chair.own.returned) {
            chair.answer(unit, number, Body::Yield);
        }
        chair.call_out();
        for (from, talk) in heard {
            chair.hear(from, talk);
        }
        for auction in chair.own.over(ground.now()) {
            chair.close(auction, &mut solver.0);
        }
    }
}

/// Time for which an answer is worth something, s (notional, 30 to 120).
const ANSWER_S: f64 = 60.0;

impl Chair<'_, '_, '_> {
    fn now(&self) -> SimTime {
        self.ground.now()
    }

    /// Sends the calls that are not out yet.
    fn call_out(&mut self) {
        let mut due = Vec::new();
        for auction in self.own.running.iter_mut().filter(|it| !it.is_called) {
            auction.is_called = true;
            due.push((auction.number, auction.call.clone()));
        }
        for (number, call) in due {
            let id = AuctionId {
                post: self.post,
                number,
            };
            let is_bidder = call.bidders.contains(&self.post);
            let own = is_bidder.then_some(Audience::Unit(self.post));
            for audience in [Some(Audience::Under(self.post)), own]
                .into_iter()
                .flatten()
            {
                let (ends, what) = ((self.post, audience), (id, call.closes));
                let body = Body::Call(call.clone());
                self.desk
                    .voice
                    .say(ends, what, body, self.ground, &mut self.own.tally);
            }
        }
    }

    /// Answers a unit.
    fn answer(&mut self, to: UnitIx, number: u32, body: Body) {
        let id = AuctionId {
            post: self.post,
            number,
        };
        let ends = (self.post, Audience::Unit(to));
        let until = self.now().plus_s(ANSWER_S);
        self.desk
            .voice
            .say(ends, (id, until), body, self.ground, &mut self.own.tally);
    }

    /// Takes in a message of a unit.
    fn hear(&mut self, from: UnitIx, talk: Talk) {
        let (number, now) = (talk.auction.number, self.now());
        if talk.auction.post != self.post {
            return;
        }
        match talk.body {
            Body::Offer(bids) => {
                let mut running = self.own.running.iter_mut();
                if let Some(auction) = running.find(|it| it.number == number) {
                    auction.offer(from, bids, now);
                }
            }
            Body::Took(bid, What::Track(track)) => self.track_taken((from, number), bid, track),
            Body::Took(bid, what) => self.part_taken((from, number), bid, what),
            Body::GaveUp(has_no_way) => {
                if self
                    .own
                    .held
                    .get(&from)
                    .is_some_and(|held| held.number == number)
                {
                    self.release(from);
                }
                if has_no_way {
                    self.tasks.barred.insert(from, now);
                }
            }
            _ => {}
        }
    }

    /// Forgets what a unit held.
    fn release(&mut self, unit: UnitIx) {
        let Some(held) = self.own.held.remove(&unit) else {
            return;
        };
        if self
            .tasks
            .assigned
            .get(&unit)
            .is_some_and(|it| it.mission == held.mission)
        {
            self.tasks.assigned.remove(&unit);
        }
        let running = self.own.running.iter_mut();
        for auction in running.filter(|it| it.call.matter == Matter::Parts) {
            let takers = auction.taken.iter_mut();
            for taker in takers.filter(|it| it.is_some_and(|(_, who)| who == unit)) {
                *taker = None;
            }
        }
    }

    /// Notes in the auction, if it is still on, that a unit has a lot.
    fn note(&mut self, number: u32, bid: Bid, unit: UnitIx) {
        let mut running = self.own.running.iter_mut();
        let auction = running.find(|it| it.number == number);
        if let Some(taken) = auction.and_then(|it| it.taken.get_mut(bid.lot)) {
            *taken = Some((bid.worth, unit));
        }
    }

    /// A unit says that it has begun a part: the post books it, or the worse of two gives way.
    fn part_taken(&mut self, (from, number): (UnitIx, u32), bid: Bid, what: What) {
        let What::Part {
            mission,
            stage,
            goal,
            takes_s,
        } = what
        else {
            return;
        };
        let known = self.own.held.get(&from);
        if known.is_some_and(|held| held.number == number && held.mission == mission) {
            return self.answer(from, number, Body::Booked);
        }
        let is_open = self.is_open(mission, stage);
        let rival = if is_open {
            self.rival(from, (number, bid.lot), mission)
        } else {
            None
        };
        if let Some((worth, other)) = rival {
            self.own.tally.conflicts += 1;
            let loses = other
                .is_none_or(|other| bid.worth.total_cmp(&worth).then(other.cmp(&from)).is_lt());
            if loses {
                return self.answer(from, number, Body::Yield);
            }
            if let Some(other) = other {
                let lost = self.own.held.get(&other).map_or(number, |held| held.number);
                self.release(other);
                self.answer(other, lost, Body::Yield);
            }
        }
        if !is_open {
            return self.answer(from, number, Body::Yield);
        }
        self.own.tally.awarded += u64::from(rival.is_none());
        let (post, at) = (self.post, self.now());
        let news = &mut self.desk.news;
        let mut tell = |mission, step: Step| {
            news.write(MissionNews {
                post,
                mission,
                at,
                step,
            });
        };
        book(self.tasks, from, (mission, goal, takes_s), at, &mut tell);
        tell(mission, Step::Started);
        let worth = bid.worth;
        self.own.held.insert(
            from,
            Held {
                number,
                mission,
                stage,
                worth,
            },
        );
        self.note(number, bid, from);
        self.answer(from, number, Body::Booked);
    }

    /// Whether a mission is on and in a stage.
    fn is_open(&self, mission: usize, stage: usize) -> bool {
        let means = self.ground.missions(self.post);
        let Some((_, it)) = means.missions_of(self.post).find(|(at, _)| *at == mission) else {
            return false;
        };
        let progress = self.tasks.progress(mission);
        progress.is_on(it) && progress.stage == stage && self.now().as_s() < it.window_s.1
    }

    /// Who would have to give way if a unit had a lot of a mission, and for how much it has it: who took
    /// the same lot, or, where the mission has all it wants, the worst of its holders; nobody of them,
    /// where all are there by order of the post.
    fn rival(
        &self,
        from: UnitIx,
        (number, lot): (u32, usize),
        mission: usize,
    ) -> Option<(f64, Option<UnitIx>)> {
        let running = self.own.running.iter().find(|it| it.number == number);
        let taker = running.and_then(|it| it.taken.get(lot).copied().flatten());
        if let Some((worth, other)) = taker.filter(|(_, other)| *other != from) {
            return Some((worth, Some(other)));
        }
        let means: Means<'_> = self.ground.missions(self.post);
        let asked = &means.missions.list[mission];
        let wanted = if asked.units.is_empty() {
            asked.vehicles as usize
        } else {
            let stage = self.tasks.progress(mission).stage_of(asked);
            means.candidates(asked, stage).len()
        };
        let given = self.tasks.assigned.iter();
        let others = given.filter(|(unit, given)| **unit != from && given.mission == mission);
        if others.count() < wanted {
            return None;
        }
        let held = self.own.held.iter();
        let held = held.filter(|(unit, held)| **unit != from && held.mission == mission);
        let worst = held.min_by(|a, b| a.1.worth.total_cmp(&b.1.worth).then(b.0.cmp(a.0)));
        Some(worst.map_or((f64::INFINITY, None), |(unit, held)| {
            (held.worth, Some(*unit))
        }))
    }

    /// A unit says that it has won a track: the post puts it to its desk, unless another is at it.
    fn track_taken(&mut self, (from, number): (UnitIx, u32), bid: Bid, track: u32) {
        if self.fires.has_open(track, from) {
            return self.answer(from, number, Body::Booked);
        }
        let is_written = bid
            .effector
            .is_some_and(|effector| self.propose(track, (from, effector)));
        if is_written {
            self.own.tally.awarded += 1;
            self.note(number, bid, from);
            self.answer(from, number, Body::Booked);
        } else {
            self.own.tally.conflicts += u64::from(self.fires.is_at(track));
            self.answer(from, number, Body::Yield);
        }
    }

    /// Writes a proposal, if by now the track may still be engaged and the shooter is free.
    fn propose(&mut self, track: u32, (unit, effector): (UnitIx, EffectorIx)) -> bool {
        let (now, ground) = (self.now(), self.ground);
        let doctrine = &ground.order.force_of(self.post).doctrine;
        let tracks = TrackView::of_store(self.tracks, now);
        let may_task = |unit: UnitIx| ground.order.desk_for(unit) == Some(self.post);
        let shooters = ShooterView::of_picture(self.picture, now, may_task);
        let reach = |unit| reach_m(unit, &shooters, &ground.fleet);
        let threatened = under_fire(self.fires, reach, now);
        let track = tracks.iter().find(|it| it.number == track).filter(|track| {
            may_propose(doctrine, track, &threatened) && self.fires.may_take(track, doctrine)
        });
        let mut own = shooters.iter();
        let shooter = own.find(|it| it.unit == unit && it.effector == effector);
        let (Some(track), Some(shooter)) = (track, shooter) else {
            return false;
        };
        if self.fires.is_busy(unit) {
            return false;
        }
        let mut pen = Pen {
            post: (ground.index.id(self.post), self.post),
            now,
            fleet: &ground.fleet,
            doctrine,
            store: Some(self.tracks),
            fires_bytes: ground.sizes.fires_bytes,
            outbox: &mut self.desk.proposals,
            proposed: &mut self.desk.proposed,
        };
        pen.write(self.fires, track, shooter);
        true
    }

    /// Ends an auction: what nobody took goes to the best offers; what is left has lapsed.
    fn close(&mut self, mut auction: Auction, assigner: &mut Assigner) {
        for (unit, bid) in auction.award(assigner) {
            let is_given = match &auction.call.lots[bid.lot] {
                Lot::Part(_) => self.order(unit, bid, &auction),
                Lot::Track(track) => {
                    let effector = bid.effector;
                    effector.is_some_and(|effector| self.propose(track.number, (unit, effector)))
                }
            };
            if is_given {
                self.own.tally.awarded += 1;
                auction.taken[bid.lot] = Some((bid.worth, unit));
            }
        }
        self.own.tally.lapsed += auction.taken.iter().filter(|it| it.is_none()).count() as u64;
    }

    /// Orders a unit to do a part, if it is still to be done and the unit got nothing else meanwhile.
    fn order(&mut self, unit: UnitIx, bid: Bid, auction: &Auction) -> bool {
        let (now, ground) = (self.now(), self.ground);
        let Lot::Part(part) = &auction.call.lots[bid.lot] else {
            return false;
        };
        let live = self.tasks.live(unit);
        let is_taken = live.is_some_and(|given| given.since >= auction.call.opened);
        let entry = self
            .picture
            .get(unit)
            .filter(|_| !is_taken && self.is_open(part.mission, part.stage));
        let Some(entry) = entry else {
            return false;
        };
        let means = ground.missions(self.post);
        let Some(given) = give(entry, part, (self.tracks, now, &means, &mut self.desk.book)) else {
            self.tasks.barred.insert(unit, now);
            return false;
        };
        let post = self.post;
        let news = &mut self.desk.news;
        let mut tell = |mission, step: Step| {
            news.write(MissionNews {
                post,
                mission,
                at: now,
                step,
            });
        };
        let (unit, plan) = assign(self.tasks, given, now, &mut tell);
        self.own.held.remove(&unit);
        let size_bytes = size_bytes(&plan, &ground.sizes);
        let outside = posted(unit, (ground.index.id(post), post), now, size_bytes);
        self.desk.orders.post(outside, TaskOrder(plan));
        true
    }
}
