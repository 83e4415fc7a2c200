//! Rules that sensors of a catalogue keep beyond their types. See [`check_sensor`].

use super::{
    catalogue_check::Report,
    class::{Catalogue, ClassSpec, SensorKind},
};

/// Rules of a sensor.
pub(super) fn check_sensor(catalogue: &Catalogue, kind: &SensorKind, report: &mut Report) {
    match kind {
        SensorKind::Radar {
            frequency_ghz,
            power_peak_w,
            duty_fraction,
            integration_time_s,
            false_alarm_probability,
            scan_period_s,
            range_max_m,
            field_of_regard_deg,
            targets,
            ..
        } => {
            report.positive("frequency_ghz", frequency_ghz);
            report.positive("power_peak_w", power_peak_w);
            report.within("duty_fraction", duty_fraction, 1e-9, 1.0);
            report.positive("integration_time_s", integration_time_s);
            report.positive("scan_period_s", scan_period_s);
            report.positive("range_max_m", range_max_m);
            report.within(
                "false_alarm_probability",
                false_alarm_probability,
                1e-12,
                0.1,
            );
            report.within("field_of_regard_deg", field_of_regard_deg, 1.0, 360.0);
            report.rule(!targets.is_empty(), "a radar needs targets");
        }
        SensorKind::ElectroOptical {
            hfov_deg,
            pixels,
            n50_detection,
            field_of_regard_deg,
            scan_period_s,
            ..
        } => {
            report.within("hfov_deg", hfov_deg, 0.01, 180.0);
            report.positive("pixels", pixels);
            report.positive("n50_detection", n50_detection);
            report.positive("scan_period_s", scan_period_s);
            report.within("field_of_regard_deg", field_of_regard_deg, 0.01, 360.0);
        }
        SensorKind::PassiveSonar {
            frequency_khz,
            bandwidth_hz,
            scan_period_s,
            ..
        }
        | SensorKind::ActiveSonar {
            frequency_khz,
            bandwidth_hz,
            scan_period_s,
            ..
        } => {
            report.positive("frequency_khz", frequency_khz);
            report.positive("bandwidth_hz", bandwidth_hz);
            report.positive("scan_period_s", scan_period_s);
        }
        SensorKind::DirectionFinder { .. } => check_finder(kind, report),
        SensorKind::WeaponLocating { .. } => check_locating(catalogue, kind, report),
        SensorKind::BlueForceReporter { .. }
        | SensorKind::Wearable { .. }
        | SensorKind::Ais { .. } => check_reporter(kind, report),
    }
}

/// Rules of a direction finder.
fn check_finder(kind: &SensorKind, report: &mut Report) {
    let SensorKind::DirectionFinder {
        frequency_low_mhz,
        frequency_high_mhz,
        channel_khz,
        sensitivity_dbm,
        bearing_sigma_deg,
        scan_period_s,
        dwell_s,
        antenna_height_m,
    } = kind
    else {
        return;
    };
    report.positive("frequency_low_mhz", frequency_low_mhz);
    let (low, high) = (frequency_low_mhz.value(), frequency_high_mhz.value());
    report.rule(low < high, "a direction finder hears a band");
    report.positive("channel_khz", channel_khz);
    report.within("sensitivity_dbm", sensitivity_dbm, -150.0, 0.0);
    report.within("bearing_sigma_deg", bearing_sigma_deg, 0.01, 45.0);
    report.positive("scan_period_s", scan_period_s);
    report.within("dwell_s", dwell_s, 1e-6, scan_period_s.value());
    report.within("antenna_height_m", antenna_height_m, 0.0, 100.0);
}

/// Rules of a weapon-locating radar.
fn check_locating(catalogue: &Catalogue, kind: &SensorKind, report: &mut Report) {
    let SensorKind::WeaponLocating {
        frequency_ghz,
        power_peak_w,
        gain_db,
        bandwidth_mhz,
        scan_period_s,
        field_of_regard_deg,
        range_min_m,
        bands,
        cep_fraction,
        round_probability,
        antenna_height_m,
    } = kind
    else {
        return;
    };
    report.positive("frequency_ghz", frequency_ghz);
    report.positive("power_peak_w", power_peak_w);
    report.within("gain_db", gain_db, 0.0, 60.0);
    report.positive("bandwidth_mhz", bandwidth_mhz);
    report.positive("scan_period_s", scan_period_s);
    report.within("field_of_regard_deg", field_of_regard_deg, 1.0, 360.0);
    report.positive("range_min_m", range_min_m);
    report.within("cep_fraction", cep_fraction, 1e-6, 0.2);
    report.within("round_probability", round_probability, 0.0, 1.0);
    report.within("antenna_height_m", antenna_height_m, 0.0, 100.0);
    report.rule(!bands.is_empty(), "a weapon-locating radar needs bands");
    for (at, band) in bands.iter().enumerate() {
        let munition = catalogue.class(&band.munition);
        report.rule(
            munition.is_some_and(ClassSpec::is_munition),
            &format!("`{}` is no class of munition", band.munition),
        );
        let is_new = bands[..at].iter().all(|it| it.munition != band.munition);
        report.rule(
            is_new,
            &format!("munition `{}` stands twice", band.munition),
        );
        report.within("range_max_m", &band.range_max_m, range_min_m.value(), 1e6);
    }
}

/// Rules of a sensor that tells its bearer's own state.
fn check_reporter(kind: &SensorKind, report: &mut Report) {
    match kind {
        SensorKind::BlueForceReporter {
            interval_s,
            distance_m,
            interval_least_s,
            position_sigma_m,
        } => {
            report.positive("interval_s", interval_s);
            report.positive("distance_m", distance_m);
            report.positive("interval_least_s", interval_least_s);
            report.positive("position_sigma_m", position_sigma_m);
        }
        SensorKind::Wearable { interval_s } => report.positive("interval_s", interval_s),
        SensorKind::Ais {
            position_sigma_m, ..
        } => report.positive("position_sigma_m", position_sigma_m),
        _ => {}
    }
}
