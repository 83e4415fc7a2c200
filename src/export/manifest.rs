//! A set of exported files with its manifest, written into an empty folder.
//!
//! Every file is encoded and passes the independent checker before the first byte is written. Files
//! appear under a temporary name and are renamed when they are complete; the manifest comes last, so
//! a folder with a manifest is a whole set. This is the only file-system access of the room.

use std::collections::BTreeSet;
use std::fs;
use std::io::Write;
use std::path::Path;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::{ExportError, Exporter};
use crate::plan::{ExportableVehicle, LostLink, MissionPlan, Site, TimeWindow};

/// Version of the manifest's form.
pub const FORMAT_VERSION: u32 = 1;

/// Most vehicles of one set that get a system id: `MAVLink` keeps ids above 250 for ground
/// stations.
const SYSTEM_IDS: u8 = 250;

/// What a set was made from.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ManifestHeader {
    /// Name of the scenario.
    pub scenario: String,
    /// Side whose vehicles they are.
    pub side: String,
    /// Name of the planner.
    pub planner: String,
    /// Time zero of all times, as UTC text, where the scenario names it.
    pub start_utc: Option<String>,
}

/// The manifest of a set.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Manifest {
    /// Version of this form.
    pub format_version: u32,
    /// Version of the program.
    pub tercio: String,
    /// What the set was made from.
    pub source: ManifestHeader,
    /// Name of the format.
    pub format: String,
    /// Datum of every position.
    pub horizontal_frame: String,
    /// Reference of every height.
    pub vertical_frame: String,
    /// One entry per vehicle, by unit.
    pub vehicles: Vec<ManifestVehicle>,
}

/// One vehicle of a set.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ManifestVehicle {
    /// Id of the unit.
    pub unit: String,
    /// Catalogue class.
    pub class: String,
    /// `MAVLink` system id proposed for the vehicle, distinct in the set; none beyond 250 vehicles,
    /// which one network cannot address.
    pub system_id: Option<u8>,
    /// Autopilot and vehicle, as in the catalogue.
    pub profile: String,
    /// Name of the file in the folder.
    pub file: String,
    /// SHA-256 of the file's bytes, lower-case hexadecimal.
    pub sha256: String,
    /// Length of the file, bytes.
    pub size_bytes: u64,
    /// What heights are counted from.
    pub home: Site,
    /// Where it is at the end.
    pub recovery: Site,
    /// When it starts, seconds since time zero.
    pub launch_at_s: f64,
    /// Windows of its legs, seconds since time zero: formats without times leave them to the
    /// operator.
    pub windows: Vec<ManifestWindow>,
    /// What to set up as its lost-link behaviour: mission files do not carry it.
    pub lost_link: LostLink,
    /// Endurance at cruise speed, seconds.
    pub endurance_s: f64,
    /// Share of it that is left at the end.
    pub reserve_fraction: f64,
}

/// When a leg may be executed.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ManifestWindow {
    /// Number of the leg, from 1.
    pub leg: usize,
    /// When.
    pub window: TimeWindow,
}

/// Encodes and checks every vehicle, then writes the set. The folder is made if need be.
///
/// # Errors
///
/// [`ExportError`]; nothing is written unless every vehicle can be, and what was written is taken
/// away again when a later file fails.
pub fn write_set(
    folder: &Path,
    exporter: &impl Exporter,
    vehicles: &[ExportableVehicle],
    source: ManifestHeader,
) -> Result<Manifest, ExportError> {
    let (manifest, files) = encode_set(exporter, vehicles, source)?;
    let io = |path: &Path| {
        let path = path.to_path_buf();
        move |source| ExportError::Io { path, source }
    };
    fs::create_dir_all(folder).map_err(io(folder))?;
    if fs::read_dir(folder).map_err(io(folder))?.next().is_some() {
        return Err(ExportError::FolderNotEmpty {
            folder: folder.to_path_buf(),
        });
    }
    let mut written = Vec::new();
    for (name, bytes) in &files {
        let path = folder.join(name);
        if let Err(source) = write_whole(folder, name, bytes) {
            for done in &written {
                // The first error is the one to report; a leftover shows itself as a full folder.
                drop(fs::remove_file(done));
            }
            return Err(ExportError::Io { path, source });
        }
        written.push(path);
    }
    Ok(manifest)
}

/// The manifest and all files by name, the manifest's own last. Touches no file system.
///
/// # Errors
///
/// [`ExportError`] for the first vehicle that cannot be written or whose file the checker refuses.
pub fn encode_set(
    exporter: &impl Exporter,
    vehicles: &[ExportableVehicle],
    source: ManifestHeader,
) -> Result<(Manifest, Vec<(String, Vec<u8>)>), ExportError> {
    let mut plans: Vec<&ExportableVehicle> = vehicles.iter().collect();
    plans.sort_by(|a, b| a.plan().unit.cmp(&b.plan().unit));
    let mut names = BTreeSet::from(["manifest".to_owned()]);
    let mut files = Vec::with_capacity(plans.len() + 1);
    let mut entries = Vec::with_capacity(plans.len());
    for (index, vehicle) in plans.into_iter().enumerate() {
        let unit = &vehicle.plan().unit;
        if !is_file_name(unit) || !names.insert(unit.to_lowercase()) {
            return Err(ExportError::FileName { unit: unit.clone() });
        }
        let name = format!("{unit}.{}", exporter.extension());
        let bytes = exporter.encode(vehicle)?;
        let findings = exporter.check(&name, &bytes);
        if !findings.is_empty() {
            return Err(ExportError::Refused {
                unit: unit.clone(),
                findings,
            });
        }
        let system_id = u8::try_from(index + 1).ok().filter(|&id| id <= SYSTEM_IDS);
        entries.push(ManifestVehicle::of(
            vehicle.plan(),
            system_id,
            &name,
            &bytes,
        ));
        files.push((name, bytes));
    }
    let manifest = Manifest {
        format_version: FORMAT_VERSION,
        tercio: env!("CARGO_PKG_VERSION").to_owned(),
        source,
        format: exporter.name().to_owned(),
        horizontal_frame: "WGS-84".to_owned(),
        vertical_frame: "items above home; home and recovery above mean sea level".to_owned(),
        vehicles: entries,
    };
    let mut bytes = serde_json::to_vec_pretty(&manifest).map_err(|source| ExportError::Json {
        unit: "manifest".into(),
        source,
    })?;
    bytes.push(b'\n');
    files.push(("manifest.json".to_owned(), bytes));
    Ok((manifest, files))
}

