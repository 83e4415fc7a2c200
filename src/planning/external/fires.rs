//! What a program would have fired upon, as proposals to desks. See [`ask_program`], [`matched`].

use super::{
    answer::Answer,
    dialogue::{Asking, Gives, Liaison, Pending},
    request::{Header, Request},
};
use crate::{
    environment::Landscape,
    kernel::{
        ids::{UnitIndex, UnitIx},
        time::SimTime,
    },
    org::OrderOfBattle,
    planning::{algo::matching::Matched, engage::Asked},
    platform::vehicle::Fleet,
};

/// Whether an answer is one on shooters.
fn is_fires(gives: &Gives) -> bool {
    matches!(gives, Gives::Fires(_))
}

/// Who asks, and by what names.
pub(in crate::planning) struct Names<'a> {
    pub(in crate::planning) order: &'a OrderOfBattle,
    pub(in crate::planning) index: &'a UnitIndex,
    pub(in crate::planning) fleet: &'a Fleet,
    pub(in crate::planning) landscape: &'a Landscape,
}

/// The answer of a post's program that takes effect now.
pub(in crate::planning) fn due(
    post: UnitIx,
    now: SimTime,
    liaison: &mut Liaison<'_>,
) -> Option<Pending> {
    let is_own = |it: &Pending| it.post == post && is_fires(&it.gives);
    liaison.dialogues.due(is_own, now).pop()
}

/// Whether an answer is on its way to its effect at a post.
pub(in crate::planning) fn is_waiting(post: UnitIx, liaison: &Liaison<'_>) -> bool {
    liaison.dialogues.is_waiting(post, is_fires)
}

/// Asks the program of a post who is to engage what; what it answers takes effect later.
pub(in crate::planning) fn ask_program(
    post: UnitIx,
    asked: &Asked,
    now: SimTime,
    names: &Names<'_>,
    liaison: &mut Liaison<'_>,
) {
    let side = names.order.unit(post).side;
    let asking = Asking {
        side: (side, &names.order.sides[side.at()].id),
        post: (post, names.index.name(post)),
        now,
    };
    let tables = (names.index, names.fleet, names.landscape);
    let make = |header: Header<'_>| Request::of_fires(header, asked, now, tables).line();
    liaison.ask(asking, make, |answer| gives(answer, asked, names));
}

/// What an answer gives to whom.
fn gives(answer: &Answer, asked: &Asked, names: &Names<'_>) -> Result<Gives, String> {
    let rows = asked.shooters.iter();
    let shooters: Vec<(&str, &str)> = rows
        .map(|it| {
            let effector = names.fleet.effector(it.effector);
            (names.index.name(it.unit), effector.name.as_str())
        })
        .collect();
    let tracks: Vec<u32> = asked.tracks.iter().map(|it| it.number).collect();
    let pairs = answer.fire_pairs(&shooters, &tracks, &asked.problem)?;
    let given = pairs.list.iter().map(|(row, lot)| {
        let shooter = &asked.shooters[*row];
        (shooter.unit, shooter.effector, tracks[*lot])
    });
    Ok(Gives::Fires(given.collect()))
}

/// What of an answer can still be, on what the post believes now.
pub(in crate::planning) fn matched(
    pending: &Pending,
    asked: &Asked,
    names: &Names<'_>,
    liaison: &mut Liaison<'_>,
) -> Matched {
    let side = names.order.unit(pending.post).side;
    let mut matched = Matched {
        lot_of: vec![None; asked.shooters.len()],
        ..Matched::default()
    };
    let Gives::Fires(given) = &pending.gives else {
        return matched;
    };
    for (unit, effector, track) in given {
        let mut shooters = asked.shooters.iter();
        let row = shooters.position(|it| it.unit == *unit && it.effector == *effector);
        let lot = asked.tracks.iter().position(|it| it.number == *track);
        let pair = row.zip(lot);
        let worth = pair.and_then(|(row, lot)| asked.problem.worth(row, lot));
        match pair.zip(worth) {
            Some(((row, lot), worth)) => {
                matched.lot_of[row] = Some(lot);
                matched.objective += worth;
                liaison.dialogues.gave(side, (0, 1));
            }
            None => {
                let name = names.index.name(*unit);
                let why = format!("{name} can no longer be proposed for track {track}");
                let dialogues = &mut liaison.dialogues;
                dialogues.was_overtaken(side, (pending.round, &why));
            }
        }
    }
    matched
}
