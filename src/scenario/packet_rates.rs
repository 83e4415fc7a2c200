//! Packet completion rates of the networks that name a file with them. See [`packet_rates`].

use super::assets::AssetRoots;
use super::read::ReadScenario;
use crate::comms::model::emane::pcr;
use crate::comms::model::rates::Rates;
use crate::kernel::finding::Finding;
use crate::platform::class::Catalogue;

/// What to do about a file that holds no rates.
const CURE: &str = "give a file in a PCR format of EMANE, see docs/mesh.md";

/// Rates of each network that names a file; what is wrong with the files goes to `findings`.
pub(super) fn packet_rates(
    read: &ReadScenario,
    roots: &AssetRoots,
    catalogue: &Catalogue,
    findings: &mut Vec<Finding>,
) -> Vec<Option<Rates>> {
    let networks = read.scenario.networks.iter().enumerate();
    let rates = networks.map(|(at, network)| {
        let path = network.pcr_file.as_ref()?;
        let place = || {
            let steps = ["networks".into(), at.into(), "pcr_file".into()];
            read.document.place(&steps)
        };
        let bytes = roots.read(path).map_err(|error| {
            let (code, cure) = (error.code(), error.cure());
            read.document.error(code, place(), error.to_string(), cure)
        });
        let rates = bytes.and_then(|bytes| {
            // The radio's own rate is that of a file which tells none.
            let radio = catalogue.radio(&network.radio);
            let usual_bit_s = radio.map_or(1.0, |radio| radio.rate_bit_s.value());
            let refuse = |cause: String| read.document.error("S1206", place(), cause, CURE);
            read_rates(&bytes, usual_bit_s).map_err(|cause| refuse(format!("`{path}`: {cause}")))
        });
        rates.map_err(|finding| findings.push(finding)).ok()
    });
    let rates = rates.collect();
    findings.sort();
    rates
}

/// The rates of a file; one that says nothing of rates holds for the usual one, bit/s.
fn read_rates(bytes: &[u8], usual_bit_s: f64) -> Result<Rates, String> {
    let text = core::str::from_utf8(bytes).map_err(|_| "the file is no UTF-8 text".to_owned())?;
    let curves = pcr::read(text).map_err(|error| error.to_string())?;
    let curves = curves
        .into_iter()
        .map(|curve| (curve.rate.bit_s().unwrap_or(usual_bit_s), curve.reception));
    Rates::new(curves.collect()).map_err(|error| error.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_give_rates_or_say_why_not() {
        let shipped = include_bytes!("../../assets/radios/ofdm-6m-pcr.xml");
        let rates = read_rates(shipped, 1e6).unwrap();
        assert!(rates.count() == 1 && (rates.basic_bit_s() - 6e6).abs() < 1e-6);
        assert!((rates.probability(0, 1.0, 128.0) - 0.79).abs() < 1e-9);
        // A table for any rate takes that of the radio.
        let any = br#"<pcr><table pktsize="0"><row sinr="0" por="0"/><row sinr="9" por="100"/></table></pcr>"#;
        let rates = read_rates(any, 16_000.0).unwrap();
        assert!((rates.basic_bit_s() - 16_000.0).abs() < 1e-9);
        assert!(read_rates(b"\xff", 1.0).unwrap_err().contains("UTF-8"));
        assert!(
            read_rates(b"<pcr/>", 1.0)
                .unwrap_err()
                .starts_with("line 1")
        );
    }
}
