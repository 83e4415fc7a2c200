//! Staffs of command posts: decisions and orders wait for officers, and orders travel down the
//! echelons. See [`StaffPlugin`].
//!
//! A post that believes what one of its decision points asks for puts the decision on its staff's
//! pile; an officer takes a drawn time; the orders that follow go out as messages, to the next post
//! down the chain, whose own staff takes them in, and so on to the post that carries them out. A
//! delay belongs to each human who handles, and to each link that is crossed; nobody is told but by
//! a message.

use bevy::prelude::{App, Component, IntoScheduleConfigs, Plugin, Query, Res, ResMut, Resource};
use serde::{Deserialize, Serialize};

use super::{
    decision::{Act, Belief, DecisionPoints, Heard},
    obey, report,
};
use crate::{
    kernel::{
        ids::{UnitIndex, UnitIx},
        messages::{Buffer, BufferAppExt},
        random::RunSeed,
        registry::StateAppExt,
        schedule::{FuseSystems, Phase, SimTick},
        time::{Clock, SimTime},
    },
    org::{Emcon, ForceIx, OrderOfBattle, ServiceLaw, ServiceTime},
    picture::{BluePicture, TrackStore},
    planning::{missions::Missions, progress::Switch},
    platform::{damage::Damage, emission::EmissionPlan, navigation::NavSolution},
    wire::{
        Audience, Delivered, Detail, MessageClass, MessageSizes, Outbox, Payload, PayloadAppExt,
        Posted, Precedence,
    },
};

/// An order on its way down.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Order {
    /// Number of the decision that it follows from.
    pub decision: usize,
    /// What it says.
    pub act: Act,
}

impl Payload for Order {
    const CLASS: MessageClass = MessageClass::Tasking;
    const KIND: u8 = 17;

    /// Read back word for word: nothing is lost.
    fn coarsened(&self, _: Detail) -> Self {
        *self
    }
}

/// Officers of each post and the time that each handling takes. Static.
#[derive(Debug, Clone, Default, Resource)]
pub struct Staffs(pub Vec<(UnitIx, u32, ServiceTime)>);

/// Something that waits for an officer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
enum Work {
    /// A decision, by its number.
    Decide(usize),
    /// An order that came in.
    Handle(Order),
}

/// The staff of one post: what waits, what is worked at, and what the post was told.
#[derive(Debug, Clone, Default, PartialEq, Component, Serialize, Deserialize)]
pub struct StaffState {
    waiting: Vec<(SimTime, Work)>,
    working: Vec<(SimTime, SimTime, Work)>,
    pub(super) heard: Heard,
    /// Pieces of work begun, which name their draws.
    begun: u64,
    busy_s: f64,
}

impl StaffState {
    /// Seconds that officers have spent until a time.
    #[must_use]
    pub fn busy_s(&self, now: SimTime) -> f64 {
        let ahead = self.working.iter().map(|(until, ..)| until.since_s(now));
        self.busy_s - ahead.sum::<f64>()
    }
}

/// What commanders and staffs did, for those who count.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct StaffNews {
    /// Post.
    pub post: UnitIx,
    /// When.
    pub at: SimTime,
    /// Number of the decision.
    pub decision: usize,
    /// What.
    pub what: StaffStep,
}

/// A step on the way of a decision.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum StaffStep {
    /// The post believes what the decision asks for; since when it has seen any of it.
    Met(Option<SimTime>),
    /// The decision was taken, so long after that, s.
    Decided(f64),
    /// An order of it was handled at this post, so long after it had come in, s.
    Handled(Act, f64),
    /// An order of it was carried out here.
    Carried(Act),
}

/// How often posts look at their decision points, s.
const LOOK_S: f64 = 1.0;

/// Time for which an order is worth sending on, s.
const VALID_S: f64 = 1800.0;

/// What one post needs to decide.
type PostQuery<'a> = (
    &'a mut StaffState,
    &'a BluePicture,
    &'a TrackStore,
    &'a NavSolution,
    &'a Damage,
);

