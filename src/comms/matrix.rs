//! The matrix of sharing: by what way a message of a class passes between two units. See [`Rule`]
//! and [`Matrix`].
//!
//! A regime of sharing is nothing but one of the matrices here. No delay and no probability stands in
//! it: what crosses at a gateway or liaison takes the time and loses the detail of that handling.

use serde::{Deserialize, Serialize};

use crate::{
    kernel::ids::UnitIx,
    org::{OrderOfBattle, Regime, Role},
    wire::MessageClass,
};

/// How a message gets from a unit to another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Passage {
    /// Over the networks, to whoever is reached.
    Direct,
    /// By a unit with the role `Gateway`.
    Gateway,
    /// By a unit with the role `Liaison`.
    Liaison,
    /// Not at all.
    Never,
}

/// How a sender and a receiver are related.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Relation {
    /// The same service of the same nation.
    OwnService,
    /// Another service of the same nation.
    OtherService,
    /// Another nation.
    OtherNation,
}

impl Relation {
    /// All relations.
    pub const ALL: [Self; 3] = [Self::OwnService, Self::OtherService, Self::OtherNation];

    /// The relation of two units.
    #[must_use]
    pub fn of(from: UnitIx, to: UnitIx, order: &OrderOfBattle) -> Self {
        let (from, to) = (order.unit(from), order.unit(to));
        if from.nation != to.nation {
            Self::OtherNation
        } else if from.service != to.service {
            Self::OtherService
        } else {
            Self::OwnService
        }
    }
}

/// Which way along the chain of command a message goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Direction {
    /// To a post that commands the sender, directly or through others.
    Up,
    /// To a unit that the sender commands.
    Down,
    /// To anybody else.
    Sideways,
}

impl Direction {
    /// All directions.
    pub const ALL: [Self; 3] = [Self::Up, Self::Down, Self::Sideways];

    /// The direction from a unit to another.
    #[must_use]
    pub fn of(from: UnitIx, to: UnitIx, order: &OrderOfBattle) -> Self {
        if order.commands(to, from) {
            Self::Up
        } else if order.commands(from, to) {
            Self::Down
        } else {
            Self::Sideways
        }
    }
}

/// Who hands messages over between services.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum ExchangeKind {
    /// A machine.
    Gateway,
    /// A person.
    Liaison,
}

impl ExchangeKind {
    /// Both kinds.
    pub const ALL: [Self; 2] = [Self::Gateway, Self::Liaison];

    /// The role of units that do it.
    #[must_use]
    pub fn role(self) -> Role {
        match self {
            Self::Gateway => Role::Gateway,
            Self::Liaison => Role::Liaison,
        }
    }

    /// The passage that it is.
    #[must_use]
    pub fn passage(self) -> Passage {
        match self {
            Self::Gateway => Passage::Gateway,
            Self::Liaison => Passage::Liaison,
        }
    }
}

/// A rule of sharing. The first rule that names class, relation and direction of a message counts;
/// what no rule names does not pass.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rule {
    /// Classes of message; all where it is left out.
    #[serde(default = "Rule::all_classes")]
    pub classes: Vec<MessageClass>,
    /// Relations of sender and receiver; all where it is left out.
    #[serde(default = "Rule::all_relations")]
    pub between: Vec<Relation>,
    /// Directions along the chain of command; all where it is left out.
    #[serde(default = "Rule::all_directions")]
    pub direction: Vec<Direction>,
    /// By what way it passes.
    pub by: Passage,
}

impl Rule {
    /// The classes of a rule that names none.
    fn all_classes() -> Vec<MessageClass> {
        MessageClass::ALL.to_vec()
    }

    /// The relations of a rule that names none.
    fn all_relations() -> Vec<Relation> {
        Relation::ALL.to_vec()
    }

    /// The directions of a rule that names none.
    fn all_directions() -> Vec<Direction> {
        Direction::ALL.to_vec()
    }
}

/// A row of a regime's matrix: classes, relations, passage, in whatever direction.
type Row = (&'static [MessageClass], &'static [Relation], Passage);

/// Inside a service everything passes; across services a person says it, who cannot say a picture.
const STOVEPIPED: &[Row] = &[
    (&MessageClass::ALL, &[Relation::OwnService], Passage::Direct),
    (&[MessageClass::Image], &Relation::ALL, Passage::Never),
    (&MessageClass::ALL, &Relation::ALL, Passage::Liaison),
];

/// Inside a service everything passes; across services through gateways.
const JOINT: &[Row] = &[
    (&MessageClass::ALL, &[Relation::OwnService], Passage::Direct),
    (&MessageClass::ALL, &Relation::ALL, Passage::Gateway),
];

/// Any node to any other.
const MESHED: &[Row] = &[(&MessageClass::ALL, &Relation::ALL, Passage::Direct)];

/// The rules that a regime stands for; none for `Custom`, whose rules the scenario gives.
#[must_use]
pub fn rules_of(regime: Regime) -> Vec<Rule> {
    let rows = match regime {
        Regime::Stovepiped => STOVEPIPED,
        Regime::Joint => JOINT,
        Regime::Meshed => MESHED,
        Regime::Custom => &[],
    };
    let rule = |(classes, between, by): &Row| Rule {
        classes: classes.to_vec(),
        between: between.to_vec(),
        direction: Direction::ALL.to_vec(),
        by: *by,
    };
    rows.iter().map(rule).collect()
}

/// Number of classes, relations and directions.
const SIZE: [usize; 3] = [
    MessageClass::ALL.len(),
    Relation::ALL.len(),
    Direction::ALL.len(),
];

