//! Rules that a catalogue keeps beyond its types. See [`broken_rules`].

use super::catalogue::Catalogue;
use super::catalogue_check_effector::{check_effector, check_vulnerability};
use super::catalogue_check_sensor::check_sensor;
use super::class::{
    Autopilot, Bearer, ClassSpec, Domain, Emission, Energy, Figure, JammerSpec, Motion, RadioSpec,
};

/// Every broken rule as (name of the item, cause).
pub(super) fn broken_rules(catalogue: &Catalogue) -> Vec<(String, String)> {
    let mut report = Report::default();
    for class in catalogue.classes.values() {
        report.item.clone_from(&class.name);
        report.name();
        check_class(class, &mut report);
        check_references(catalogue, class, &mut report);
    }
    for sensor in catalogue.sensors.values() {
        report.item.clone_from(&sensor.name);
        report.name();
        check_sensor(catalogue, &sensor.kind, &mut report);
    }
    for radio in catalogue.radios.values() {
        report.item.clone_from(&radio.name);
        report.name();
        check_radio(radio, &mut report);
    }
    for effector in catalogue.effectors.values() {
        report.item.clone_from(&effector.name);
        report.name();
        check_effector(catalogue, effector, &mut report);
    }
    for jammer in catalogue.jammers.values() {
        report.item.clone_from(&jammer.name);
        report.name();
        check_jammer(jammer, &mut report);
    }
    if let Some(vulnerability) = &catalogue.vulnerability {
        "vulnerability".clone_into(&mut report.item);
        check_vulnerability(vulnerability, &mut report);
    }
    let covers = catalogue.covers.values().map(|it| (&it.name, it.ranges()));
    let roads = catalogue.roads.values().map(|it| (&it.name, it.ranges()));
    for (name, ranges) in covers.chain(roads) {
        report.item.clone_from(name);
        report.name();
        for (what, figure, (low, high)) in ranges {
            report.within(what, figure, low, high);
        }
    }
    report.broken
}

/// Collects causes under the name of the item at hand.
#[derive(Default)]
pub(super) struct Report {
    /// Name of the item at hand.
    item: String,
    /// Found so far.
    broken: Vec<(String, String)>,
}

impl Report {
    /// Notes a cause unless the rule holds.
    pub(super) fn rule(&mut self, holds: bool, cause: &str) {
        if !holds {
            self.broken.push((self.item.clone(), cause.to_owned()));
        }
    }

    /// The whole interval of a figure lies in `[low, high]`.
    pub(super) fn within(&mut self, what: &str, figure: &Figure, low: f64, high: f64) {
        let (least, most) = figure.interval();
        self.rule(
            least >= low && most <= high,
            &format!("{what} must lie in [{low}, {high}], found [{least}, {most}]"),
        );
    }

    /// The figure is greater than zero over its whole interval.
    pub(super) fn positive(&mut self, what: &str, figure: &Figure) {
        let least = figure.interval().0;
        self.rule(
            least > 0.0,
            &format!("{what} must be positive, found {least}"),
        );
    }

    /// The name at hand is kebab case.
    fn name(&mut self) {
        let kebab = !self.item.is_empty()
            && self.item.len() <= 64
            && self.item.split('-').all(|part| {
                !part.is_empty()
                    && part
                        .chars()
                        .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit())
            });
        self.rule(kebab, "a name is kebab case: a-z, 0-9 and single hyphens");
    }
}

