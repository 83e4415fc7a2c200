//! Tests of the reader of EMANE's curves.

use super::*;

/// A curve in the format of the RF pipe, with all that XML allows around it.
const RF_PIPE: &str = "\u{feff}<?xml version=\"1.0\" encoding=\"UTF-8\"?>
<!DOCTYPE pcr SYSTEM \"file:///usr/share/emane/dtd/rfpipepcr.dtd\">
<!-- a radio -->
<pcr>
  <table pktsize='0'>
    <row sinr=\"0.0\" \tpor=\"0\"/>
    <row sinr=\" 10 \" por=\"50\"></row>
    <row por=\"100\" sinr=\"20.0\"/>
  </table>
</pcr>
";

/// Two curves in the format of IEEE 802.11.
const WIFI: &str = r#"<pcr><table pktsize="128">
  <datarate index="5"><row sinr="-1" por="5.5"/><row sinr="0" por="39.8"/></datarate>
  <datarate index="12"><row sinr="20" por="32.4"/></datarate>
</table></pcr>"#;

/// Three curves in the format of TDMA.
const TDMA: &str = r#"<tdmabasemodel-pcr packetsize="128">
  <datarate bps="5.5M"><entry sinr="0.0" por="9.1"/><entry sinr="1.0" por="46.2"/></datarate>
  <datarate bps="250K"><entry sinr="-3" por="50"/></datarate>
  <datarate bps="9600"><entry sinr="-6" por="50"/></datarate>
</tdmabasemodel-pcr>"#;

/// Probability on the first curve of a file.
fn first(text: &str, sinr_db: f64, bytes: f64) -> f64 {
    read(text).unwrap()[0].reception.probability(sinr_db, bytes)
}

#[test]
fn the_format_of_the_rf_pipe_is_read() {
    let curves = read(RF_PIPE).unwrap();
    assert_eq!((curves.len(), curves[0].rate), (1, DataRate::Any));
    assert_eq!(curves[0].rate.bit_s(), None);
    // Size 0: the same for every size.
    for bytes in [1.0, 128.0, 1e5] {
        assert!((first(RF_PIPE, 5.0, bytes) - 0.25).abs() < 1e-12);
        assert!(first(RF_PIPE, -0.1, bytes).abs() < 1e-12);
        assert!((first(RF_PIPE, 20.1, bytes) - 1.0).abs() < 1e-12);
    }
}

#[test]
fn the_format_of_ieee_80211_is_read() {
    let curves = read(WIFI).unwrap();
    let rates: Vec<_> = curves
        .iter()
        .filter_map(|curve| curve.rate.bit_s())
        .collect();
    assert_eq!(rates, [6e6, 54e6]);
    assert_eq!(curves[1].rate, DataRate::Index(12));
    assert!((first(WIFI, -0.5, 128.0) - 0.2265).abs() < 1e-12);
    assert!((first(WIFI, 0.0, 256.0) - 0.398 * 0.398).abs() < 1e-12);
    // Nothing below the first point, all above the last.
    assert!(first(WIFI, -1.02, 1.0).abs() < 1e-12);
    assert!((first(WIFI, 0.02, 1e4) - 1.0).abs() < 1e-12);
}

#[test]
fn the_format_of_tdma_is_read() {
    let curves = read(TDMA).unwrap();
    let rates: Vec<_> = curves
        .iter()
        .filter_map(|curve| curve.rate.bit_s())
        .collect();
    assert_eq!(rates, [5.5e6, 250e3, 9600.0]);
    assert!((first(TDMA, 0.5, 128.0) - 0.2765).abs() < 1e-12);
}

#[test]
fn the_published_curve_crosses_one_half_where_published() {
    let text = include_str!("../../../../../assets/radios/ofdm-6m-pcr.xml");
    let curves = read(text).unwrap();
    assert_eq!(curves[0].rate, DataRate::BitS(6e6));
    for (sinr_db, want) in [
        (-2.0, 0.0),
        (-1.0, 0.055),
        (0.0, 0.398),
        (1.0, 0.79),
        (3.0, 0.995),
        (4.0, 1.0),
    ] {
        assert!(
            (first(text, sinr_db, 128.0) - want).abs() < 1e-12,
            "{sinr_db}"
        );
    }
    assert!(first(text, 0.25, 128.0) < 0.5 && first(text, 0.35, 128.0) > 0.5);
}

#[test]
fn an_error_tells_line_column_cause_and_cure() {
    let text =
        "<pcr>\n <table pktsize=\"128\">\n  <row sinr=\"1\" por=\"101\"/>\n </table>\n</pcr>";
    let error = read(text).unwrap_err();
    assert_eq!((error.line, error.column), (3, 3));
    assert_eq!(error.cause, "por is \"101\", no number from 0 to 100");
    assert_eq!(
        error.to_string(),
        "line 3, column 3: por is \"101\", no number from 0 to 100: give sinr in dB, por in percent, \
         sizes in bytes"
    );
}

