//! What is looked at every few seconds: pictures against the truth, and areas. See [`pictures`].

use bevy::prelude::{Query, Res, ResMut};

use super::{
    accounts::Accounts,
    chain::Chain,
    kill_chain::Stage,
    measure::{MeasureKind, MeasureSpecs},
};
use crate::{
    kernel::{
        ids::{UnitIndex, UnitIx},
        time::{Clock, SimTime},
    },
    org::OrderOfBattle,
    picture::{BluePicture, Track, TrackStore, model::fusion::nees},
    platform::{suppression::Suppression, truth::Board},
};

/// Time between two samples of the pictures, s.
pub(super) const PICTURE_PERIOD_S: f64 = 10.0;

/// Error up to which a unit counts as located, m: about the breadth of a platoon in the field (notional,
/// 50 to 300).
const LOCATED_M: f64 = 100.0;

/// Normalised estimation error squared that 95 % of honest tracks stay within: χ² with 4 degrees of
/// freedom.
const NEES_95: f64 = 9.488;

/// Time between two looks at areas, s.
const AREA_PERIOD_S: f64 = 1.0;

/// Time between two looks at who is pinned down, s.
const PINNED_PERIOD_S: f64 = 1.0;

/// Counts who is pinned down.
pub(super) fn pinned(
    (clock, order, board): (Res<'_, Clock>, Res<'_, OrderOfBattle>, Res<'_, Board>),
    mut accounts: ResMut<'_, Accounts>,
    units: Query<'_, '_, (&UnitIx, &Suppression)>,
) {
    if !clock.is_due(PINNED_PERIOD_S, 0) {
        return;
    }
    for (ix, suppression) in &units {
        if suppression.is_pinned(clock.now()) && board.piece(*ix).is_alive {
            accounts.sides[order.unit(*ix).side.at()].pinned_s += PINNED_PERIOD_S;
        }
    }
}

/// Samples what every live node knows of hostile units and of its own side.
pub(super) fn pictures(
    (clock, order, index): (Res<'_, Clock>, Res<'_, OrderOfBattle>, Res<'_, UnitIndex>),
    board: Res<'_, Board>,
    mut accounts: ResMut<'_, Accounts>,
    nodes: Query<'_, '_, (Option<&TrackStore>, Option<&BluePicture>)>,
) {
    if !clock.is_due(PICTURE_PERIOD_S, 0) {
        return;
    }
    let now = clock.now();
    let mut newest = vec![None; board.len()];
    for (ix, _) in board.iter().filter(|(_, piece)| piece.is_alive) {
        let Ok((store, blue)) = nodes.get(index.entity(ix)) else {
            continue;
        };
        if let Some(store) = store {
            tracks(ix, store, now, (&order, &board), &mut newest, &mut accounts);
        }
        if let Some(blue) = blue {
            own_side(ix, blue, now, (&order, &board), &mut accounts);
        }
    }
}

/// Samples the tracks of one node. `newest` is room for the newest track on each unit.
fn tracks(
    node: UnitIx,
    store: &TrackStore,
    now: SimTime,
    (order, board): (&OrderOfBattle, &Board),
    newest: &mut [Option<SimTime>],
    accounts: &mut Accounts,
) {
    let unit = accounts.units[node.at()];
    let side = &mut accounts.sides[order.unit(node).side.at()];
    newest.fill(None);
    for track in store.tracks().iter().filter(|track| track.confirmed) {
        let Some(target) = track.tag.reveal() else {
            continue;
        };
        let Some(chain) = &mut side.chains[target.at()] else {
            continue;
        };
        chain.held_last = Some(now);
        if unit.decides && chain.time(Stage::Decided).is_none() {
            chain.belief.add(&order.force_of(node).doctrine, track, now);
        }
        newest[target.at()] = newest[target.at()].max(Some(track.updated));
    }
    let Some(echelon) = unit.commands else { return };
    let means = side.tracks.entry(echelon).or_default();
    for track in store.tracks().iter().filter(|track| track.confirmed) {
        let target = track.tag.reveal();
        let target = target.filter(|target| side.chains[target.at()].is_some());
        if let Some(error2) = target.and_then(|target| error2(track, target, now, board)) {
            means.nees.add(error2, PICTURE_PERIOD_S);
            let is_beyond = f64::from(u8::from(error2 > NEES_95));
            means.overconfident.add(is_beyond, PICTURE_PERIOD_S);
        }
    }
    let is_live = |at: usize| board.piece(UnitIx::from_at(at)).is_alive;
    let is_target = |(at, chain): &(usize, &Option<Chain>)| chain.is_some() && is_live(*at);
    let (mut targets, mut known) = (0_u32, 0_u32);
    for (at, _) in side.chains.iter().enumerate().filter(is_target) {
        targets += 1;
        if let Some(updated) = newest[at] {
            known += 1;
            means.age_s.add(now.since_s(updated), PICTURE_PERIOD_S);
        }
    }
    if targets > 0 {
        means
            .completeness
            .add(f64::from(known) / f64::from(targets), PICTURE_PERIOD_S);
    }
}

/// Normalised estimation error squared of a track against what it is of, if that lives.
fn error2(track: &Track, target: UnitIx, now: SimTime, board: &Board) -> Option<f64> {
    let piece = board.piece(target);
    let state = track.at(now.max(track.updated));
    let truth = [piece.position, piece.velocity].map(glam::DVec3::truncate);
    piece
        .is_alive
        .then(|| nees(&state, truth[0], truth[1]))
        .flatten()
}

/// Samples what one node believes of the live units of its side, itself apart.
fn own_side(
    node: UnitIx,
    blue: &BluePicture,
    now: SimTime,
    (order, board): (&OrderOfBattle, &Board),
    accounts: &mut Accounts,
) {
    let side = order.unit(node).side;
    let means = &mut accounts.sides[side.at()].blue;
    let mut located = 0_u32;
    for entry in blue.entries().iter().filter(|entry| entry.unit != node) {
        let piece = board.piece(entry.unit);
        if piece.is_alive {
            let error_m = entry.position_at(now).distance(piece.position);
            located += u32::from(error_m <= LOCATED_M);
            means.error_m.add(error_m, PICTURE_PERIOD_S);
            means
                .age_s
                .add(now.since_s(entry.place.at), PICTURE_PERIOD_S);
        }
    }
    if accounts.units[node.at()].commands.is_none() {
        return;
    }
    let others = board.iter().filter(|(ix, piece)| {
        let counts = piece.is_alive && order.unit(*ix).side == side;
        counts && *ix != node
    });
    let others = others.count();
    if others > 0 {
        let share = f64::from(located) / others as f64;
        means.located.add(share, PICTURE_PERIOD_S);
    }
}

/// Notes who is in the areas that measures speak of.
pub(super) fn areas(
    (clock, order, board): (Res<'_, Clock>, Res<'_, OrderOfBattle>, Res<'_, Board>),
    specs: Res<'_, MeasureSpecs>,
    mut accounts: ResMut<'_, Accounts>,
) {
    if !clock.is_due(AREA_PERIOD_S, 0) {
        return;
    }
    for (spec, reached) in specs.0.iter().zip(&mut accounts.reached) {
        let MeasureKind::Reached { area } = &spec.kind else {
            continue;
        };
        for (ix, piece) in board.iter() {
            let counts = piece.is_alive && order.unit(ix).side == spec.side;
            if counts && !reached.contains(&ix) && area.contains(piece.position.truncate()) {
                reached.insert(ix);
            }
        }
    }
}
