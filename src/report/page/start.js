/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What does the page know, and how does it put things into the document? Nothing that comes from
 * data is ever read as markup: text is set as text, and attributes one by one. */
'use strict';

const PAGE = JSON.parse(document.getElementById('plimsoll-data').textContent);
const STATES = { laden: 'laden', part: 'part laden', ballast: 'in ballast' };
const SCENES = new Map(PAGE.scenes.map(scene => [scene.record.id, scene]));

/** The hulls of the store, each with what the page adds to its row `p`. */
const HULLS = PAGE.hulls.map((hull, index) => {
  const p = hull.record.properties || {};
  for (const key of ['reasons', 'cues']) if (!Array.isArray(p[key])) p[key] = []; /* whoever wrote the store */
  return {
    index, p, id: hull.record.id, geometry: hull.record.geometry, load: hull.load, key: hull.row_sha256 || null,
    pictured: hull.chips, seconds: p.acquired ? Date.parse(p.acquired) / 1000 : NaN,
    scene: SCENES.get(p.scene_id) || null, reviews: (PAGE.reviews || []).filter(one => one.hull_id === hull.record.id),
  };
});
const BY_ID = new Map(HULLS.map(hull => [hull.id, hull]));

const byId = id => document.getElementById(id);

function fill(node, attributes, children) {
  for (const [name, value] of Object.entries(attributes || {})) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith('on')) node.addEventListener(name.slice(2), value);
    else node.setAttribute(name, value === true ? '' : String(value));
  }
  for (const child of children.flat(Infinity)) {
    if (child !== null && child !== undefined) node.append(child);
  }
  return node;
}

/** An element: tag, attributes (on...: listeners), children; text stays text. */
function el(tag, attributes, ...children) {
  return fill(document.createElement(tag), attributes, children);
}

/** The same in SVG. */
function svg(tag, attributes, ...children) {
  return fill(document.createElementNS('http://www.w3.org/2000/svg', tag), attributes, children);
}

/** A hull's pictures and the sheet of places on them; null: there are none. */
function picturesOf(hull) {
  const block = hull.pictured ? byId('chips-' + hull.index) : null;
  return block ? JSON.parse(block.textContent) : null;
}