impl ManifestVehicle {
    /// The entry of a plan and its file.
    fn of(plan: &MissionPlan, system_id: Option<u8>, name: &str, bytes: &[u8]) -> Self {
        let profile = super::Profile::of(plan.autopilot);
        let windows = (1..).zip(&plan.legs);
        Self {
            unit: plan.unit.clone(),
            class: plan.class.clone(),
            system_id,
            profile: profile.map_or("none", super::Profile::name).to_owned(),
            file: name.to_owned(),
            sha256: hex(&Sha256::digest(bytes)),
            size_bytes: bytes.len() as u64,
            home: plan.home,
            recovery: plan.recovery,
            launch_at_s: plan.launch.at_s,
            windows: windows
                .filter_map(|(leg, of)| of.window.map(|window| ManifestWindow { leg, window }))
                .collect(),
            lost_link: plan.lost_link,
            endurance_s: plan.endurance_s,
            reserve_fraction: plan.reserve_fraction,
        }
    }
}

/// Bytes as lower-case hexadecimal.
fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Whether a unit's id can be the name of a file on every system.
fn is_file_name(unit: &str) -> bool {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_');
    (1..=128).contains(&unit.len())
        && unit.chars().all(is_plain)
        && unit.starts_with(|c: char| c.is_ascii_alphanumeric())
}

/// Writes a new file under a temporary name, then gives it its own.
fn write_whole(folder: &Path, name: &str, bytes: &[u8]) -> std::io::Result<()> {
    let temporary = folder.join(format!(".{name}.part"));
    let write = || {
        let mut file = fs::File::create_new(&temporary)?;
        file.write_all(bytes)?;
        file.sync_all()?;
        fs::rename(&temporary, folder.join(name))
    };
    write().inspect_err(|_| drop(fs::remove_file(&temporary)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::export::QgcPlan;
    use crate::plan::Autopilot;
    use crate::plan::sample::{sample, sample_facts};

    fn header() -> ManifestHeader {
        ManifestHeader {
            scenario: "sample".into(),
            side: "blue".into(),
            planner: "hand".into(),
            start_utc: None,
        }
    }

    fn vehicle(unit: &str, autopilot: Autopilot) -> ExportableVehicle {
        let plan = MissionPlan {
            unit: unit.into(),
            ..sample(autopilot)
        };
        ExportableVehicle::new(plan, sample_facts(autopilot)).unwrap()
    }

    #[test]
    fn a_set_is_written_whole_and_its_hashes_hold() {
        let folder = tempfile::tempdir().unwrap();
        let set = [
            vehicle("b", Autopilot::Px4Mc),
            vehicle("a", Autopilot::ArdupilotBoat),
        ];
        let manifest = write_set(folder.path(), &QgcPlan::default(), &set, header()).unwrap();
        let ids: Vec<_> = manifest
            .vehicles
            .iter()
            .map(|v| (v.unit.as_str(), v.system_id))
            .collect();
        assert_eq!(ids, [("a", Some(1)), ("b", Some(2))]);
        for entry in &manifest.vehicles {
            let bytes = fs::read(folder.path().join(&entry.file)).unwrap();
            assert_eq!(hex(&Sha256::digest(&bytes)), entry.sha256);
        }
        let text = fs::read(folder.path().join("manifest.json")).unwrap();
        assert_eq!(serde_json::from_slice::<Manifest>(&text).unwrap(), manifest);
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 3);
    }

    #[test]
    fn a_folder_with_anything_in_it_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("x"), b"").unwrap();
        let set = [vehicle("a", Autopilot::Px4Mc)];
        let refused = write_set(folder.path(), &QgcPlan::default(), &set, header()).unwrap_err();
        assert_eq!(refused.code(), "X1114");
    }

    #[test]
    fn names_that_leave_the_folder_or_collide_are_refused() {
        for unit in ["../a", "a/b", "", ".a", "MANIFEST", "a b", "ä"] {
            let set = [vehicle(unit, Autopilot::Px4Mc)];
            let refused = encode_set(&QgcPlan::default(), &set, header()).unwrap_err();
            assert_eq!(refused.code(), "X1113", "{unit}");
        }
        let set = [
            vehicle("uav", Autopilot::Px4Mc),
            vehicle("UAV", Autopilot::Px4Mc),
        ];
        assert_eq!(
            encode_set(&QgcPlan::default(), &set, header())
                .unwrap_err()
                .code(),
            "X1113"
        );
    }
}
