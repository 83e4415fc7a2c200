"""Loads exported `.plan` files with MAVSDK and uploads them to a stand-in for an autopilot.

    python check_plans.py FOLDER

For every file: what the file says (read here with the json module alone), what MAVSDK's importer
makes of it, and what arrives at MAVSDK's mission server after an upload of mission, fence and rally
points over UDP on the loopback interface have to be the same, item by item. The hashes of the
manifest are checked too. Prints one line per file; exits 1 on any difference,
with every one listed. Needs `mavsdk==4.1.0`.
"""

import hashlib
import json
import math
import queue
import socket
import sys
import time
from pathlib import Path

from mavsdk import Configuration, ComponentType, Mavsdk
from mavsdk.plugins.mission_raw import MissionItem, MissionRaw, MissionRawError, MissionRawResult
from mavsdk.plugins.mission_raw_server import MissionRawServer

MISSION, FENCE, RALLY = 0, 1, 2
NAMES = {MISSION: "mission", FENCE: "fence", RALLY: "rally"}
# Upper bound of a wait for something that arrives within milliseconds, seconds.
WAIT_S = 20.0
# Longest wait for a vehicle to say what it can, before a link is made anew, seconds.
READY_S = 5.0
# Every command that a mission may hold: movement, looking and recording, nothing that releases,
# fires or drives an actuator.
ALLOWED = {16, 18, 19, 20, 21, 22, 31, 93, 112, 114, 115, 178, 195, 197, 206, 1000}
ALLOWED |= {2000, 2001, 2500, 2501}


def expected(plan):
    """The items of a `.plan` by kind, as tuples (command, frame, params 1-4, x, y, z)."""
    items = {MISSION: [], FENCE: [], RALLY: []}
    for item in plan["mission"]["items"]:
        params = [math.nan if p is None else p for p in item["params"]]
        scale = 1 if item["frame"] == 2 else 1e7
        x, y = round(params[4] * scale), round(params[5] * scale)
        items[MISSION].append((item["command"], item["frame"], *params[:4], x, y, params[6]))
    for polygon in plan["geoFence"]["polygons"]:
        command = 5001 if polygon["inclusion"] else 5002
        corners = polygon["polygon"]
        for lat, lon in corners:
            row = (command, 0, len(corners), 0, 0, 0, round(lat * 1e7), round(lon * 1e7), 0)
            items[FENCE].append(row)
    for lat, lon, height in plan["rallyPoints"]["points"]:
        items[RALLY].append((5100, 3, 0, 0, 0, 0, round(lat * 1e7), round(lon * 1e7), height))
    return items


def row(item):
    """A MAVSDK item as the same tuple."""
    params = (item.param1, item.param2, item.param3, item.param4)
    return (item.command, item.frame, *params, item.x, item.y, item.z)


def same(kind, index, a, b):
    """Whether two numbers of a row are the same: floats travel in single precision, and a degree
    times 1e7 may be rounded or cut (1 cm). Unused fields of fences and rally points are free."""
    if index in (6, 7):
        return abs(a - b) <= 1
    if kind != MISSION and (2 <= index <= 5):
        return a == b or (index != 2 and (math.isnan(b) or b == 0))
    if math.isnan(a) or math.isnan(b):
        return math.isnan(a) and math.isnan(b)
    return abs(a - b) <= 1e-6 * max(1.0, abs(a))


def differences(stage, kind, wanted, got):
    """Every difference of two lists of rows, in words."""
    if len(wanted) != len(got):
        return [f"{stage}: {NAMES[kind]} has {len(got)} items, the file {len(wanted)}"]
    found = []
    for number, (a, b) in enumerate(zip(wanted, got), 1):
        if not all(same(kind, i, x, y) for i, (x, y) in enumerate(zip(a, b))):
            found.append(f"{stage}: {NAMES[kind]} item {number}: file {a}, there {b}")
    return found


