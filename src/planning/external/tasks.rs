//! Vehicles get what a program gave them, if it still can be. See [`take_up`].

use bevy::prelude::{Query, Res, ResMut};

use super::{
    answer::Answer,
    dialogue::{Asking, Dialogues, Gives, Liaison, Pending},
    request::{Header, Request},
};
use crate::{
    environment::{Landscape, NoGoAreas},
    kernel::{
        ids::{UnitIndex, UnitIx},
        messages::Buffer,
        time::{Clock, SimTime},
    },
    org::OrderOfBattle,
    picture::{BluePicture, TrackStore},
    planning::{
        missions::{Means, Missions, TaskState},
        progress::MissionNews,
        round::{self, Round, ask, give},
        routes::RouteBook,
        slots::Slot,
        tasks::{TaskOrder, assign, posted, size_bytes},
        view::TrackView,
    },
    platform::{damage::Damage, emission::EmissionPlan, together::Groups, vehicle::Fleet},
    sensing::SensorSuites,
    wire::{MessageSizes, Outbox},
};

/// Whether an answer is one on vehicles.
fn is_tasks(gives: &Gives) -> bool {
    matches!(gives, Gives::Tasks(_))
}

/// Asks the program of a post who is to do what; what it answers takes effect later.
pub(in crate::planning) fn ask_program(
    post: UnitIx,
    (picture, tracks): (&BluePicture, &TrackStore),
    state: &TaskState,
    now: SimTime,
    means: &Means<'_>,
    liaison: &mut Liaison<'_>,
) {
    if liaison.dialogues.is_waiting(post, is_tasks) {
        return;
    }
    let asked = ask(post, picture, state, now, means);
    if asked.parts.is_empty() || asked.free.is_empty() {
        return;
    }
    let side = means.order.unit(post).side;
    let asking = Asking {
        side: (side, &means.order.sides[side.at()].id),
        post: (post, means.index.name(post)),
        now,
    };
    let tracks = TrackView::of_store(tracks, now);
    let make =
        |header: Header<'_>| Request::of_tasks(header, &asked, (&tracks, state), now, means).line();
    liaison.ask(asking, make, |answer| gives(answer, &asked, means));
}

/// What an answer gives to whom.
fn gives(answer: &Answer, asked: &round::Asked<'_>, means: &Means<'_>) -> Result<Gives, String> {
    let names: Vec<&str> = asked
        .free
        .iter()
        .map(|it| means.index.name(it.unit))
        .collect();
    let pairs = answer.task_pairs(&names, &asked.problem)?;
    let given = pairs.list.iter();
    let given = given.map(|(row, lot)| (asked.free[*row].unit, asked.parts[*lot].clone()));
    Ok(Gives::Tasks(given.collect()))
}