/// Posts look at their decision points.
pub(super) fn look(
    (clock, index, order): (Res<'_, Clock>, Res<'_, UnitIndex>, Res<'_, OrderOfBattle>),
    (points, plan): (Res<'_, DecisionPoints>, Res<'_, EmissionPlan>),
    mut news: ResMut<'_, Buffer<StaffNews>>,
    mut posts: Query<'_, '_, PostQuery<'_>>,
) {
    for (at, point) in points.0.iter().enumerate() {
        if !clock.is_due(LOOK_S, index.id(point.at).0 % 1000) {
            continue;
        }
        let Ok((mut state, picture, tracks, own, damage)) = posts.get_mut(index.entity(point.at))
        else {
            continue;
        };
        let is_piled = |work: &Work| *work == Work::Decide(at);
        let is_known = state.heard.decided.contains(&at)
            || state.waiting.iter().any(|(_, work)| is_piled(work))
            || state.working.iter().any(|(_, _, work)| is_piled(work));
        if damage.is_destroyed() || is_known {
            continue;
        }
        let belief = Belief {
            own: own.position.truncate(),
            picture,
            tracks,
            heard: &state.heard,
            order: &order,
            plan: plan.known_to(point.at),
            now: clock.now(),
        };
        if belief.holds(&point.when) {
            let since = belief.collected_since(&point.when);
            state.waiting.push((clock.now(), Work::Decide(at)));
            news.write(StaffNews {
                post: point.at,
                at: clock.now(),
                decision: at,
                what: StaffStep::Met(since),
            });
        }
    }
}

/// Where a staff writes to.
struct Desk<'a> {
    index: &'a UnitIndex,
    order: &'a OrderOfBattle,
    missions: &'a Missions,
    sizes: &'a MessageSizes,
    orders: &'a mut Outbox<Order>,
    switches: &'a mut Buffer<Switch>,
    plan: &'a mut EmissionPlan,
    news: &'a mut Buffer<StaffNews>,
}

impl Desk<'_> {
    /// Sends an order to one node.
    fn send(&mut self, from: UnitIx, to: UnitIx, order: Order, at: SimTime) {
        let posted = Posted {
            author: (self.index.id(from), from),
            audience: Audience::Unit(to),
            precedence: Precedence::Flash,
            size_bytes: self.sizes.plan_bytes,
            created: at,
            valid_s: VALID_S,
            is_latest: false,
        };
        self.orders.post(posted, order);
    }

    /// An order leaves the staff of a post: carried out there, or handed on.
    fn pass(&mut self, post: UnitIx, order: Order, at: SimTime) {
        match order.act {
            Act::Mission(mission, is_on) => {
                let force = self.missions.list[mission].force;
                match self.order.next_below(post, force) {
                    Some(next) => self.send(post, next, order, at),
                    None => {
                        self.switches.write(Switch {
                            post,
                            mission,
                            is_on,
                        });
                        self.carried(post, order, at);
                    }
                }
            }
            Act::Emit(force, level, for_s) => {
                let end = for_s.map(|for_s| at.plus_s(f64::from(for_s)));
                let units = self.order.units_within(force);
                self.plan.learn(post, units, level, (at, end));
                match self.order.next_below(post, force) {
                    Some(next) => self.send(post, next, order, at),
                    None => self.tell_units(post, (force, level, for_s), order, at),
                }
            }
            Act::Jam(unit, _) => {
                self.send(post, unit, order, at);
                self.carried(post, order, at);
            }
            Act::Obey(..) => {}
        }
    }

    /// Tells every unit of a force what it may radiate.
    fn tell_units(
        &mut self,
        post: UnitIx,
        (force, level, for_s): (ForceIx, Emcon, Option<u32>),
        order: Order,
        at: SimTime,
    ) {
        let told = Order {
            act: Act::Obey(force, level, for_s),
            ..order
        };
        for unit in self.order.units_within(force) {
            self.send(post, unit, told, at);
        }
        self.carried(post, order, at);
    }

    /// Says that an order was carried out.
    fn carried(&mut self, post: UnitIx, order: Order, at: SimTime) {
        self.news.write(StaffNews {
            post,
            at,
            decision: order.decision,
            what: StaffStep::Carried(order.act),
        });
    }
}

