/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Where do the hulls lie? Outlines in metres round the middle of a place (equirectangular: within a
 * port it is right to a part in a thousand), no tiles, no request. */

const EARTH_M = 111320, APART_M = 60000;
const map = { places: [], at: 0, box: null };

const ringsOf = geometry => (!geometry ? [] : geometry.type === 'Polygon' ? geometry.coordinates : geometry.type === 'MultiPolygon' ? geometry.coordinates.flat() : []);

function project(place, [lon, lat]) {
  const turn = ((lon - place.lon + 540) % 360 + 360) % 360 - 180;
  return [turn * EARTH_M * Math.cos(place.lat * Math.PI / 180), -(lat - place.lat) * EARTH_M];
}

/** Hulls near each other are one place; its name is the port's whose outline holds them. */
function findPlaces() {
  for (const hull of HULLS) {
    const { lon, lat } = hull.p;
    if (!known(lon) || !known(lat)) continue;
    let place = map.places.find(p => Math.hypot(...project(p, [lon, lat])) < APART_M);
    if (!place) map.places.push(place = { lon, lat, hulls: [], name: null });
    place.hulls.push(hull);
    place.name ||= hull.p.port;
  }
  for (const place of map.places) {
    place.ports = ((PAGE.ports && PAGE.ports.features) || []).filter(port => ringsOf(port.geometry).some(ring => ring.some(at => Math.hypot(...project(place, at)) < APART_M)));
    place.name ||= place.ports.length ? place.ports.map(port => port.properties.name).join(', ') : `${fixed(place.lat, 2)}, ${fixed(place.lon, 2)}`;
  }
}

const pathOf = (place, rings) => rings.map(ring => 'M' + ring.map(at => project(place, at).map(v => v.toFixed(1)).join(' ')).join('L') + 'Z').join('');

function boundsOf(points) {
  const xs = points.map(p => p[0]), ys = points.map(p => p[1]);
  const least = xs.reduce((a, b) => Math.min(a, b), Infinity), most = xs.reduce((a, b) => Math.max(a, b), -Infinity);
  const top = ys.reduce((a, b) => Math.min(a, b), Infinity), low = ys.reduce((a, b) => Math.max(a, b), -Infinity);
  const side = Math.max(most - least, (low - top) * 1.6, 600) * 1.2;
  return { x: (least + most) / 2 - side / 2, y: (top + low) / 2 - side / 3.2, width: side, height: side / 1.6 };
}

/** Marks keep their size on the screen while the sea grows. */
function setBox(node, box) {
  map.box = box;
  node.setAttribute('viewBox', `${box.x} ${box.y} ${box.width} ${box.height}`);
  const scale = box.width / 1000, metres = roundUp(box.width / 8);
  for (const mark of node.querySelectorAll('circle.mark')) mark.setAttribute('r', 6 * scale);
  const rule = node.querySelector('.rule');
  rule.setAttribute('d', `M${box.x + 20 * scale} ${box.y + box.height - 22 * scale}h${metres}`);
  const label = node.querySelector('.rule-label');
  label.setAttribute('x', box.x + 20 * scale);
  label.setAttribute('y', box.y + box.height - 32 * scale);
  label.setAttribute('font-size', 14 * scale);
  label.style.fontSize = 14 * scale + 'px';
  label.textContent = metres >= 1000 ? `${metres / 1000} km` : `${metres} m`;
}

function zoom(node, by, cx, cy) {
  const b = map.box, x = cx === undefined ? b.x + b.width / 2 : cx, y = cy === undefined ? b.y + b.height / 2 : cy;
  if (b.width * by < 50 || b.width * by > 4e5) return;
  setBox(node, { x: x - (x - b.x) * by, y: y - (y - b.y) * by, width: b.width * by, height: b.height * by });
}

const shift = (node, dx, dy) => setBox(node, { ...map.box, x: map.box.x + dx * map.box.width, y: map.box.y + dy * map.box.height });

function listenToMap(node) {
  const place = event => {
    const r = node.getBoundingClientRect();
    return [map.box.x + (event.clientX - r.left) / r.width * map.box.width, map.box.y + (event.clientY - r.top) / r.height * map.box.height];
  };
  node.addEventListener('wheel', event => {
    if (!event.ctrlKey && !event.shiftKey) return; /* the page scrolls on */
    event.preventDefault();
    zoom(node, event.deltaY > 0 ? 1.25 : 0.8, ...place(event));
  }, { passive: false });
  let from = null, moved = false;
  node.addEventListener('pointerdown', event => { from = [event.clientX, event.clientY]; moved = false; });
  node.addEventListener('pointermove', event => {
    if (!from || !(event.buttons & 1)) return;
    const r = node.getBoundingClientRect(), dx = event.clientX - from[0], dy = event.clientY - from[1];
    if (!moved && Math.hypot(dx, dy) < 4) return;
    if (!moved) node.setPointerCapture(event.pointerId);
    moved = true;
    shift(node, -dx / r.width, -dy / r.height);
    from = [event.clientX, event.clientY];
  });
  node.addEventListener('pointerup', () => { from = null; });
  node.addEventListener('click', event => {
    const mark = event.target.closest('.mark');
    if (mark && !moved) pick(HULLS[Number(mark.dataset.hull)], true);
  });
  node.addEventListener('keydown', event => {
    const move = { ArrowLeft: [-0.1, 0], ArrowRight: [0.1, 0], ArrowUp: [0, -0.1], ArrowDown: [0, 0.1] }[event.key];
    if (move) shift(node, ...move);
    else if (event.key === '+' || event.key === '=') zoom(node, 0.7);
    else if (event.key === '-') zoom(node, 1 / 0.7);
    else return;
    event.preventDefault();
  });
}

