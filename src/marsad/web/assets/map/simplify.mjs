// Outlines of regions and provinces, simplified together so that neighbours still touch.
// stdin: {source, codes: {index: province code}, modules}; stdout: {regions, provinces}: code -> rings.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

const { source, codes, modules, share } = JSON.parse(readFileSync(0, "utf8"));
const require = createRequire(modules + "/");
const client = require("topojson-client");
const { presimplify, quantile, simplify, filter, filterWeight } = require("topojson-simplify");

const raw = JSON.parse(readFileSync(source, "utf8"));
raw.objects.provinces.geometries.forEach((g, i) => { g.properties = { code: codes[i] }; });
const rings = (geometry) => (geometry.type === "Polygon" ? [geometry.coordinates] : geometry.coordinates)
  .flatMap((polygon) => polygon);

function layer(keep, region) {
  const weighted = presimplify(raw);
  const topology = filter(simplify(weighted, quantile(weighted, 1 - keep)),
    filterWeight(weighted, quantile(weighted, 1 - keep)));
  const groups = new Map();
  for (const g of topology.objects.provinces.geometries) {
    const code = region ? g.properties.code.slice(0, 5) : g.properties.code;
    groups.set(code, [...(groups.get(code) ?? []), g]);
  }
  return Object.fromEntries([...groups].map(([code, list]) =>
    [code, rings(client.mergeArcs ? client.merge(topology, list) : {})]));
}

process.stdout.write(JSON.stringify({ regions: layer(share.regions, true), provinces: layer(share.provinces, false) }));
