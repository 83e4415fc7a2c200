//! What a person chose to see: whose picture, which layers, what is selected.

use super::frame::{Setting, Wanted};

/// Whose picture is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Viewpoint {
    /// Everything as it really is.
    #[default]
    Truth,
    /// What one node believes; its rank.
    Node(usize),
}

impl Viewpoint {
    /// The viewpoint of a name: `truth`, a side's id (its senior command post) or a unit's name.
    #[must_use]
    pub fn named(name: &str, setting: &Setting) -> Option<Self> {
        if name == "truth" {
            return Some(Self::Truth);
        }
        let of_side = setting
            .side_named(name)
            .and_then(|side| setting.sides[side].senior_post);
        of_side.or_else(|| setting.unit_named(name)).map(Self::Node)
    }

    /// The side to which others are friend or foe in this picture: the node's own, or, for the
    /// truth, the first of the scenario.
    #[must_use]
    pub fn side(self, setting: &Setting) -> usize {
        match self {
            Self::Truth => 0,
            Self::Node(node) => setting.units[node].side,
        }
    }

    /// What the picture is called.
    #[must_use]
    pub fn title(self, setting: &Setting) -> String {
        match self {
            Self::Truth => "Truth".to_owned(),
            Self::Node(node) => {
                let unit = &setting.units[node];
                let side = &setting.sides[unit.side];
                if side.senior_post == Some(node) {
                    format!("What {} believes ({})", side.id, unit.name)
                } else {
                    format!("What {} believes ({})", unit.name, side.id)
                }
            }
        }
    }
}

/// One thing that can be shown or hidden.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Layer {
    /// Shapes of units.
    Units,
    /// Tactical symbols.
    Symbols,
    /// Names beside symbols.
    Labels,
    /// Where units were.
    Trails,
    /// Uncertainty of tracks.
    Ellipses,
    /// What really is, as small marks under a belief.
    Truth,
    /// Radio links.
    Links,
    /// What sensors reach.
    Footprints,
    /// Planned routes.
    Routes,
    /// Ways from a sensor to a shooter.
    Chains,
    /// Forbidden areas.
    Areas,
    /// Title, time, legend, scale.
    Legend,
    /// Panels at the sides.
    Panels,
}

impl Layer {
    /// All layers in the order of their list.
    pub const ALL: [Self; 13] = [
        Self::Units,
        Self::Symbols,
        Self::Labels,
        Self::Trails,
        Self::Ellipses,
        Self::Truth,
        Self::Links,
        Self::Footprints,
        Self::Routes,
        Self::Chains,
        Self::Areas,
        Self::Legend,
        Self::Panels,
    ];

    /// Name on the command line and in the list.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Units => "units",
            Self::Symbols => "symbols",
            Self::Labels => "labels",
            Self::Trails => "trails",
            Self::Ellipses => "ellipses",
            Self::Truth => "truth",
            Self::Links => "links",
            Self::Footprints => "footprints",
            Self::Routes => "routes",
            Self::Chains => "chains",
            Self::Areas => "areas",
            Self::Legend => "legend",
            Self::Panels => "panels",
        }
    }

    /// What it shows, in words.
    #[must_use]
    pub const fn hint(self) -> &'static str {
        match self {
            Self::Units => "shapes of units",
            Self::Symbols => "tactical symbols",
            Self::Labels => "names and notes",
            Self::Trails => "the last five minutes",
            Self::Ellipses => "95 % ellipses of tracks",
            Self::Truth => "what really is, under a belief",
            Self::Links => "radio links by packet success",
            Self::Footprints => "ground that sensors see",
            Self::Routes => "planned routes",
            Self::Chains => "sensor-to-shooter chains",
            Self::Areas => "forbidden areas",
            Self::Legend => "title, time, legend, scale",
            Self::Panels => "panels at the sides",
        }
    }

    /// The layer of a name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|layer| layer.name() == name)
    }
}

/// A set of layers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Layers(u16);

impl Layers {
    /// Nothing but the ground.
    pub const NONE: Self = Self(0);