/// The plans of an answer that takes effect now: of those vehicles that are still free, for missions
/// that still take somebody.
fn plans_of(
    pending: &Pending,
    (picture, tracks): (&BluePicture, &TrackStore),
    state: &TaskState,
    now: SimTime,
    (means, book): (&Means<'_>, &mut RouteBook),
    dialogues: &mut Dialogues,
) -> Round {
    let mut round = Round::default();
    let Gives::Tasks(given) = &pending.gives else {
        return round;
    };
    let asked = ask(pending.post, picture, state, now, means);
    let side = means.order.unit(pending.post).side;
    let mut places: Vec<usize> = (0..asked.parts.len()).collect();
    for (unit, slot) in given {
        let name = means.index.name(*unit);
        let mission = &means.missions.list[slot.mission].id;
        let row = asked.free.iter().position(|entry| entry.unit == *unit);
        let is_like = |part: &Slot| (part.mission, part.stage) == (slot.mission, slot.stage);
        let fits = |row: usize| {
            let mut open = places.iter();
            open.position(|lot| {
                is_like(&asked.parts[*lot]) && asked.problem.worth(row, *lot).is_some()
            })
        };
        let why = match row.map(|row| (row, fits(row))) {
            None => format!("{name} is no longer free"),
            Some((_, None)) => format!("{mission} no longer takes {name}"),
            Some((row, Some(place))) => {
                places.remove(place);
                let entry = asked.free[row];
                match give(entry, slot, (tracks, now, means, &mut *book)) {
                    Some(given) => {
                        round.plans.push(given);
                        continue;
                    }
                    None => {
                        round.barred.push(*unit);
                        format!("{mission}: no way for {name}")
                    }
                }
            }
        };
        dialogues.was_overtaken(side, (pending.round, &why));
        round.why.push(why);
    }
    dialogues.gave(side, (round.plans.len() as u64, 0));
    round
}

/// Asks the program of a post and takes its answer at once, for a plan without a run.
pub(in crate::planning) fn plan_at_once(
    post: UnitIx,
    belief: (&BluePicture, &TrackStore),
    state: &TaskState,
    now: SimTime,
    (means, book): (&Means<'_>, &mut RouteBook),
    liaison: &mut Liaison<'_>,
) -> Round {
    ask_program(post, belief, state, now, means, liaison);
    let answers = liaison
        .dialogues
        .due(|it| is_tasks(&it.gives), SimTime::NEVER);
    let mut round = Round::default();
    for pending in answers {
        round = plans_of(
            &pending,
            belief,
            state,
            now,
            (means, &mut *book),
            liaison.dialogues,
        );
    }
    round
}

/// Answers on vehicles take effect when as much time is over as the program thought.
pub(in crate::planning) fn take_up(
    (clock, index, order): (Res<'_, Clock>, Res<'_, UnitIndex>, Res<'_, OrderOfBattle>),
    (fleet, suites, landscape): (Res<'_, Fleet>, Res<'_, SensorSuites>, Res<'_, Landscape>),
    (groups, plan): (Res<'_, Groups>, Res<'_, EmissionPlan>),
    (no_go, missions, sizes): (Res<'_, NoGoAreas>, Res<'_, Missions>, Res<'_, MessageSizes>),
    (mut news, mut outbox): (
        ResMut<'_, Buffer<MissionNews>>,
        ResMut<'_, Outbox<TaskOrder>>,
    ),
    (mut book, mut dialogues): (ResMut<'_, RouteBook>, ResMut<'_, Dialogues>),
    mut posts: Query<'_, '_, (&BluePicture, &TrackStore, &mut TaskState, &Damage)>,
) {
    if dialogues.is_empty() {
        return;
    }
    let now = clock.now();
    for pending in dialogues.due(|it| is_tasks(&it.gives), now) {
        let post = pending.post;
        let Ok((picture, tracks, mut state, damage)) = posts.get_mut(index.entity(post)) else {
            continue;
        };
        let side = order.unit(post).side;
        if damage.is_destroyed() {
            dialogues.was_overtaken(side, (pending.round, "its post is destroyed"));
            continue;
        }
        let means = Means {
            order: &order,
            fleet: &fleet,
            index: &index,
            suites: &suites,
            groups: &groups,
            landscape: &landscape,
            no_go: &no_go,
            missions: &missions,
            plan: plan.known_to(post),
        };
        let tools = (&means, &mut *book);
        let belief = (picture, tracks);
        let round = plans_of(&pending, belief, &state, now, tools, &mut dialogues);
        let barred = round.barred.iter().map(|unit| (*unit, now));
        state.barred.extend(barred);
        for given in round.plans {
            let mut tell = |mission, step| {
                let at = now;
                news.write(MissionNews {
                    post,
                    mission,
                    at,
                    step,
                });
            };
            let (unit, plan) = assign(&mut state, given, now, &mut tell);
            let size_bytes = size_bytes(&plan, &sizes);
            let posted = posted(unit, (index.id(post), post), now, size_bytes);
            outbox.post(posted, TaskOrder(plan));
        }
    }
}