/// Fails unless each text is refused for its cause.
fn refused(faults: impl IntoIterator<Item = (String, &'static str)>) {
    for (text, cause) in faults {
        let error = read(&text).unwrap_err();
        assert!(error.cause.contains(cause), "{}: {error}", quoted(&text));
        assert!(error.line >= 1 && error.column >= 1 && !error.cure.is_empty());
    }
}

/// A file of the RF pipe or of IEEE 802.11 with this inside its table.
fn table(inner: &str) -> String {
    format!("<pcr><table pktsize='128'>{inner}</table></pcr>")
}

/// A point of a curve.
const ROW: &str = "<row sinr='1' por='2'/>";

#[test]
fn faults_of_shape_have_their_causes() {
    let deep = "<a>".repeat(9);
    let many = table(&ROW.repeat(20_001));
    refused([
        (String::new(), "no element"),
        (" \n".into(), "no element"),
        ("not XML".into(), "text between"),
        ("<pcr>".into(), "never closed"),
        ("<pcr></pcrx>".into(), "pcrx"),
        ("<pcr".into(), "not found"),
        ("<rfpipe/>".into(), "the root is <rfpipe>"),
        ("<pcr/>".into(), "holds 0 elements"),
        ("<pcr a='1'/>".into(), "has an attribute"),
        ("<pcr/><pcr/>".into(), "second root"),
        ("<pcr><rows/></pcr>".into(), "where <table> belongs"),
        ("<pcr><table/></pcr>".into(), "no attribute pktsize"),
        (
            "<pcr><table pktsize='-1'/></pcr>".into(),
            "the packet size is",
        ),
        (
            "<pcr><table pktsize='1.5'/></pcr>".into(),
            "the packet size is",
        ),
        (deep, "levels"),
        (many, "elements"),
        (" ".repeat((1 << 20) + 1), "bytes"),
    ]);
}

#[test]
fn faults_of_curves_have_their_causes() {
    let row = ROW;
    let rate =
        |inner: &str| format!("<tdmabasemodel-pcr packetsize='9'>{inner}</tdmabasemodel-pcr>");
    refused([
        (table(""), "holds no point"),
        (table("<row sinr='1'/>"), "no attribute por"),
        (
            table("<row sinr='1' sinr='1' por='1'/>"),
            "an attribute of <row>",
        ),
        (table("<row sinr='1' por='&x;'/>"), "an attribute of <row>"),
        (table("<row sinr='nan' por='1'/>"), "sinr is"),
        (table("<row sinr='inf' por='1'/>"), "sinr is"),
        (table("<row sinr='256' por='1'/>"), "sinr is"),
        (table("<row sinr='1' por='-1'/>"), "por is"),
        (table(&row.repeat(2)), "not above"),
        (table("<row sinr='1' por='2'>3</row>"), "text between"),
        (
            table("<row sinr='1' por='2'><row/></row>"),
            "holds elements",
        ),
        (
            table(&format!("{row}<entry sinr='1' por='2'/>")),
            "where <row> belongs",
        ),
        (
            table(&format!("<datarate index='0'>{row}</datarate>")),
            "index is",
        ),
        (
            table(&format!("<datarate index='13'>{row}</datarate>")),
            "index is",
        ),
        (
            table(&format!("<datarate index='1'>{row}</datarate>").repeat(2)),
            "a second curve",
        ),
        (
            table(&format!("<datarate index='1'>{row}</datarate>{row}")),
            "where <datarate> belongs",
        ),
        (table("<datarate index='1'/>"), "holds no point"),
        (rate(""), "holds no curve"),
        (rate("<datarate bps='1m'/>"), "bps is"),
        (rate("<datarate bps='1MM'/>"), "bps is"),
        (rate("<datarate bps='0'/>"), "bps is"),
        (rate("<datarate bps='-1M'/>"), "bps is"),
        (rate("<datarate bps='1e3'/>"), "bps is"),
        (rate("<datarate bps=''/>"), "bps is"),
        (rate("<datarate bps='9999G'/>"), "bps is"),
    ]);
}

#[test]
fn damaged_files_are_refused_or_read_but_never_panic() {
    let mut refused = 0;
    for whole in [RF_PIPE, WIFI, TDMA] {
        for at in 0..whole.len() {
            let mut variants = vec![
                whole.as_bytes()[..at].to_vec(),
                whole.as_bytes()[at..].to_vec(),
                [&whole.as_bytes()[..at], &whole.as_bytes()[at + 1..]].concat(),
                [&whole.as_bytes()[..at], &whole.as_bytes()[at / 2..]].concat(),
            ];
            for byte in b"<>/\"'&=!?-. \n\0 09eM[]"
                .iter()
                .copied()
                .chain([0xFF, 0xC3])
            {
                let mut bytes = whole.as_bytes().to_vec();
                bytes[at] = byte;
                variants.push(bytes.clone());
                bytes.insert(at, byte);
                variants.push(bytes);
            }
            for bytes in variants {
                match read(&String::from_utf8_lossy(&bytes)) {
                    Ok(curves) => assert!(!curves.is_empty()),
                    Err(error) => {
                        assert!(error.line >= 1 && error.column >= 1 && !error.cause.is_empty());
                        refused += 1;
                    }
                }
            }
        }
    }
    assert!(refused > 10_000, "{refused}");
}