function marksOf(place) {
  const shown = new Set(view.shown), out = [];
  for (const hull of place.hulls) {
    if (!shown.has(hull)) continue;
    const p = hull.p, [x, y] = project(place, [p.lon, p.lat]);
    const style = `mark ${stateClass(p)}${p.status === 'measured' ? '' : p.status === 'dubious' ? ' doubted' : ' hollow'}${hull === view.picked ? ' picked' : ''}`;
    const says = `${titleOf(hull)}, ${when(p.acquired)}: ${statusWord(p)}${p.load_state ? ', ' + stateWord(p) : ''}${known(p.freeboard_m) ? ', freeboard ' + withSigma(p.freeboard_m, p.freeboard_sigma_m, 1, 'm') : ''}`;
    out.push(svg('path', { class: style, d: pathOf(place, ringsOf(hull.geometry)), 'data-hull': hull.index }, svg('title', null, says)),
      svg('circle', { class: style, cx: x, cy: y, r: 1, 'data-hull': hull.index }, svg('title', null, says)));
  }
  return out;
}

function drawMap() {
  const body = byId('map-body'), place = map.places[map.at];
  if (!place) {
    body.replaceChildren(el('p', { class: 'note' }, HULLS.length ? 'No hull has a place on the Earth: the pictures have no georeference.' : 'No hulls, no map.'));
    return;
  }
  const node = svg('svg', { class: 'sea', role: 'img', tabindex: '0', width: 1000, height: 625, preserveAspectRatio: 'xMidYMid meet',
    'aria-label': `Map of ${place.name}: ${plural(place.hulls.length, 'hull')}. Arrow keys move it, plus and minus zoom; the table of ships has the same hulls.` });
  for (const port of place.ports) node.append(svg('path', { class: 'port', d: pathOf(place, ringsOf(port.geometry)) }, svg('title', null, port.properties.name)));
  node.append(svg('g', { class: 'marks' }, marksOf(place)), svg('path', { class: 'axis rule', 'stroke-width': 3, 'vector-effect': 'non-scaling-stroke' }), svg('text', { class: 'rule-label' }));
  listenToMap(node);
  const choose = map.places.length < 2 ? el('strong', null, place.name) : el('label', null, 'Place ',
    el('select', { onchange: event => { map.at = Number(event.target.value); drawMap(); } },
      map.places.map((p, i) => el('option', { value: i, selected: i === map.at }, `${p.name} (${plural(p.hulls.length, 'hull')})`))));
  const all = () => boundsOf(place.hulls.flatMap(hull => [project(place, [hull.p.lon, hull.p.lat])]));
  const button = (word, label, act) => el('button', { type: 'button', 'aria-label': label, onclick: act }, word);
  body.replaceChildren(el('div', { class: 'tools' }, choose, button('+', 'Zoom in', () => zoom(node, 0.7)), button(MINUS, 'Zoom out', () => zoom(node, 1 / 0.7)),
    button('All hulls', null, () => setBox(node, all())),
    place.ports.length ? button('Whole port', null, () => setBox(node, boundsOf(place.ports.flatMap(port => ringsOf(port.geometry).flat()).map(at => project(place, at))))) : null,
    el('span', { class: 'faint' }, 'Drag moves, Ctrl and wheel zoom. North is up.')), node, el('ul', { class: 'keys' },
    Object.entries(STATES).map(([key, word]) => el('li', null, el('span', { class: 'swatch ' + key }), word)),
    el('li', null, el('span', { class: 'swatch none' }), 'refused, or no load told'), el('li', null, 'pale with a broken rim: dubious'),
    place.ports.length ? el('li', null, 'broken line: the port as models/ports.geojson has it') : null));
  setBox(node, all());
}

function startMap() {
  findPlaces();
  view.listeners.push(() => {
    const marks = byId('map-body').querySelector('.marks');
    if (!marks) return;
    marks.replaceChildren(...marksOf(map.places[map.at]));
    setBox(marks.ownerSVGElement, map.box);
  });
  drawMap();
  const outside = HULLS.filter(hull => !known(hull.p.lon)).length;
  if (outside && map.places.length) byId('map-body').append(el('p', { class: 'faint' }, `${plural(outside, 'hull')} of pictures without georeference: not on the map.`));
}
