//! Hand-made files: each rule refuses what it is there for, by its own code.

use serde_json::{Value, json};

use super::check_qgc_plan;

/// An item with a position.
fn at(number: u64, command: u64, north_deg: f64, height_m: f64) -> Value {
    json!({
        "type": "SimpleItem", "autoContinue": true, "doJumpId": number,
        "command": command, "frame": 3,
        "params": [0, 0, 0, null, 36.6 + north_deg, -84.2, height_m],
        "AMSLAltAboveTerrain": null, "Altitude": height_m, "AltitudeMode": 1
    })
}

/// A file written by hand for a PX4 multirotor, not by the exporter.
fn file() -> Value {
    json!({
        "fileType": "Plan", "version": 1, "groundStation": "hand",
        "mission": {
            "version": 2, "firmwareType": 12, "vehicleType": 2, "cruiseSpeed": 5, "hoverSpeed": 5,
            "plannedHomePosition": [36.6, -84.2, 400],
            "items": [at(1, 22, 0.0, 30.0), at(2, 16, 0.005, 40.0), at(3, 21, 0.0, 0.0)]
        },
        "geoFence": {
            "version": 2, "circles": [],
            "polygons": [{
                "version": 1, "inclusion": true,
                "polygon": [[36.59, -84.21], [36.59, -84.19], [36.61, -84.19], [36.61, -84.21]]
            }]
        },
        "rallyPoints": { "version": 2, "points": [[36.601, -84.2, 20]] }
    })
}

/// The codes of the findings for a changed file, without repeats.
fn codes(change: impl FnOnce(&mut Value)) -> Vec<String> {
    let mut file = file();
    change(&mut file);
    let findings = check_qgc_plan("hand.plan", &serde_json::to_vec(&file).unwrap());
    let mut codes: Vec<String> = findings.into_iter().map(|finding| finding.code).collect();
    codes.sort();
    codes.dedup();
    codes
}

#[test]
fn a_correct_file_passes() {
    assert_eq!(codes(|_| ()), Vec::<String>::new());
}

#[test]
fn weapon_like_commands_are_refused_by_name() {
    for command in [183, 181, 211, 208, 187, 94, 42_600, 218] {
        let changed = |file: &mut Value| file["mission"]["items"][1]["command"] = json!(command);
        assert!(codes(changed).contains(&"X2006".to_owned()), "{command}");
    }
}

#[test]
fn versions_have_to_be_integers() {
    assert_eq!(codes(|file| file["version"] = json!(1.0)), ["X2003"]);
    assert_eq!(
        codes(|file| file["mission"]["cruiseSpeed"] = json!(5.5)),
        ["X2003"]
    );
}

#[test]
fn unknown_keys_are_refused_wherever_they_stand() {
    assert_eq!(codes(|file| file["target"] = json!([1, 2])), ["X2002"]);
    assert_eq!(
        codes(|file| file["mission"]["items"][1]["fire"] = json!(true)),
        ["X2002"]
    );
    assert_eq!(
        codes(|file| file["rallyPoints"]["track"] = json!(0)),
        ["X2002"]
    );
}

#[test]
fn repeated_keys_are_refused() {
    let text = serde_json::to_string(&file()).unwrap();
    let text = text.replacen("\"command\":16", "\"command\":183,\"command\":16", 1);
    let findings = check_qgc_plan("hand.plan", text.as_bytes());
    assert_eq!(findings[0].code, "X2001");
}

#[test]
fn headings_and_unused_parameters_follow_the_firmware() {
    assert_eq!(
        codes(|file| file["mission"]["items"][1]["params"][3] = json!(0)),
        ["X2008"]
    );
    assert_eq!(
        codes(|file| file["mission"]["items"][1]["params"][2] = json!(5)),
        ["X2008"]
    );
    assert_eq!(
        codes(|file| file["mission"]["items"][1]["params"][0] = json!(1.5)),
        ["X2008"]
    );
}

#[test]
fn a_mission_begins_with_its_take_off_and_ends_with_its_landing() {
    let drop_first = |file: &mut Value| drop(items(file).remove(0));
    assert!(codes(drop_first).contains(&"X2010".to_owned()));
    assert_eq!(codes(|file| drop(items(file).pop())), ["X2010"]);
    let land_early = |file: &mut Value| items(file)[1]["command"] = json!(21);
    assert_eq!(codes(land_early), ["X2010"]);
}

/// The items of a file.
fn items(file: &mut Value) -> &mut Vec<Value> {
    file["mission"]["items"].as_array_mut().unwrap()
}

#[test]
fn the_fence_holds_home_and_every_point() {
    let away = |file: &mut Value| items(file)[1]["params"][4] = json!(36.62);
    assert_eq!(codes(away), ["X2014"]);
    let on_edge = |file: &mut Value| file["rallyPoints"]["points"][0][0] = json!(36.60999);
    assert_eq!(codes(on_edge), ["X2014"]);
    let shape = |file: &mut Value| {
        let corner = file["geoFence"]["polygons"][0]["polygon"][0].clone();
        file["geoFence"]["polygons"][0]["polygon"]
            .as_array_mut()
            .unwrap()
            .push(corner);
    };
    assert!(codes(shape).contains(&"X2012".to_owned()));
    let none = |file: &mut Value| file["geoFence"]["polygons"] = json!([]);
    assert_eq!(codes(none), ["X2012"]);
}

#[test]
fn a_way_through_a_keep_out_area_is_refused() {
    let wall = json!({
        "version": 1, "inclusion": false,
        "polygon": [[36.602, -84.205], [36.602, -84.195], [36.603, -84.195], [36.603, -84.205]]
    });
    let built = |file: &mut Value| {
        file["geoFence"]["polygons"]
            .as_array_mut()
            .unwrap()
            .push(wall);
    };
    assert_eq!(codes(built), ["X2014"]);
}

#[test]
fn heights_fit_the_vehicle() {
    let as_sub = |file: &mut Value| {
        file["mission"]["firmwareType"] = json!(3);
        file["mission"]["vehicleType"] = json!(12);
        items(file).remove(0);
        for (number, item) in (1..).zip(items(file)) {
            item["doJumpId"] = json!(number);
        }
    };
    let found = codes(as_sub);
    assert_eq!(found, ["X2009"], "positive heights of a diver");
    let disagrees = |file: &mut Value| items(file)[1]["Altitude"] = json!(41);
    assert_eq!(codes(disagrees), ["X2009"]);
}

#[test]
fn a_far_first_waypoint_is_refused() {
    let far = |file: &mut Value| {
        file["geoFence"]["polygons"][0]["polygon"] =
            json!([[36.5, -84.3], [36.5, -84.1], [36.8, -84.1], [36.8, -84.3]]);
        items(file)[1]["params"][4] = json!(36.7);
    };
    assert_eq!(codes(far), ["X2015"]);
}