    /// What a window shows at first.
    #[must_use]
    pub fn usual() -> Self {
        let hidden = [Layer::Truth, Layer::Links, Layer::Footprints];
        let shown = Layer::ALL
            .into_iter()
            .filter(|layer| !hidden.contains(layer));
        shown.fold(Self::NONE, Self::with)
    }

    /// What a picture shows if nothing else is asked for: no panels.
    #[must_use]
    pub fn for_pictures() -> Self {
        Self::usual().without(Layer::Panels)
    }

    /// The names of all layers.
    #[must_use]
    pub fn names() -> String {
        Layer::ALL.map(Layer::name).join(", ")
    }

    /// With one layer more.
    #[must_use]
    pub fn with(self, layer: Layer) -> Self {
        Self(self.0 | 1 << (layer as u16))
    }

    /// With one layer less.
    #[must_use]
    pub fn without(self, layer: Layer) -> Self {
        Self(self.0 & !(1 << (layer as u16)))
    }

    /// Whether a layer is shown.
    #[must_use]
    pub fn has(self, layer: Layer) -> bool {
        self.0 >> (layer as u16) & 1 == 1
    }

    /// Shows what was hidden, and hides what was shown.
    pub fn toggle(&mut self, layer: Layer) {
        self.0 ^= 1 << (layer as u16);
    }

    /// The set that a list names. `all` is everything but panels, `none` nothing, `usual` what a
    /// window shows at first; `+name` and `-name` change what stands before them, or else `base`.
    ///
    /// # Errors
    /// The word that names no layer.
    pub fn parse(list: &str, base: Self) -> Result<Self, String> {
        let every = || Layer::ALL.into_iter().fold(Self::NONE, Self::with);
        let mut layers = Self::NONE;
        for (at, word) in list.split(',').map(str::trim).enumerate() {
            let (sign, name) = match word.as_bytes().first() {
                Some(b'+') => (1, &word[1..]),
                Some(b'-') => (-1, &word[1..]),
                _ => (0, word),
            };
            if at == 0 && sign != 0 {
                layers = base;
            }
            layers = match (name, Layer::named(name)) {
                ("all", _) => every().without(Layer::Panels),
                ("none", _) => Self::NONE,
                ("usual", _) => Self::usual(),
                (_, Some(layer)) if sign < 0 => layers.without(layer),
                (_, Some(layer)) => layers.with(layer),
                (_, None) => return Err(word.to_owned()),
            };
        }
        Ok(layers)
    }
}

/// Everything that a person chose.
#[derive(Debug, Clone, PartialEq)]
pub struct View {
    /// Whose picture.
    pub viewpoint: Viewpoint,
    /// Which layers.
    pub layers: Layers,
    /// Rank of the unit that is looked at closely.
    pub selected: Option<usize>,
    /// Whether the camera stays with it.
    pub follows: bool,
}

impl View {
    /// What frames must hold for this view.
    #[must_use]
    pub fn wanted(&self) -> Wanted {
        Wanted {
            node: match self.viewpoint {
                Viewpoint::Truth => None,
                Viewpoint::Node(node) => Some(node),
            },
            links: self.layers.has(Layer::Links),
            routes: self.layers.has(Layer::Routes),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_of_layers_are_read() {
        let of = |list: &str| Layers::parse(list, Layers::usual());
        assert_eq!(of("none"), Ok(Layers::NONE));
        assert_eq!(of("links"), Ok(Layers::NONE.with(Layer::Links)));
        assert_eq!(
            of("+links,-labels"),
            Ok(Layers::usual().with(Layer::Links).without(Layer::Labels))
        );
        assert_eq!(of("all,-legend").map(|it| it.has(Layer::Legend)), Ok(false));
        assert_eq!(of("trails,liks"), Err("liks".to_owned()));
    }

    #[test]
    fn every_layer_can_be_named_and_toggled() {
        for layer in Layer::ALL {
            assert_eq!(Layer::named(layer.name()), Some(layer));
            let mut layers = Layers::NONE;
            layers.toggle(layer);
            assert_eq!(layers, Layers::NONE.with(layer));
        }
    }
}