/// Staffs take what waits and finish what they are at.
fn work(
    (clock, seed, index): (Res<'_, Clock>, Res<'_, RunSeed>, Res<'_, UnitIndex>),
    (order, missions, sizes): (
        Res<'_, OrderOfBattle>,
        Res<'_, Missions>,
        Res<'_, MessageSizes>,
    ),
    (points, staffs): (Res<'_, DecisionPoints>, Res<'_, Staffs>),
    (mut orders, mut switches): (ResMut<'_, Outbox<Order>>, ResMut<'_, Buffer<Switch>>),
    mut plan: ResMut<'_, EmissionPlan>,
    mut news: ResMut<'_, Buffer<StaffNews>>,
    mut posts: Query<'_, '_, (&mut StaffState, &Damage)>,
) {
    let mut desk = Desk {
        index: &index,
        order: &order,
        missions: &missions,
        sizes: &sizes,
        orders: &mut orders,
        switches: &mut switches,
        plan: &mut plan,
        news: &mut news,
    };
    for (post, row) in index.iter() {
        let Ok((mut state, damage)) = posts.get_mut(row.entity) else {
            continue;
        };
        if state.waiting.is_empty() && state.working.is_empty() || damage.is_destroyed() {
            continue;
        }
        let staff = staffs.0.iter().find(|(at, ..)| *at == post);
        let (officers, service) = staff.map_or((u32::MAX, NO_TIME), |(_, n, time)| (*n, *time));
        begin(
            &mut state,
            officers,
            service,
            (seed.0, row.id.0),
            clock.now(),
        );
        let (done, busy): (Vec<_>, Vec<_>) = state
            .working
            .iter()
            .copied()
            .partition(|(until, ..)| *until < clock.next());
        state.working = busy;
        for (until, since, work) in done {
            finish(post, &mut state, (until, since, work), &points, &mut desk);
        }
    }
}

/// What a post without a staff takes.
const NO_TIME: ServiceTime = ServiceTime {
    median_s: 0.0,
    sigma_log: 0.0,
    floor_s: 0.0,
    law: ServiceLaw::LogNormal,
};

/// Free officers take the next pieces of work.
fn begin(
    state: &mut StaffState,
    officers: u32,
    service: ServiceTime,
    (seed, id): (u64, u64),
    now: SimTime,
) {
    let seats = (officers as usize).saturating_sub(state.working.len());
    let taken = seats.min(state.waiting.len());
    let next: Vec<_> = state.waiting.drain(..taken).collect();
    for (since, work) in next {
        state.begun += 1;
        let takes_s = service.draw_s(seed, id ^ STAFF, state.begun);
        state.busy_s += takes_s;
        state
            .working
            .push((now.max(since).plus_s(takes_s), since, work));
    }
}

/// Parts the draws of a staff from those of a desk at the same post.
const STAFF: u64 = 0x5374_6166_6600_0000;

/// A piece of work is done.
fn finish(
    post: UnitIx,
    state: &mut StaffState,
    (until, since, work): (SimTime, SimTime, Work),
    points: &DecisionPoints,
    desk: &mut Desk<'_>,
) {
    let took_s = until.since_s(since);
    match work {
        Work::Decide(decision) => {
            state.heard.decided.insert(decision);
            desk.news.write(StaffNews {
                post,
                at: until,
                decision,
                what: StaffStep::Decided(took_s),
            });
            for act in points.0[decision].then.iter().copied() {
                desk.pass(post, Order { decision, act }, until);
            }
        }
        Work::Handle(order) => {
            desk.news.write(StaffNews {
                post,
                at: until,
                decision: order.decision,
                what: StaffStep::Handled(order.act, took_s),
            });
            desk.pass(post, order, until);
        }
    }
}

/// Posts take in orders that are for a staff.
pub(super) fn receive(
    index: Res<'_, UnitIndex>,
    delivered: Res<'_, Delivered<Order>>,
    mut posts: Query<'_, '_, &mut StaffState>,
) {
    let for_staffs = delivered
        .read()
        .iter()
        .filter(|it| matches!(it.body.act, Act::Mission(..) | Act::Emit(..)));
    for delivery in for_staffs {
        if let Ok(mut state) = posts.get_mut(index.entity(delivery.to)) {
            let work = Work::Handle(delivery.body);
            state.waiting.push((delivery.at, work));
        }
    }
}

/// Decisions and orders in the phase `Command`; what comes in, in the phase `Fuse`.
#[derive(Debug)]
pub struct StaffPlugin;

impl Plugin for StaffPlugin {
    fn build(&self, app: &mut App) {
        app.add_plugins((obey::ObeyPlugin, report::ReportPlugin))
            .init_resource::<DecisionPoints>()
            .init_resource::<EmissionPlan>()
            .init_resource::<Staffs>()
            .add_payload::<Order>()
            .add_buffer::<StaffNews>()
            .register_state::<StaffState>()
            .add_systems(
                SimTick,
                (
                    (look, work).chain().in_set(Phase::Command),
                    receive.in_set(FuseSystems::Receive),
                ),
            );
    }
}
