/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What did the program see? The chip, north up, and the straightened strip, with what it found drawn
 * over them and not into them. */

const jpeg = base64 => 'data:image/jpeg;base64,' + base64;
const radians = degrees => degrees * Math.PI / 180;

/** Unit vector on a picture with north up. */
const heading = azimuth => [Math.sin(radians(azimuth)), -Math.cos(radians(azimuth))];

function arrow(className, x, y, azimuth, length, says) {
  if (!known(azimuth)) return null;
  const [dx, dy] = heading(azimuth), tx = x + length * dx, ty = y + length * dy;
  const wing = turn => { const [wx, wy] = heading(azimuth + turn); return `${(tx + 8 * wx).toFixed(1)},${(ty + 8 * wy).toFixed(1)}`; };
  return svg('g', { class: className }, svg('title', null, says), svg('line', { x1: x, y1: y, x2: tx, y2: ty }),
    svg('polygon', { points: `${tx.toFixed(1)},${ty.toFixed(1)} ${wing(150)} ${wing(210)}` }));
}

/** North, sun and satellite as seen from the ship, on a picture with north up. */
function rose(p) {
  const middle = 44, says = (word, azimuth) => `${word}: azimuth ${fixed(azimuth, 1)} degrees`;
  return svg('svg', { width: 88, height: 88, viewBox: '0 0 88 88', role: 'img', class: 'rose',
    'aria-label': `North is up; ${says('the sun', p.sun_azimuth_deg)}, ${says('the satellite', p.view_azimuth_deg)}` },
    svg('circle', { cx: middle, cy: middle, r: 42, fill: '#181a20', stroke: '#7a7f88' }), arrow('on-north', middle, middle, 0, 32, 'north'),
    arrow('on-sun', middle, middle, p.sun_azimuth_deg, 36, says('to the sun', p.sun_azimuth_deg)), arrow('on-view', middle, middle, p.view_azimuth_deg, 30, says('to the satellite', p.view_azimuth_deg)));
}

const pointsOf = ring => ring.map(([x, y]) => `${x},${y}`).join(' ');

/** The chip, with outlines, arrows and a scale bar. */
function chipFigure(hull, pictures) {
  const { chip } = pictures.sheet, p = hull.p, size = 440, scale = size / chip.width, metres = roundUp(70 * chip.m_per_px / scale);
  const node = svg('svg', { viewBox: `0 0 ${chip.width} ${chip.height}`, width: size, height: size * chip.height / chip.width, role: 'img',
    'aria-label': `The picture, north up, with the deck's outline${chip.waterline_px ? ' and the waterline' : ''}` },
    svg('image', { href: jpeg(pictures.chip), width: chip.width, height: chip.height, preserveAspectRatio: 'none' }),
    chip.waterline_px ? svg('polygon', { class: 'on-water', points: pointsOf(chip.waterline_px) }) : null,
    chip.outline_px && chip.outline_px.length ? svg('polygon', { class: 'on-deck', points: pointsOf(chip.outline_px) }) : null);
  const x = 12 / scale, y = chip.height - 12 / scale;
  const label = svg('text', { x, y: y - 7 / scale }, `${metres} m`);
  label.style.fontSize = 13 / scale + 'px';
  label.style.strokeWidth = 3 / scale + 'px';
  node.append(svg('line', { class: 'on-scale', x1: x, y1: y, x2: x + metres / chip.m_per_px, y2: y }), label);
  return el('figure', null, el('div', { class: 'picture chip' }, node, rose(p)),
    el('figcaption', null, 'North up. Amber: the deck\u2019s outline as found', chip.waterline_px ? '; blue: the waterline, by the answer' : '', '. Yellow arrow: to the sun; green: to the satellite.'));
}

/** Where a place of the strip stands in its picture. @param across starboard positive. */
const stripX = (strip, across) => strip.centre_px[0] + across / strip.m_per_px;
const stripY = (strip, along) => strip.centre_px[1] - along / strip.m_per_px;
/** A dot that stays round however the strip is stretched. */
const dot = (className, x, y) => svg('path', { class: className, d: `M${x.toFixed(2)} ${y.toFixed(2)}h0` });

function stationDots(pictures) {
  const { strip, stations } = pictures.sheet;
  if (!stations) return null;
  const sign = stations.side === 'starboard' ? 1 : -1;
  return svg('g', { class: 'stations' }, stations.rows.map(([along, deck, outer, use]) => [[deck, 'deck'], [outer, 'outer']].filter(([at]) => known(at)).map(([at, edge]) =>
    dot('dot ' + (use === 'used' ? 'dot-' + edge : 'dot-' + use), stripX(strip, sign * at), stripY(strip, along)))));
}

