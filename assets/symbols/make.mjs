// Draws the symbol atlas of the viewer: every function identifier of the catalogue in four
// affiliations, MIL-STD-2525C / APP-6 by milsymbol, on a grid in one PNG, with an index beside it.
//
//   cd assets/symbols && npm install --no-save milsymbol@3.0.4 @resvg/resvg-js@2.6.2
//   node make.mjs
//
// The result is committed; building Tercio needs none of this.
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import ms from "milsymbol";
import { Resvg } from "@resvg/resvg-js";

// Height of a land unit's frame in pixels; every cell holds the largest symbol.
const SIZE = 72;
const CELL = [132, 132];
const COLUMNS = 16;

// Okabe and Ito's palette (2008), told apart by all common kinds of colour vision; the shapes of the
// frames differ as well.
const FILL = {
    Friend: "rgb(110,190,240)",
    Hostile: "rgb(240,128,72)",
    Neutral: "rgb(70,190,150)",
    Unknown: "rgb(245,230,110)",
};
const AFFILIATIONS = { Friend: "F", Hostile: "H", Neutral: "N", Unknown: "U" };
// Frames without a function, for what is known of a track by its domain alone.
const GENERIC = ["A-----", "G-----", "S-----", "U-----"];

const catalogue = "../catalogue";
const functions = new Set(GENERIC);
for (const file of readdirSync(catalogue).sort()) {
    const text = readFileSync(`${catalogue}/${file}`, "utf8");
    for (const match of text.matchAll(/^\s*symbol: "([^"]{6})"/gm)) functions.add(match[1]);
}

const cells = [];
const invalid = [];
for (const name of [...functions].sort()) {
    for (const [affiliation, letter] of Object.entries(AFFILIATIONS)) {
        const sidc = `S${letter}${name[0]}P${name.slice(1)}-----`.slice(0, 15);
        const symbol = new ms.Symbol(sidc, {
            size: SIZE, fill: true, strokeWidth: 6, outlineWidth: 0, fillColor: FILL[affiliation],
        });
        if (!symbol.isValid()) {
            invalid.push(sidc);
            continue;
        }
        cells.push({ name, affiliation, symbol });
    }
}

const rows = Math.ceil(cells.length / COLUMNS);
const [width, height] = [COLUMNS * CELL[0], rows * CELL[1]];
let body = "";
const index = [];
for (const [at, { name, affiliation, symbol }] of cells.entries()) {
    const [x, y] = [(at % COLUMNS) * CELL[0], Math.floor(at / COLUMNS) * CELL[1]];
    const size = symbol.getSize();
    if (size.width > CELL[0] - 2 || size.height > CELL[1] - 2) throw Error(`${name} is too large`);
    const left = x + Math.round((CELL[0] - size.width) / 2);
    const top = y + Math.round((CELL[1] - size.height) / 2);
    body += symbol.asSVG().replace("<svg ", `<svg x="${left}" y="${top}" `);
    index.push(`        (function: "${name}", affiliation: ${affiliation}, ` +
        `at_px: (${left}, ${top}), size_px: (${Math.ceil(size.width)}, ${Math.ceil(size.height)})),`);
}
const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}">${body}</svg>`;
const image = new Resvg(svg, { font: { loadSystemFonts: true, defaultFontFamily: "DejaVu Sans" } });
writeFileSync("atlas.png", image.render().asPng());
writeFileSync("atlas.ron", `// Made by make.mjs; do not edit.
(
    size_px: (${width}, ${height}),
    symbols: [
${index.join("\n")}
    ],
)
`);
console.log(`${cells.length} symbols, ${width} x ${height} px; not in the standard: ${invalid.join(" ")}`);
