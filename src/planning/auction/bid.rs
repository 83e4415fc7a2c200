//! Units bid, agree, take lots and give way. See [`bid`].

use bevy::{
    ecs::system::SystemParam,
    prelude::{Query, ResMut},
};

use super::{
    bidder::{Bidder, Holding},
    ground::{Ground, Voice},
    session::Session,
    talk::{AuctionId, Bid, Body, Call, Lot, Matter, Talk, What},
    worths::{self, Own},
};
use crate::{
    kernel::{
        ids::{UnitId, UnitIx},
        time::SimTime,
    },
    org::Planner,
    physics::SightMemo,
    picture::{BlueEntry, BluePicture, Place, TrackStore},
    planning::{
        round::{Given, give},
        routes::RouteBook,
        tasks::halt,
        view::ShooterView,
    },
    platform::{
        course::{PlanInbox, PlanOrder},
        damage::Damage,
        navigation::NavSolution,
        stores::Magazine,
    },
    wire::Audience,
};

/// Time after which a unit tells its post again what it took, if it has not been answered, s (notional,
/// 10 to 60).
const REPEAT_S: f64 = 15.0;

/// Time after which it no longer waits for an answer about a track, s (notional, 20 to 120): the desk
/// would have another position by then.
const TRACK_S: f64 = 30.0;

/// What a unit may use.
#[derive(SystemParam)]
pub(super) struct Tools<'w> {
    voice: Voice<'w>,
    memo: ResMut<'w, SightMemo>,
    book: ResMut<'w, RouteBook>,
    plans: ResMut<'w, PlanInbox>,
}

/// What a unit knows of itself and of others.
type Knows<'a> = (
    &'a NavSolution,
    &'a Damage,
    &'a Magazine,
    &'a BluePicture,
    &'a TrackStore,
);

/// A unit at its turn.
struct Crew<'a, 'w, 't> {
    who: (UnitIx, UnitId),
    knows: Knows<'a>,
    ground: &'a Ground<'w>,
    tools: &'a mut Tools<'t>,
}

