//! Rules of effectors, and of what hurts and suppresses targets. See [`check_effector`].

use super::catalogue::Catalogue;
use super::catalogue_check::Report;
use super::class::{DefenceSpec, EffectorSpec, Family, Fire, Profile, Vulnerability};

/// Rules of an effector.
pub(super) fn check_effector(catalogue: &Catalogue, effector: &EffectorSpec, report: &mut Report) {
    let munition = catalogue.class(&effector.munition);
    report.rule(
        munition.is_some_and(|class| class.family == Family::Munition),
        &format!("`{}` is no class of family munition", effector.munition),
    );
    let (least, most) = (effector.range_min_m.value(), effector.range_max_m.value());
    report.rule(
        0.0 <= least && least < most,
        "range_min_m must be below range_max_m",
    );
    report.positive("speed_m_s", &effector.speed_m_s);
    report.positive("cycle_time_s", &effector.cycle_time_s);
    let counts = effector.rounds_per_shot.min(effector.shots_per_engagement);
    report.rule(
        counts > 0,
        "rounds_per_shot and shots_per_engagement start at 1",
    );
    report.rule(
        !effector.kill_probability.is_empty() || effector.defence.is_some(),
        "kill_probability is empty",
    );
    report.rule(
        (effector.fire == Fire::Guided) == effector.flight.is_some(),
        "guided rounds have a flight, and no others",
    );
    let against_munitions = effector.defence.iter().map(|it| &it.kill_probability);
    for curve in effector.kill_probability.values().chain(against_munitions) {
        report.rule(!curve.is_empty(), "a kill-probability curve is empty");
        report.rule(
            curve.windows(2).all(|pair| pair[0].0 < pair[1].0)
                && curve.iter().all(|point| (0.0..=1.0).contains(&point.0)),
            "shares of range must rise from 0 to 1",
        );
        for point in curve {
            report.within("kill probability", &point.1, 0.0, 1.0);
        }
    }
    let damage = &effector.damage;
    let sum = damage.mobility.value()
        + damage.firepower.value()
        + damage.sensor.value()
        + damage.radio.value()
        + damage.catastrophic.value();
    report.rule(
        (sum - 1.0).abs() < 1e-9,
        "shares of damage must add up to 1",
    );
    if let Some(flight) = &effector.flight {
        report.positive("basket_m", &flight.basket_m);
        if let Profile::Cruise {
            height_m,
            terminal_m,
        } = &flight.profile
        {
            report.positive("height_m", height_m);
            report.positive("terminal_m", terminal_m);
        }
    }
    if let Some(defence) = &effector.defence {
        check_defence(defence, report);
    }
    if let Some(suppression) = &effector.suppression {
        report.positive("suppression radius_m", &suppression.radius_m);
        report.positive("suppression time_s", &suppression.time_s);
    }
}

/// Rules of a weapon against munitions.
fn check_defence(defence: &DefenceSpec, report: &mut Report) {
    let (least, most) = (defence.reach_min_m.value(), defence.reach_m.value());
    report.rule(
        0.0 <= least && least < most,
        "reach_min_m must be below reach_m",
    );
    let counts = [defence.channels, defence.shots_max, defence.operators];
    report.rule(
        counts.iter().all(|count| *count > 0),
        "channels, shots_max and operators start at 1",
    );
    report.positive("floor_s of the decision", &defence.decision.floor_s);
    report.positive("median_s of the decision", &defence.decision.median_s);
    report.within("sigma_log", &defence.decision.sigma_log, 0.0, 3.0);
    report.positive("valid_s", &defence.valid_s);
}

/// Rules of what hurts and suppresses targets.
pub(super) fn check_vulnerability(vulnerability: &Vulnerability, report: &mut Report) {
    report.positive("moving_above_m_s", &vulnerability.moving_above_m_s);
    report.positive("cover_after_s", &vulnerability.cover_after_s);
    for (at, row) in vulnerability.rows.iter().enumerate() {
        let before = vulnerability.rows[..at].iter();
        let is_twice = before
            .filter(|it| (it.target, it.fire) == (row.target, row.fire))
            .count();
        let what = format!("{:?} against {:?} fire", row.target, row.fire);
        report.rule(is_twice == 0, &format!("{what} has two rows"));
        let (aspect, stance) = (&row.aspect, &row.stance);
        for figure in [&aspect.front, &aspect.flank, &aspect.rear, &aspect.top] {
            report.within(&format!("an aspect factor of {what}"), figure, 0.0, 1.0);
        }
        for figure in [&stance.moving, &stance.halted, &stance.in_cover] {
            report.within(&format!("a stance factor of {what}"), figure, 0.0, 1.0);
        }
    }
    let rules = &vulnerability.suppression;
    report.positive("full_s", &rules.full_s);
    report.positive("most_s", &rules.most_s);
    report.within("cycle_factor", &rules.cycle_factor, 1.0, 100.0);
    for figure in [&rules.speed_share, &rules.sight_share] {
        report.within("a share left to the suppressed", figure, 0.0, 1.0);
    }
    for figure in rules.shares.values() {
        report.within("a share of suppression", figure, 0.0, 1.0);
    }
}