class Link:
    """A ground station and a stand-in autopilot, connected on the loopback interface."""

    def __init__(self):
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        self.station = Mavsdk(
            Configuration.create_with_component_type(ComponentType.GROUND_STATION)
        )
        self.vehicle = Mavsdk(Configuration.create_with_component_type(ComponentType.AUTOPILOT))
        # The server stands before the link does: the vehicle says from the first that it takes missions.
        self.arrived = queue.Queue()
        self.server = MissionRawServer(self.vehicle.server_component())
        self.server.subscribe_incoming_mission(
            lambda result, plan, _: self.arrived.put((result, plan.mission_items))
        )
        self.station.add_any_connection(f"udpin://127.0.0.1:{port}")
        self.vehicle.add_any_connection(f"udpout://127.0.0.1:{port}")
        system = self.station.first_autopilot(WAIT_S)
        if system is None:
            sys.exit("no connection to the stand-in autopilot")
        self.raw = MissionRaw(system)

    def upload(self, kind, items):
        """Uploads items and gives back the rows that arrive."""
        send = {
            MISSION: self.raw.upload_mission,
            FENCE: self.raw.upload_geofence,
            RALLY: self.raw.upload_rally_points,
        }[kind]
        send(items)
        result, there = self.arrived.get(timeout=WAIT_S)
        if result != 0 and getattr(result, "name", "") != "SUCCESS":
            raise RuntimeError(f"the server answers {result}")
        if any(item.mission_type != kind for item in there):
            raise RuntimeError(f"items of another kind arrive for {NAMES[kind]}")
        return [row(item) for item in there]

    def is_ready(self):
        """Whether the vehicle's AUTOPILOT_VERSION has come: until then MAVSDK refuses every upload
        (MAVSDK issue 2702), so that one waypoint goes ahead."""
        ahead = [MissionItem(0, 3, 16, 1, 1, 0.0, 0.0, 0.0, 0.0, 0, 0, 0.0, MISSION)]
        until = time.monotonic() + READY_S
        while time.monotonic() < until:
            try:
                self.upload(MISSION, ahead)
                return True
            except MissionRawError as error:
                if error.result != MissionRawResult.INT_MESSAGES_NOT_SUPPORTED:
                    raise
                time.sleep(0.05)
        return False

    def close(self):
        self.raw.destroy()
        self.server.destroy()
        self.station.destroy()
        self.vehicle.destroy()


def connect():
    """A link over which the vehicle takes missions."""
    for _ in range(4):
        link = Link()
        if link.is_ready():
            return link
        link.close()
    sys.exit("the stand-in autopilot never said that it takes missions")


def check(link, path):
    """The number of items by kind and every difference of one file."""
    text = path.read_text(encoding="utf-8")
    try:
        wanted = expected(json.loads(text))
    except (KeyError, TypeError, ValueError) as error:
        return {MISSION: 0, FENCE: 0, RALLY: 0}, [f"the file is no plan: {error!r}"]
    counts = {kind: len(rows) for kind, rows in wanted.items()}
    try:
        imported = link.raw.import_qgroundcontrol_mission_from_string(text)
    except Exception as error:
        return counts, [f"import: {error}"]
    parts = {
        MISSION: imported.mission_items,
        FENCE: imported.geofence_items,
        RALLY: imported.rally_items,
    }
    banned = sorted({item.command for item in imported.mission_items} - ALLOWED)
    found = [f"import: command {command} is not allowed" for command in banned]
    for kind, items in parts.items():
        found += differences("import", kind, wanted[kind], [row(item) for item in items])
        if not items:
            continue
        try:
            found += differences("upload", kind, wanted[kind], link.upload(kind, items))
        except Exception as error:
            found.append(f"upload: {NAMES[kind]}: {error!r}")
    return counts, found


def check_manifest(folder, paths):
    """Every difference between the manifest and the files."""
    entries = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))["vehicles"]
    hashes = {entry["file"]: entry["sha256"] for entry in entries}
    missing = sorted(hashes.keys() - {path.name for path in paths})
    found = [f"manifest: names {name}, which is not there" for name in missing]
    for path in paths:
        digest = hashlib.sha256(path.read_bytes()).hexdigest()
        if hashes.get(path.name) != digest:
            found.append(f"manifest: {path.name} has hash {digest}, not {hashes.get(path.name)}")
    return found


def main(argv):
    if len(argv) != 2:
        sys.exit(__doc__)
    folder = Path(argv[1])
    paths = sorted(folder.glob("*.plan"))
    if not paths:
        sys.exit(f"{folder} has no .plan file")
    failures = check_manifest(folder, paths)
    link = connect()
    print(f"{'file':34} {'mission':>8} {'fence':>6} {'rally':>6}  result")
    for path in paths:
        counts, found = check(link, path)
        verdict = "same" if not found else f"{len(found)} differences"
        print(
            f"{path.name:34} {counts[MISSION]:8} {counts[FENCE]:6} {counts[RALLY]:6}  {verdict}"
        )
        failures += [f"{path.name}: {text}" for text in found]
    link.close()
    for failure in failures:
        print(failure, file=sys.stderr)
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv))
