//! The story of a ruling for people. See [`rule`].

use std::fmt::Write as _;

use super::explain_text::{line, name, time};
use super::text::number;
use crate::accounting::adjudication::{OperatorLine, RuledBy, RulingLine};
use crate::command::Reason;

/// A ruling with what it follows from.
pub(super) fn rule(text: &mut String, ruling: &RulingLine) {
    let word = match (&ruling.leave, ruling.by) {
        (Some(leave), _) => format!("gave leave until {}", time(leave.until_us)),
        (None, RuledBy::Nobody) => "let it lapse".to_owned(),
        (None, _) => "refused".to_owned(),
    };
    let by = match ruling.by {
        RuledBy::Nobody => "nobody answered",
        RuledBy::Person => "a person",
        RuledBy::Operator => "a simulated operator",
    };
    line!(
        text,
        1,
        "{}  the desk of {} {word}: {by}, {} s after it came",
        time(ruling.time_us),
        ruling.desk,
        number(ruling.waited_s)
    );
    if let Some(leave) = &ruling.leave {
        line!(
            text,
            4,
            "for an area of {} m about the track, void after {} s without a word from the desk",
            number(leave.radius_m),
            number(leave.lost_link_s)
        );
    }
    if let Some(operator) = &ruling.operator {
        weigh(text, operator);
    }
}

/// What a simulated operator weighed.
fn weigh(text: &mut String, operator: &OperatorLine) {
    let it = &operator.appraisal;
    let own = match it.own {
        None => "no such track of its own".to_owned(),
        Some(own) if own.is_wreck => "a wreck by its own track".to_owned(),
        Some(own) => format!("{} by its own track", number(own.confidence)),
    };
    let protected = it.protected_m.map_or_else(
        || "none known".to_owned(),
        |distance_m| format!("{} m away", number(distance_m)),
    );
    line!(
        text,
        4,
        "weighed: confidence {}, {own}, asked for {}; nearest who must not be hit {protected}, asked for {} m",
        number(it.confidence),
        number(it.accept_confidence),
        number(it.clear_m)
    );
    let answer = it.answer(operator.draw.uniform);
    let sign = if answer == Reason::Caution { "<" } else { ">=" };
    let caution = match answer {
        Reason::Sound | Reason::Caution => format!(
            "; u = {} {sign} {} of caution ({})",
            number(operator.draw.uniform),
            it.caution,
            name(&operator.draw)
        ),
        _ => String::new(),
    };
    line!(text, 4, "answer: {}{caution}", answer.words());
    line!(
        text,
        4,
        "time taken {} s, drawn about a median of {} s ({})",
        number(operator.takes_s),
        number(operator.service.median_s),
        name(&operator.service_draw)
    );
}
