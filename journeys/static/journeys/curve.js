// The emotion curve; the same drawing as journeys/curve.py.

import { svg } from "./dom.js";

const COLUMN = 100;
const MARGIN = 14;
const heightOf = (feeling) => 100 - MARGIN - ((feeling + 2) * (100 - 2 * MARGIN)) / 4;

export function drawCurve(feelings) {
  const points = feelings.map((feeling, place) => ({ x: COLUMN * (place + 0.5), feeling, place })).filter((point) => point.feeling !== null && point.feeling !== undefined);
  let line = "";
  let bridges = "";
  for (let at = 1; at < points.length; at += 1) {
    const [from, to] = [points[at - 1], points[at]];
    const middle = (from.x + to.x) / 2;
    const path = `M${from.x} ${heightOf(from.feeling)}C${middle} ${heightOf(from.feeling)} ${middle} ${heightOf(to.feeling)} ${to.x} ${heightOf(to.feeling)}`;
    if (to.place === from.place + 1) line += path;
    else bridges += path;
  }
  const columns = Math.max(feelings.length, 1);
  return svg(
    "svg",
    { class: "curve", viewBox: `0 0 ${columns * COLUMN} 100`, preserveAspectRatio: "none", "aria-hidden": "true", width: `${columns * 100}%` },
    svg("path", { class: "curve__bridge", d: bridges }),
    svg("path", { class: "curve__line", d: line }),
  );
}
