// Draws assets/isere.svg from the commune outlines of data/: one filled outline and the inner borders, in
// the plane that the README gives to the gateway.

import type { Topology, Arc } from './topology';

export const longitudeWest = 4.73;
export const latitudeNorth = 45.895;
export const unitsPerDegreeEast = 610;
export const unitsPerDegreeNorth = 867;

type Point = readonly [number, number];

/** Projects a topology's arc (delta-coded, quantised) to whole map units. */
function project(arc: Arc, topology: Topology): Point[] {
    const { scale, translate } = topology.transform;
    let x = 0;
    let y = 0;
    return arc.map(([dx, dy]) => {
        x += dx;
        y += dy;
        const lon = x * scale[0] + translate[0];
        const lat = y * scale[1] + translate[1];
        return [(lon - longitudeWest) * unitsPerDegreeEast, (latitudeNorth - lat) * unitsPerDegreeNorth];
    });
}

/** Douglas–Peucker: keeps the ends, drops what lies nearer than `tolerance` units to the line. */
function simplify(points: Point[], tolerance: number): Point[] {
    const first = points[0];
    const last = points[points.length - 1];
    if (first === undefined || last === undefined || points.length < 3) return points;
    let farthest = 0;
    let distance = -1;
    const length = Math.hypot(last[0] - first[0], last[1] - first[1]);
    points.forEach(([px, py], i) => {
        if (i === 0 || i === points.length - 1) return;
        const d =
            length === 0
                ? Math.hypot(px - first[0], py - first[1])
                : Math.abs((last[0] - first[0]) * (first[1] - py) - (first[0] - px) * (last[1] - first[1])) / length;
        if (d > distance) {
            distance = d;
            farthest = i;
        }
    });
    if (distance <= tolerance) return [first, last];
    return [
        ...simplify(points.slice(0, farthest + 1), tolerance).slice(0, -1),
        ...simplify(points.slice(farthest), tolerance),
    ];
}

/** SVG path data with whole relative steps; equal neighbours fall together. */
function path(points: Point[], close = false): string {
    let [x, y] = [NaN, NaN];
    let text = '';
    for (const [px, py] of points) {
        const [nx, ny] = [Math.round(px), Math.round(py)];
        if (Number.isNaN(x)) text += `M${nx} ${ny}l`;
        else if (nx !== x || ny !== y) text += `${text.endsWith('l') || ny === undefined ? '' : ' '}${nx - x} ${ny - y}`;
        [x, y] = [nx, ny];
    }
    text = text.replace(/ -/g, '-');
    return text.endsWith('l') ? '' : close ? `${text}z` : text;
}

/** Joins the arcs that border one commune only into closed rings. */
function rings(arcs: Point[][]): Point[][] {
    const key = ([x, y]: Point) => `${x.toFixed(3)} ${y.toFixed(3)}`;
    const left = [...arcs];
    const out: Point[][] = [];
    for (let ring = left.pop(); ring !== undefined; ring = left.pop()) {
        for (;;) {
            const end = key(ring[ring.length - 1]!);
            const next = left.findIndex((a) => key(a[0]!) === end || key(a[a.length - 1]!) === end);
            if (next < 0) break;
            const [arc] = left.splice(next, 1) as [Point[]];
            ring.push(...(key(arc[0]!) === end ? arc : [...arc].reverse()).slice(1));
        }
        out.push(ring);
    }
    return out;
}

export function drawMap(topology: Topology): string {
    const uses = new Map<number, number>();
    const count = (arcs: unknown): void => {
        if (typeof arcs === 'number') uses.set(arcs < 0 ? ~arcs : arcs, (uses.get(arcs < 0 ? ~arcs : arcs) ?? 0) + 1);
        else (arcs as unknown[]).forEach(count);
    };
    for (const object of Object.values(topology.objects)) object.geometries.forEach((g) => count(g.arcs));
    const lines = topology.arcs.map((arc, i) => ({ points: project(arc, topology), outer: uses.get(i) === 1 }));
    const outline = rings(lines.filter((l) => l.outer).map((l) => l.points))
        .filter((ring) => ring.length > 8)
        .map((ring) => path(simplify([...ring.slice(0, -1)], 0.6), true));
    const borders = lines.filter((l) => !l.outer).map((l) => path(simplify(l.points, 0.8)));
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1000 1044">' +
        `<path id="land" vector-effect="non-scaling-stroke" d="${outline.join('')}"/>` +
        `<path id="communes" fill="none" vector-effect="non-scaling-stroke" d="${borders.join('')}"/></svg>\n`
    );
}