/// Rules of one class alone.
fn check_class(class: &ClassSpec, report: &mut Report) {
    for (what, figure) in [
        ("mass_kg", &class.mass_kg),
        ("length_m", &class.length_m),
        ("width_m", &class.width_m),
        ("height_m", &class.height_m),
        ("radar_m2", &class.signature.radar_m2),
    ] {
        report.positive(what, figure);
    }
    report.within(
        "visible_contrast",
        &class.signature.visible_contrast,
        0.0,
        1.0,
    );
    if let Some(speed) = class.motion.speed_max() {
        report.positive("greatest speed", speed);
        if let Some(cruise) = class.motion.cruise() {
            report.rule(
                cruise.value() <= speed.value(),
                "cruise speed exceeds greatest speed",
            );
        }
    }
    if let Motion::FixedWing {
        speed_min_m_s,
        speed_cruise_m_s,
        bank_max_deg,
        ..
    } = &class.motion
    {
        let (least, cruise) = (speed_min_m_s.value(), speed_cruise_m_s.value());
        report.rule(
            0.0 < least && least <= cruise,
            "least speed exceeds cruise speed",
        );
        report.within("bank_max_deg", bank_max_deg, 1.0, 80.0);
    }
    if let Motion::Rotorcraft {
        figure_of_merit, ..
    } = &class.motion
    {
        report.within("figure_of_merit", figure_of_merit, 0.1, 1.0);
    }
    report.within("reserve_fraction", &reserve_of(&class.energy), 0.0, 0.9);
    if let Some(endurance) = class.energy.endurance() {
        report.positive("endurance", endurance);
    }
    let munition = class.is_munition();
    report.rule(
        munition == matches!(class.motion, Motion::Munition { .. }),
        "family munition and motion Munition go together",
    );
    report.rule(
        class.autopilot == Autopilot::None
            || !(class.crewed || munition || class.carries_effector()),
        "what is crewed, armed or a munition has no autopilot that takes plans",
    );
    report.rule(
        class.domain != Domain::Subsurface || class.signature.underwater_noise_db.is_some(),
        "a submerged class needs underwater_noise_db",
    );
}

/// The reserve as a figure, zero where there is none.
fn reserve_of(energy: &Energy) -> Figure {
    match energy {
        Energy::Battery {
            reserve_fraction, ..
        }
        | Energy::Fuel {
            reserve_fraction, ..
        } => reserve_fraction.clone(),
        Energy::Human { .. } | Energy::Unlimited | Energy::Expendable => {
            Figure::Notional(0.0, 0.0, 0.0)
        }
    }
}

/// Names that a class uses exist.
fn check_references(catalogue: &Catalogue, class: &ClassSpec, report: &mut Report) {
    for mount in &class.sensors {
        let known = catalogue.sensor(&mount.sensor).is_some();
        report.rule(known, &format!("unknown sensor `{}`", mount.sensor));
    }
    for mount in &class.radios {
        let known = catalogue.radio(&mount.radio).is_some();
        report.rule(known, &format!("unknown radio `{}`", mount.radio));
    }
    for mount in &class.effectors {
        let known = catalogue.effector(&mount.effector).is_some();
        report.rule(known, &format!("unknown effector `{}`", mount.effector));
    }
    let stocked = class.stores.iter().flat_map(|stores| stores.rounds.keys());
    for effector in stocked {
        let known = catalogue.effector(effector).is_some();
        report.rule(known, &format!("unknown effector `{effector}` in stores"));
    }
}

/// Rules of a radio.
fn check_radio(radio: &RadioSpec, report: &mut Report) {
    report.positive("rate_bit_s", &radio.rate_bit_s);
    report.positive("snr_slope_db", &radio.snr_slope_db);
    let mut below = radio.rate_bit_s.value();
    for mode in &radio.modes {
        let rate_bit_s = mode.rate_bit_s.value();
        report.positive("rate_bit_s", &mode.rate_bit_s);
        report.rule(
            rate_bit_s > below,
            "modes must be in the order of rising rates",
        );
        below = rate_bit_s;
    }
    if let Bearer::Satellite {
        orbit_km,
        elevation_min_deg,
        ..
    } = &radio.bearer
    {
        report.within("orbit_km", orbit_km, 100.0, 100_000.0);
        report.within("elevation_min_deg", elevation_min_deg, 0.0, 90.0);
    }
    if let Some(power) = radio.bearer.power() {
        report.positive("power_w", power);
    }
}

