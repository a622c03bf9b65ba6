/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How are axes, ticks and curves drawn? Plain SVG; who cannot see it finds the same numbers in a
 * table or in the words beside it. */

/** 1, 2 or 5 times a power of ten, not below least. */
function roundUp(least) {
  const power = 10 ** Math.floor(Math.log10(least));
  return [1, 2, 5, 10].map(step => step * power).find(step => step >= least * (1 - 1e-12));
}

function ticks(low, high, most) {
  const step = roundUp((high - low) / most), out = [];
  for (let at = Math.ceil(low / step - 1e-9) * step; at <= high + 1e-9 * step; at += step) out.push(Math.abs(at) < 1e-9 * step ? 0 : at);
  return out;
}

/** Days at which a time axis is cut: years, months or days, whatever fits. */
function timeTicks(low, high) {
  const DAY = 86400, out = [], span = high - low;
  const months = [1, 3, 6, 12, 24, 60].find(n => span / (n * 30.4 * DAY) <= 8);
  if (span < 45 * DAY) {
    const step = Math.max(1, Math.ceil(span / DAY / 7)) * DAY;
    for (let at = Math.ceil(low / DAY) * DAY; at <= high; at += step) out.push([at, day(at).slice(5)]);
    return out;
  }
  const first = new Date(low * 1000);
  for (let k = 0; k < 4000; k++) {
    const at = Date.UTC(first.getUTCFullYear(), k * (months || 120), 1) / 1000;
    if (at > high) break;
    if (at >= low) out.push([at, (months || 120) >= 12 ? day(at).slice(0, 4) : day(at).slice(0, 7)]);
  }
  return out;
}

/** A plot's frame: axes with ticks. @return {node, x, y}: the drawing, and where values stand. */
function frame(width, height, xs, ys, labels) {
  const left = 78, right = 14, top = 16, bottom = 38;
  const x = value => left + (value - xs.low) / (xs.high - xs.low) * (width - left - right);
  const y = value => height - bottom - (value - ys.low) / (ys.high - ys.low) * (height - top - bottom);
  const node = svg('svg', { viewBox: `0 0 ${width} ${height}`, width, height, role: 'img', 'aria-label': labels.says });
  for (const at of ticks(ys.low, ys.high, 5)) {
    node.append(svg('line', { class: 'grid', x1: left, x2: width - right, y1: y(at), y2: y(at) }),
      svg('text', { class: 'faint', x: left - 8, y: y(at) + 4, 'text-anchor': 'end' }, ys.say ? ys.say(at) : String(+at.toPrecision(6))));
  }
  const marks = xs.time ? timeTicks(xs.low, xs.high) : ticks(xs.low, xs.high, 8).map(at => [at, String(+at.toPrecision(6))]);
  for (const [at, word] of marks) {
    node.append(svg('line', { class: 'axis', x1: x(at), x2: x(at), y1: height - bottom, y2: height - bottom + 4 }),
      svg('text', { class: 'faint', x: x(at), y: height - bottom + 18, 'text-anchor': 'middle' }, word));
  }
  node.append(svg('line', { class: 'axis', x1: left, x2: width - right, y1: height - bottom, y2: height - bottom }),
    svg('text', { class: 'faint', x: left, y: 11 }, labels.y || ''),
    svg('text', { class: 'faint', x: width - right, y: height - 4, 'text-anchor': 'end' }, labels.x || ''));
  return { node, x, y, bottom: height - bottom, top };
}

/** "x,y x,y ..." with gaps where a value is unknown: several polylines. */
function curves(points, className) {
  const runs = [[]];
  for (const [px, py] of points) {
    if (known(px) && known(py)) runs[runs.length - 1].push(`${px.toFixed(1)},${py.toFixed(1)}`);
    else if (runs[runs.length - 1].length) runs.push([]);
  }
  return runs.filter(run => run.length > 1).map(run => svg('polyline', { class: className, points: run.join(' ') }));
}
