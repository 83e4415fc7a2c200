#!/usr/bin/env python3
"""Makes assets/terrain/*.tif and their PROVENANCE.md from the sample data of a matplotlib wheel.

    python3 -m venv venv && venv/bin/pip install matplotlib tifffile
    venv/bin/python assets/scripts/make_terrain.py

Reads only what the wheel holds; writes beside this script's folder, in ../terrain.
"""

import hashlib
import pathlib
import zlib

import matplotlib
import numpy as np
import tifffile

SAMPLES = pathlib.Path(matplotlib.get_data_path()) / "sample_data"
TERRAIN = pathlib.Path(__file__).resolve().parent.parent / "terrain"
NO_DATA = -32768


def geo_keys():
    """GeoKeys: geographic model, pixel is point, WGS 84 (EPSG:4326), degrees."""
    keys = [(1024, 2), (1025, 2), (2048, 4326), (2054, 9102)]
    directory = [1, 1, 0, len(keys)]
    for key, value in keys:
        directory += [key, 0, 1, value]
    return directory


def write(name, heights, north, west, lat_step, lon_step, about):
    """Writes heights (metres, rows from the north), north-west post at (north, west)."""
    path = TERRAIN / name
    directory = geo_keys()
    tags = [
        (33550, "d", 3, (lon_step, lat_step, 0.0), True),
        (33922, "d", 6, (0.0, 0.0, 0.0, west, north, 0.0), True),
        (34735, "H", len(directory), directory, True),
        (42113, "s", 0, str(NO_DATA), True),
    ]
    rows, cols = heights.shape
    tifffile.imwrite(
        path,
        heights.astype("<i2"),
        byteorder="<",
        photometric="minisblack",
        compression="zlib",
        rowsperstrip=rows,
        metadata=None,
        software=False,
        description=about,
        extratags=tags,
    )
    south, east = north - lat_step * (rows - 1), west + lon_step * (cols - 1)
    return (
        f"| `{name}` | {rows} x {cols} "
        f"| {south:.5f} to {north:.5f} N, {-west:.5f} to {-east:.5f} W "
        f"| {lat_step:.7f} x {lon_step:.7f} | {heights.min()} to {heights.max()} "
        f"| `{hashlib.sha256(path.read_bytes()).hexdigest()}` |"
    )


def jacksboro():
    """The Jacksboro fault DEM, three arc seconds.

    The sample calls its edges ymin = 36.7329 and ymax = 36.44625, ymin above ymax: ymin was
    computed as ymax + rows * dy where the rows run south. So ymax is the northern edge and the grid ends at
    36.1596 N. Landmarks agree with that reading alone (PROVENANCE.md).
    """
    with np.load(SAMPLES / "jacksboro_fault_dem.npz") as sample:
        heights = sample["elevation"]
        step = float(sample["dx"])
        north = float(sample["ymax"]) - step / 2
        west = float(sample["xmin"]) + step / 2
    return write(
        "jacksboro.tif", heights, north, west, step, step, "Jacksboro fault, metres above sea level"
    )


def topobathy():
    """The coast of British Columbia and Washington, two minutes of longitude on a Mercator grid.

    Its rows are not equally far apart in latitude; they are interpolated linearly to one minute.
    """
    with np.load(SAMPLES / "topobathy.npz") as sample:
        heights = sample["topo"].astype(float)
        lats = sample["latitude"].astype(float)
    if lats[0] > lats[-1]:
        lats, heights = lats[::-1], heights[::-1]
    lat_step = 1 / 60
    first, last = np.ceil(lats[0] / lat_step), np.floor(lats[-1] / lat_step)
    want = np.arange(first, last + 1) * lat_step
    columns = [np.interp(want, lats, column) for column in heights.T]
    regular = np.rint(np.stack(columns, axis=1))[::-1].astype(np.int16)
    # Rounding must not turn shallow water into land.
    regular = np.where((regular == 0) & (np.stack(columns, axis=1)[::-1] < 0), -1, regular)
    # Cells of two minutes whose first is centred on one minute past 126 W.
    west, lon_step = -126 + 1 / 60, 2 / 60
    return write(
        "topobathy.tif",
        regular,
        want[-1],
        west,
        lat_step,
        lon_step,
        "Salish Sea, metres above sea level",
    )


HEADER = """# Where the terrains come from

Made by `assets/scripts/make_terrain.py` from the sample data inside the matplotlib {version} wheel
(PyPI), `mpl-data/sample_data/`. Heights in whole metres above mean sea level, negative under water;
posts on WGS 84 (EPSG:4326), pixel is point, rows from the north; GeoTIFF, 16-bit signed, Deflate
(zlib {zlib}), no data {no_data} (none occurs).

| file | rows x columns | posts | steps, degrees | heights, m | SHA-256 |
|---|---|---|---|---|---|
"""

FOOTER = """
* **jacksboro.tif** from `jacksboro_fault_dem.npz`: mountains of east Tennessee, three arc seconds,
  real heights unchanged. Origin, as far as known: United States government elevation data.
  The sample's own `ymin` (36.7329) lies above its `ymax` (36.4463): `ymin` is wrong by twice the
  grid's height, `ymax` is the northern edge. Read so, block means correlate with the ITU-R
  P.1511 world topography at 0.92 with a bias of 4 m (0.33 and 87 m with the grid where `ymin`
  would put it), and Caryville, Jacksboro, LaFollette and Rocky Top stand at about their heights.
* **topobathy.tif** from `topobathy.npz`: south Vancouver Island, the Strait of Juan de Fuca, the
  Strait of Georgia and the coast range (a Smith and Sandwell world topography, to judge by its
  Mercator grid of two minutes of longitude), rows interpolated to one minute of latitude. Posts are 2 km
  apart: finer relief in a scenario is invented, and its terrain says so (`synthetic`).

Licence: matplotlib's sample data are distributed under the matplotlib licence (PSF-compatible,
<https://matplotlib.org/stable/project/license.html>), which allows copies and derived works with
its copyright notice: "Copyright (c) 2012- Matplotlib Development Team; All Rights Reserved".
"""


def main():
    """Writes both terrains and tells where they come from."""
    TERRAIN.mkdir(parents=True, exist_ok=True)
    rows = [jacksboro(), topobathy()]
    header = HEADER.format(
        version=matplotlib.__version__, zlib=zlib.ZLIB_RUNTIME_VERSION, no_data=NO_DATA
    )
    (TERRAIN / "PROVENANCE.md").write_text(header + "\n".join(rows) + "\n" + FOOTER)


if __name__ == "__main__":
    main()