/// Rules of a jammer.
fn check_jammer(jammer: &JammerSpec, report: &mut Report) {
    report.positive("power_w", &jammer.power_w);
    report.within("antenna_gain_dbi", &jammer.antenna_gain_dbi, -20.0, 60.0);
    report.within("antenna_height_m", &jammer.antenna_height_m, 0.0, 100.0);
    report.within("draw_w", &jammer.draw_w, 0.0, 1e6);
    match &jammer.emission {
        Emission::Barrage {
            frequency_mhz,
            span_hz,
        } => {
            report.positive("frequency_mhz", frequency_mhz);
            report.positive("span_hz", span_hz);
        }
        Emission::Spot {
            frequency_mhz,
            bandwidth_hz,
        } => {
            report.positive("frequency_mhz", frequency_mhz);
            report.positive("bandwidth_hz", bandwidth_hz);
        }
        Emission::Sweep {
            frequency_mhz,
            span_hz,
            window_hz,
        } => {
            report.positive("frequency_mhz", frequency_mhz);
            report.positive("window_hz", window_hz);
            report.rule(
                window_hz.interval().1 <= span_hz.interval().0,
                "window_hz must be within span_hz",
            );
        }
        Emission::Follower {
            frequency_mhz,
            span_hz,
            bandwidth_hz,
            reaction_s,
        } => {
            report.positive("frequency_mhz", frequency_mhz);
            report.positive("span_hz", span_hz);
            report.positive("bandwidth_hz", bandwidth_hz);
            report.within("reaction_s", reaction_s, 0.0, 10.0);
        }
        Emission::Counterfeit => {}
    }
}

#[cfg(test)]
mod tests {
    use core::f64::consts::PI;

    use super::*;

    /// Electric power to hover, W: actuator disc over figure of merit (Leishman 2006, §2.2) at the
    /// standard air density of 1.225 kg/m³.
    fn hover_w(mass_kg: f64, rotors: u32, diameter_m: f64, figure_of_merit: f64) -> f64 {
        let weight_n = mass_kg * 9.806_65;
        let area_m2 = f64::from(rotors) * PI * diameter_m * diameter_m / 4.0;
        (weight_n * weight_n * weight_n / (2.0 * 1.225 * area_m2)).sqrt() / figure_of_merit
    }

    #[test]
    fn hover_formula_gives_the_known_power() {
        // MODELS §4.1: 1.4 kg on four propellers of 0.24 m takes 127 W at a figure of merit of 0.6.
        assert!((hover_w(1.4, 4, 0.24, 0.6) - 127.0).abs() < 1.0);
    }

    #[test]
    fn power_models_agree_with_published_endurance() {
        let mut checked = 0;
        for class in Catalogue::shipped().classes.values() {
            let Energy::Battery {
                capacity_wh,
                hotel_w,
                endurance,
                ..
            } = &class.energy
            else {
                continue;
            };
            let power_w = match &class.motion {
                Motion::Rotorcraft {
                    rotor_count,
                    rotor_diameter_m,
                    figure_of_merit,
                    ..
                } => hover_w(
                    class.mass_kg.value(),
                    *rotor_count,
                    rotor_diameter_m.value(),
                    figure_of_merit.value(),
                ),
                Motion::Underwater {
                    speed_cruise_m_s,
                    drag_w_s3_m3,
                    ..
                } => {
                    let v = speed_cruise_m_s.value();
                    drag_w_s3_m3.value() * v * v * v
                }
                _ => continue,
            };
            let modelled_s = 3600.0 * capacity_wh.value() / (power_w + hotel_w.value());
            let cruise = class.motion.cruise().map(Figure::value);
            let published_s = endurance.seconds(cruise).unwrap();
            let ratio = modelled_s / published_s;
            assert!((0.85..1.15).contains(&ratio), "{}: {ratio}", class.name);
            checked += 1;
        }
        assert!(checked >= 5, "{checked}");
    }

    #[test]
    fn broken_rules_are_found() {
        let mut catalogue = Catalogue::shipped();
        let scout = catalogue.classes.get_mut("ugv-scout").unwrap();
        scout.mass_kg = Figure::Notional(0.0, 0.0, 1.0);
        scout.crewed = true;
        let rifle = catalogue.effectors.get_mut("rifle").unwrap();
        rifle.munition = "ugv-scout".to_owned();
        rifle.damage.mobility = Figure::Notional(0.9, 0.9, 0.9);
        let causes: Vec<String> = broken_rules(&catalogue)
            .into_iter()
            .map(|(_, c)| c)
            .collect();
        for part in [
            "mass_kg must be positive",
            "no autopilot",
            "no class of family",
            "add up",
        ] {
            assert!(
                causes.iter().any(|cause| cause.contains(part)),
                "{part}: {causes:?}"
            );
        }
        assert_eq!(causes.len(), 4, "{causes:?}");
    }
}