/// Rules worked out: the passage of every class, relation and direction.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Matrix([[[Passage; SIZE[2]]; SIZE[1]]; SIZE[0]]);

impl Matrix {
    /// Works rules out.
    #[must_use]
    pub fn new(rules: &[Rule]) -> Self {
        let passage = |class, relation, direction| {
            let names = |rule: &&Rule| {
                rule.classes.contains(&class)
                    && rule.between.contains(&relation)
                    && rule.direction.contains(&direction)
            };
            let first = rules.iter().find(names);
            first.map_or(Passage::Never, |rule| rule.by)
        };
        Self(MessageClass::ALL.map(|class| {
            Relation::ALL
                .map(|relation| Direction::ALL.map(|direction| passage(class, relation, direction)))
        }))
    }

    /// The passages of a class between so related units, by direction.
    fn row(&self, class: MessageClass, relation: Relation) -> &[Passage; SIZE[2]] {
        &self.0[class as usize][relation as usize]
    }

    /// By what way a message of a class gets from a unit to another. To itself a unit may say
    /// everything.
    #[must_use]
    pub fn passage(
        &self,
        class: MessageClass,
        from: UnitIx,
        to: UnitIx,
        order: &OrderOfBattle,
    ) -> Passage {
        if from == to {
            return Passage::Direct;
        }
        let row = self.row(class, Relation::of(from, to, order));
        if row.iter().all(|passage| *passage == row[0]) {
            return row[0];
        }
        row[Direction::of(from, to, order) as usize]
    }

    /// Whether a class passes directly from one service to another, so that nodes of other services
    /// forward it too.
    #[must_use]
    pub fn is_open(&self, class: MessageClass) -> bool {
        let others = [Relation::OtherService, Relation::OtherNation];
        others
            .iter()
            .any(|relation| self.row(class, *relation).contains(&Passage::Direct))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Passages of a class by relation, in no particular direction.
    fn passages(regime: Regime, class: MessageClass) -> [Passage; 3] {
        let matrix = Matrix::new(&rules_of(regime));
        Relation::ALL.map(|relation| matrix.row(class, relation)[2])
    }

    #[test]
    fn inside_a_service_all_regimes_are_the_same_matrix() {
        let matrices = [Regime::Stovepiped, Regime::Joint, Regime::Meshed]
            .map(|it| Matrix::new(&rules_of(it)));
        for class in MessageClass::ALL {
            let rows = matrices.map(|matrix| *matrix.row(class, Relation::OwnService));
            assert_eq!(rows, [[Passage::Direct; 3]; 3], "{class:?}");
        }
    }

    #[test]
    fn across_services_each_regime_has_its_own_way() {
        let track = MessageClass::Track;
        let across = |way| [Passage::Direct, way, way];
        assert_eq!(
            passages(Regime::Stovepiped, track),
            across(Passage::Liaison)
        );
        assert_eq!(passages(Regime::Joint, track), across(Passage::Gateway));
        assert_eq!(passages(Regime::Meshed, track), across(Passage::Direct));
        let image = MessageClass::Image;
        assert_eq!(passages(Regime::Stovepiped, image), across(Passage::Never));
        let open = |regime| Matrix::new(&rules_of(regime)).is_open(track);
        assert!(open(Regime::Meshed) && !open(Regime::Joint) && !open(Regime::Stovepiped));
    }

    #[test]
    fn the_first_rule_that_names_a_message_counts_and_what_none_names_does_not_pass() {
        let rule = |classes: &[MessageClass], direction: &[Direction], by| Rule {
            classes: classes.to_vec(),
            between: Relation::ALL.to_vec(),
            direction: direction.to_vec(),
            by,
        };
        let matrix = Matrix::new(&[
            rule(&[MessageClass::Track], &[Direction::Up], Passage::Gateway),
            rule(&[MessageClass::Track], &Direction::ALL, Passage::Liaison),
        ]);
        let row = matrix.row(MessageClass::Track, Relation::OtherNation);
        let wanted = [Passage::Gateway, Passage::Liaison, Passage::Liaison];
        assert_eq!(*row, wanted);
        let row = matrix.row(MessageClass::Fires, Relation::OwnService);
        assert_eq!(*row, [Passage::Never; 3]);
        let none = Matrix::new(&rules_of(Regime::Custom));
        assert_eq!(none, Matrix::new(&[]));
    }

    #[test]
    fn classes_relations_and_directions_are_numbered_in_the_order_of_their_lists() {
        for (at, class) in MessageClass::ALL.iter().enumerate() {
            assert_eq!(*class as usize, at);
        }
        assert_eq!(Relation::ALL.map(|it| it as usize), [0, 1, 2]);
        assert_eq!(Direction::ALL.map(|it| it as usize), [0, 1, 2]);
    }

    #[test]
    fn the_page_on_sharing_shows_these_matrices() {
        let page = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/docs/sharing.md"));
        for regime in [Regime::Stovepiped, Regime::Joint, Regime::Meshed] {
            for class in MessageClass::ALL {
                let row = |classes: &str| {
                    let [own, service, nation] = passages(regime, class);
                    format!("| `{regime:?}` | {classes} | {own:?} | {service:?} | {nation:?} |")
                };
                let named = page.contains(&format!("| `{regime:?}` | `{class:?}` |"));
                let wanted = if named {
                    row(&format!("`{class:?}`"))
                } else {
                    row("all")
                };
                let others = row("all others");
                let is_there = page.contains(&wanted) || !named && page.contains(&others);
                assert!(is_there, "{wanted}");
            }
        }
    }
}