/// Units hear calls, work out what the lots are worth to them, agree, and take what they have won.
pub(super) fn bid(
    ground: Ground<'_>,
    mut tools: Tools<'_>,
    mut units: Query<'_, '_, (Knows<'static>, &mut Bidder)>,
) {
    if units.is_empty() {
        return;
    }
    for (unit, row) in ground.index.iter() {
        let Ok((knows, mut bidder)) = units.get_mut(row.entity) else {
            continue;
        };
        if bidder.is_at_ease() {
            continue;
        }
        if knows.1.is_destroyed() {
            let tally = core::mem::take(&mut bidder.tally);
            *bidder = Bidder {
                tally,
                ..Bidder::default()
            };
            continue;
        }
        let mut crew = Crew {
            who: (unit, row.id),
            knows,
            ground: &ground,
            tools: &mut tools,
        };
        let heard = core::mem::take(&mut bidder.inbox);
        for (_, talk) in heard {
            crew.hear(&mut bidder, talk);
        }
        if ground.is_silent(unit) {
            bidder.sessions.clear();
            continue;
        }
        crew.agree(&mut bidder);
        crew.remind(&mut bidder);
    }
}

impl Crew<'_, '_, '_> {
    fn now(&self) -> SimTime {
        self.ground.now()
    }

    /// Says something to the post of an auction.
    fn report(&mut self, bidder: &mut Bidder, auction: AuctionId, body: Body) {
        let ends = (self.who.0, Audience::Unit(auction.post));
        let until = self.now().plus_s(4.0 * REPEAT_S);
        let voice = &mut self.tools.voice;
        voice.say(ends, (auction, until), body, self.ground, &mut bidder.tally);
    }

    /// Its own entry of the picture of the own side, at the place where it believes to be.
    fn entry(&self) -> Option<BlueEntry> {
        let (navigation, _, _, picture, _) = self.knows;
        let mut entry = picture.get(self.who.0)?.clone();
        entry.place = Place {
            at: self.now(),
            position: navigation.position,
            velocity: navigation.velocity,
        };
        Some(entry)
    }

    /// What it knows when it works out worths.
    fn own(&self) -> Option<Own> {
        let entry = self.entry()?;
        let (_, damage, magazine, _, _) = self.knows;
        let loaded = magazine
            .tubes
            .iter()
            .filter(|tube| damage.can_fire() && tube.rounds > 0);
        let shooter = |tube: &crate::platform::stores::Tube| ShooterView {
            unit: entry.unit,
            effector: tube.effector,
            rounds: tube.rounds,
            position: entry.place.position,
        };
        let shooters = loaded.map(shooter).collect();
        Some(Own { entry, shooters })
    }

    /// Takes in a message.
    fn hear(&mut self, bidder: &mut Bidder, talk: Talk) {
        let auction = talk.auction;
        match talk.body {
            Body::Call(call) if !self.ground.is_silent(self.who.0) => {
                self.answer(bidder, auction, call);
            }
            Body::Agree(message) => {
                let mut sessions = bidder.sessions.iter_mut();
                if let Some(session) = sessions.find(|it| it.id == auction) {
                    session.hear(&message);
                }
            }
            Body::Booked => {
                if let Some(held) = bidder.held(auction) {
                    held.is_booked = true;
                }
                // A proposal is the desk's from here on.
                bidder
                    .holdings
                    .retain(|it| it.matter() == Matter::Parts || it.auction != auction);
            }
            Body::Yield => {
                bidder.sessions.retain(|it| it.id != auction);
                self.give_up(bidder, auction);
            }
            _ => {}
        }
    }

    /// Offers or begins to agree, unless its post has still to hear what it took.
    fn answer(&mut self, bidder: &mut Bidder, auction: AuctionId, call: Call) {
        let is_waiting = |it: &Holding| it.matter() == call.matter && !it.is_booked;
        let is_called = call.bidders.contains(&self.who.0) && self.now() <= call.deadline;
        if !is_called || bidder.holdings.iter().any(is_waiting) {
            return;
        }
        let Some(own) = self.own() else {
            return;
        };
        // Who is called counts as free: what it held is over as far as the post knows.
        bidder.drop_matter(call.matter);
        let (unit, now) = (self.who.0, self.now());
        let missions = self.ground.missions(unit);
        let mut fires = self.ground.fires(auction.post, &mut self.tools.memo);
        let bids = worths::bids(&own, &call.lots, now, &missions, &mut fires);
        if bids.is_empty() {
            return;
        }
        if call.planner == Planner::Market {
            self.report(bidder, auction, Body::Offer(bids));
        } else {
            bidder
                .sessions
                .extend(Session::new(auction, call, self.who, bids, now));
        }
    }

    /// Takes its turn in every consensus, and takes or gives up what that decides.
    fn agree(&mut self, bidder: &mut Bidder) {
        let now = self.now();
        for mut session in core::mem::take(&mut bidder.sessions) {
            if let Some(message) = session.turn(self.who.1, now) {
                let ends = (self.who.0, Audience::Under(session.id.post));
                let what = (session.id, session.call.closes);
                let voice = &mut self.tools.voice;
                voice.say(
                    ends,
                    what,
                    Body::Agree(message),
                    self.ground,
                    &mut bidder.tally,
                );
            }
            let won = session.won();
            let is_lost = session.took.is_some() && won.map(|bid| bid.lot) != session.took;
            if is_lost {
                session.took = None;
                self.give_up(bidder, session.id);
            }
            let mut goes_on = now < session.call.closes;
            if session.comes_to_rest(now) {
                bidder.tally.settled += 1;
                bidder.tally.rounds += u64::from(session.rounds);
                if let Some(bid) = won.filter(|bid| session.took != Some(bid.lot)) {
                    goes_on &= self.take(bidder, &session, bid);
                    session.took = Some(bid.lot);
                }
            }
            if goes_on {
                bidder.sessions.push(session);
            }
        }
    }

    /// Takes a lot that it has won; false where it finds no way to do it.
    fn take(&mut self, bidder: &mut Bidder, session: &Session, bid: Bid) -> bool {
        let what = match &session.call.lots[bid.lot] {
            Lot::Part(part) => {
                let unit = self.who.0;
                let means = self.ground.missions(unit);
                let (entry, now) = (self.entry(), self.now());
                let ways = (self.knows.4, now, &means, &mut *self.tools.book);
                let given = entry.and_then(|entry| give(&entry, part, ways));
                let Some(Given {
                    plan,
                    goal,
                    takes_s,
                    ..
                }) = given
                else {
                    self.report(bidder, session.id, Body::GaveUp(true));
                    return false;
                };
                self.tools.plans.0.push(PlanOrder {
                    to: unit,
                    plan,
                    repeat: false,
                });
                let (mission, stage) = (part.mission, part.stage);
                What::Part {
                    mission,
                    stage,
                    goal,
                    takes_s,
                }
            }
            Lot::Track(track) => What::Track(track.number),
        };
        let now = self.now();
        bidder
            .holdings
            .retain(|it| it.matter() != session.call.matter);
        bidder.holdings.push(Holding {
            auction: session.id,
            bid,
            what,
            told: now,
            since: now,
            is_booked: false,
        });
        self.report(bidder, session.id, Body::Took(bid, what));
        true
    }

    /// Gives a lot up that it holds: stops what it has begun, and tells the post.
    fn give_up(&mut self, bidder: &mut Bidder, auction: AuctionId) {
        let Some(held) = bidder.held(auction).copied() else {
            return;
        };
        bidder.holdings.retain(|it| it.auction != auction);
        let unit = self.who.0;
        if let (What::Part { mission, .. }, Some(entry)) = (held.what, self.entry()) {
            let plan = halt(&entry, mission, self.now(), &self.ground.missions(unit));
            self.tools.plans.0.push(PlanOrder {
                to: unit,
                plan,
                repeat: false,
            });
        }
        self.report(bidder, auction, Body::GaveUp(false));
    }

    /// Tells the post again what it has not answered.
    fn remind(&mut self, bidder: &mut Bidder) {
        let now = self.now();
        let is_past =
            |it: &Holding| it.matter() == Matter::Tracks && now.since_s(it.since) > TRACK_S;
        bidder.holdings.retain(|it| !is_past(it));
        let mut due = Vec::new();
        for held in &mut bidder.holdings {
            if !held.is_booked && now.since_s(held.told) >= REPEAT_S {
                held.told = now;
                due.push(*held);
            }
        }
        for held in due {
            self.report(bidder, held.auction, Body::Took(held.bid, held.what));
        }
    }
}