/** The strip. @return {figure, node}: node is the drawing, for handles to be put on. */
function stripFigure(hull, pictures) {
  const { strip, stations } = pictures.sheet, fit = Math.min(4, 600 / strip.height);
  const node = svg('svg', { viewBox: `0 0 ${strip.width} ${strip.height}`, preserveAspectRatio: 'none', role: 'group', class: 'strip', 'aria-label': 'The straightened hull, bow up, port side left' },
    svg('image', { href: jpeg(pictures.strip), width: strip.width, height: strip.height, preserveAspectRatio: 'none' }), stationDots(pictures));
  const state = { zoom: 1, across: Math.max(1, Math.min(3, Math.floor(430 / (strip.width * fit)))) };
  const size = () => {
    node.setAttribute('width', Math.round(strip.width * fit * state.zoom * state.across));
    node.setAttribute('height', Math.round(strip.height * fit * state.zoom));
  };
  const choice = (label, key, values) => el('label', { class: 'faint' }, label + ' ',
    el('select', { onchange: event => { state[key] = Number(event.target.value); size(); } }, values.map(v => el('option', { value: v, selected: v === state[key] }, v + '\u00d7'))));
  size();
  const left = stations ? stations.rows.filter(row => row[3] !== 'used').length : 0;
  const figure = el('figure', null, el('div', { class: 'picture', role: 'region', tabindex: 0, 'aria-label': 'The strip, scrolls' }, node), el('div', { class: 'tools' }, choice('Zoom', 'zoom', [1, 2, 3, 4]), choice('Stretch across', 'across', [1, 2, 3, 4, 6])),
    el('figcaption', null, `Straightened, ${hull.p.bow_certain ? 'bow' : 'bow or stern'} up, port left; one pixel is ${fixed(strip.m_per_px, 2)} m. `,
      stations ? `Dots: deck\u2019s edge (amber) and outer edge (pink) at ${stations.rows.length} stations of the ${stations.side} side${left ? `; ${left} in grey or violet were left out` : ''}.` : 'No edges were fitted.'));
  return { figure, node };
}

/** Two strips of one ship over each other, and a slider that shows more of one or the other. */
function beforeAfter(before, after) {
  const pictures = [before, after].map(picturesOf);
  if (!pictures.every(one => one && one.strip && one.sheet.strip)) return null;
  const height = 520, widths = pictures.map(one => one.sheet.strip.width * one.sheet.strip.m_per_px), lengths = pictures.map(one => one.sheet.strip.height * one.sheet.strip.m_per_px);
  const width = Math.max(...widths), length = Math.max(...lengths), cut = svg('rect', { x: -width / 2, y: -length / 2, width: width / 2, height: length });
  const image = (one, extra) => svg('image', { href: jpeg(one.strip), x: -one.sheet.strip.centre_px[0] * one.sheet.strip.m_per_px, y: -one.sheet.strip.centre_px[1] * one.sheet.strip.m_per_px,
    width: one.sheet.strip.width * one.sheet.strip.m_per_px, height: one.sheet.strip.height * one.sheet.strip.m_per_px, preserveAspectRatio: 'none', ...extra });
  const name = `cut-${before.index}-${after.index}`, line = svg('line', { class: 'on-scale', x1: 0, x2: 0, y1: -length / 2, y2: length / 2 });
  const node = svg('svg', { viewBox: `${-width / 2} ${-length / 2} ${width} ${length}`, width: height * width / length * 1.6, height, preserveAspectRatio: 'none', role: 'img', 'aria-label': 'The ship before (left of the line) and after (right of it), bow up' },
    svg('clipPath', { id: name }, cut), image(pictures[1]), image(pictures[0], { 'clip-path': `url(#${name})` }), line);
  const slide = el('input', { type: 'range', min: 0, max: 100, value: 50, 'aria-label': 'How much of the picture before is shown, per cent', oninput: event => {
    const x = -width / 2 + width * event.target.value / 100;
    cut.setAttribute('width', x + width / 2);
    line.setAttribute('x1', x);
    line.setAttribute('x2', x);
  } });
  return el('figure', null, el('div', { class: 'picture', role: 'region', tabindex: 0, 'aria-label': 'Before and after, scrolls' }, node), el('div', { class: 'slider' }, el('span', null, 'after'), slide, el('span', null, 'before')),
    el('figcaption', null, `Left of the line ${when(before.p.acquired)}, right of it ${when(after.p.acquired)}; the same metres.`));
}
