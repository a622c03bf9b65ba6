/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What does an analyst say of a hull? Accept, reject, or correct: deck's edge and outer edge are
 * moved on the strip; width / per_metre is the freeboard, and a table that the program made tells
 * draft and barrels. Nothing leaves the page but by the file that is exported. */

const VERDICTS = { accept: 'accepted', reject: 'rejected', correct: 'corrected' };
const LEAST_PER_METRE = 0.1, DECK_STEP_M = 0.05;
const review = { said: new Map(), analyst: '', shelf: 'plimsoll-review|' + PAGE.results };

const geometryOf = (p, side) => {
  const normal = radians(p.heading_deg + (side === 'starboard' ? 90 : -90));
  const lean = -Math.tan(radians(p.view_incidence_deg)) * Math.cos(radians(p.view_azimuth_deg) - normal);
  return { lean, shadow: -Math.cos(radians(p.sun_azimuth_deg) - normal) / Math.tan(radians(p.sun_elevation_deg)) };
};

/** The bands that this geometry shows: each side's, as measured or as sun and view have it. */
function bandsOf(hull) {
  const p = hull.p, out = [];
  for (const side of ['port', 'starboard']) {
    const { lean, shadow } = geometryOf(p, side);
    for (const [kind, formula] of [['dark_band', shadow - lean], ['lit_wall', -lean]]) {
      const cue = p.cues.find(c => c.side === side && c.kind === kind);
      const per_metre = cue ? cue.per_metre : formula;
      if (known(per_metre) && per_metre >= LEAST_PER_METRE && (kind === 'lit_wall' || shadow > 0)) out.push({ side, kind, per_metre, cue });
    }
  }
  return out.sort((a, b) => Boolean(b.cue) - Boolean(a.cue));
}

/** Where the hands begin: at the machine's own edges, moved so that they say what its cue says. */
function beginning(hull, pictures) {
  const stations = pictures && pictures.sheet.stations, bands = bandsOf(hull);
  const band = (stations && bands.find(b => b.cue && b.side === stations.side)) || bands[0];
  if (!band) return null;
  const used = stations && stations.side === band.side ? stations.rows.filter(row => row[3] === 'used' && known(row[1])).map(row => row[1]) : [];
  const deck = used.length ? used.reduce((a, b) => a + b, 0) / used.length : hull.p.beam_m / 2;
  return { side: band.side, kind: band.kind, deck, outer: deck + (band.cue ? band.cue.width_m : 5 * band.per_metre) };
}

const bandOf = (hull, edges) => bandsOf(hull).find(b => b.side === edges.side && b.kind === edges.kind);
const metres3 = value => Math.round(value * 1000) / 1000;

/** Freeboard and its sigma of two edges; the formulas are those of `plimsoll review apply`. */
function freeboardOf(hull, edges) {
  const band = bandOf(hull, edges);
  if (!band) return null;
  const freeboard = (metres3(edges.outer) - metres3(edges.deck)) / band.per_metre;
  return { freeboard, per_metre: band.per_metre, width: metres3(edges.outer) - metres3(edges.deck) };
}

/** A cubic through the table's column k at line i, with the slopes of its neighbours (Catmull and Rom). */
function smooth(rows, i, t, k) {
  const slope = j => { const [a, b] = [rows[Math.max(0, j - 1)], rows[Math.min(rows.length - 1, j + 1)]]; return (b[k] - a[k]) / (b[0] - a[0]); };
  const [a, b] = [rows[i], rows[i + 1]], step = b[0] - a[0], square = t * t, cube = square * t;
  return (2 * cube - 3 * square + 1) * a[k] + (cube - 2 * square + t) * step * slope(i) + (3 * square - 2 * cube) * b[k] + (cube - square) * step * slope(i + 1);
}

/** Draft and barrels at a freeboard, from the program's table. */
function loadAt(hull, freeboard) {
  const rows = (hull.load && hull.load.rows) || [];
  for (let i = 0; i + 1 < rows.length; i++) {
    const [a, b] = [rows[i], rows[i + 1]];
    if (freeboard < a[0] || freeboard > b[0]) continue;
    const t = (freeboard - a[0]) / (b[0] - a[0]), at = k => a[k] + t * (b[k] - a[k]);
    return { draft_m: smooth(rows, i, t, 1), draft_sigma_m: at(2), oil_bbl_p05: at(3), oil_bbl_p50: at(4), oil_bbl_p95: at(5), p_ballast: at(6), p_part: at(7), p_laden: at(8) };
  }
  return null;
}

const saidOf = hull => review.said.get(hull.id) || null;
function verdictWord(hull) {
  const said = saidOf(hull), applied = hull.reviews.find(one => one.state === 'current');
  if (said) return VERDICTS[said.verdict] + ', not applied';
  return applied ? `${VERDICTS[applied.verdict]} by ${applied.analyst}${known(applied.freeboard_m) ? ': ' + withSigma(applied.freeboard_m, applied.freeboard_sigma_m, 2, 'm') : ''}` : '';
}

/* ---- keeping ---- */

function keep() {
  try { localStorage.setItem(review.shelf, JSON.stringify({ analyst: review.analyst, said: [...review.said] })); } catch (error) { /* a browser that keeps nothing: the export does */ }
}

function recall() {
  try {
    const kept = JSON.parse(localStorage.getItem(review.shelf) || 'null');
    if (!kept) return;
    review.analyst = String(kept.analyst || '');
    for (const [id, said] of kept.said) {
      const hull = BY_ID.get(id);
      const applied = hull && hull.reviews.some(one => one.reviewed_at && Date.parse(one.reviewed_at) === Date.parse(said.time));
      if (hull && !applied && said.row_sha256 === hull.key && VERDICTS[said.verdict]) review.said.set(id, said);
    }
  } catch (error) { /* what cannot be read was not kept */ }
}

/* ---- the file ---- */

function entryOf(hull, said) {
  const entry = { hull_id: hull.id, row_sha256: hull.key, verdict: said.verdict, analyst: review.analyst.trim(), remark: said.remark || '', time: said.time };
  if (said.verdict !== 'correct') return entry;
  const deck = metres3(said.edges.deck), outer = metres3(said.edges.outer), found = freeboardOf(hull, said.edges);
  Object.assign(entry, { freeboard_m: metres3(found.freeboard), deck_edge_m: deck, outer_edge_m: outer, side: said.edges.side, kind: said.edges.kind });
  if (known(said.sigma)) entry.freeboard_sigma_m = said.sigma;
  return entry;
}

const reviewFile = () => ({ format: 'plimsoll-review', version: 1, made_by: 'plimsoll report ' + PAGE.version, results: PAGE.results,
  reviews: [...review.said].map(([id, said]) => entryOf(BY_ID.get(id), said)) });

function exportFile() {
  const link = el('a', { href: URL.createObjectURL(new Blob([JSON.stringify(reviewFile(), null, 1) + '\n'], { type: 'application/json' })), download: 'review.json' });
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(link.href), 10000);
}

/* ---- the part of the page ---- */

function drawReview() {
  const count = review.said.size, named = review.analyst.trim().length > 0, whole = [...review.said.keys()].every(id => BY_ID.get(id).key);
  const button = el('button', { type: 'button', id: 'export', class: 'main', disabled: !count || !named || !whole, onclick: exportFile }, 'Export review.json');
  const name = el('input', { id: 'analyst', type: 'text', maxlength: 100, autocomplete: 'name', onchange: event => {
    review.analyst = event.target.value;
    keep();
    drawReview();
  } });
  name.value = review.analyst;
  byId('review-body').replaceChildren(
    el('p', null, 'Accept, reject or correct a hull on its card. The file goes back into the store, beside the machine\u2019s values and never over them: ', el('span', { class: 'mono' }, `plimsoll review apply ${PAGE.results} review.json`)),
    el('div', { class: 'fields' }, el('label', null, 'Your name', name), button),
    el('p', { role: 'status', id: 'review-count' }, count ? `${plural(count, 'verdict')} not exported yet${named ? '' : '; a name is needed to export'}.` : 'No verdict yet.'),
    el('ul', null, [...review.said].map(([id, said]) => el('li', null, `${titleOf(BY_ID.get(id))}: ${VERDICTS[said.verdict]}${said.remark ? ', ' + said.remark : ''} `,
      el('button', { type: 'button', onclick: () => { review.said.delete(id); changed(BY_ID.get(id)); if (view.picked && view.picked.id === id) showCard(view.picked); } }, 'Take back')))));
}

function changed(hull) {
  keep();
  redrawRow(hull);
  drawReview();
}

/* ---- on a card ---- */

/** Two upright lines on the strip that can be dragged, and moved by arrow keys. */
function handles(node, sheet, form) {
  const strip = sheet.strip, made = {};
  const along = Math.min(0.45 * strip.height, strip.height / 2 - 2);
  for (const which of ['deck', 'outer']) {
    const line = svg('line', { y1: strip.centre_px[1] - along, y2: strip.centre_px[1] + along });
    const grip = svg('rect', { class: 'grip', y: strip.centre_px[1] - along, height: 2 * along, width: 6 });
    const handle = svg('g', { class: 'handle ' + which, tabindex: 0, role: 'slider', 'aria-orientation': 'horizontal', 'aria-label': which === 'deck' ? 'Deck\u2019s edge, metres from the keel line' : 'Outer edge of shadow or wall, metres from the keel line' }, line, grip);
    const sign = () => (form.edges.side === 'starboard' ? 1 : -1);
    handle.addEventListener('pointerdown', event => { handle.setPointerCapture(event.pointerId); handle.focus(); event.preventDefault(); });
    handle.addEventListener('pointermove', event => {
      if (!handle.hasPointerCapture(event.pointerId)) return;
      const r = node.getBoundingClientRect(), x = (event.clientX - r.left) / r.width * strip.width;
      form.move(which, sign() * (x - strip.centre_px[0]) * strip.m_per_px);
    });
    handle.addEventListener('keydown', event => {
      const step = (event.shiftKey ? 10 : 1) * DECK_STEP_M, turn = { ArrowRight: 1, ArrowUp: 1, ArrowLeft: -1, ArrowDown: -1 }[event.key];
      if (!turn) return;
      event.preventDefault();
      form.move(which, form.edges[which] + sign() * turn * step);
    });
    made[which] = { handle, line, grip, sign };
    node.append(handle);
  }
  return () => {
    for (const which of ['deck', 'outer']) {
      const { handle, line, grip, sign } = made[which], x = stripX(strip, sign() * form.edges[which]);
      line.setAttribute('x1', x);
      line.setAttribute('x2', x);
      grip.setAttribute('x', x - 3);
      handle.setAttribute('aria-valuemin', 0);
      handle.setAttribute('aria-valuemax', metres3(strip.width * strip.m_per_px / 2));
      handle.setAttribute('aria-valuenow', metres3(form.edges[which]));
      handle.setAttribute('aria-valuetext', fixed(form.edges[which], 2) + ' m');
    }
  };
}

/** What the edges mean, in words. */
function answerOf(hull, edges) {
  const found = freeboardOf(hull, edges);
  if (!found) return 'This band cannot be measured here.';
  if (!(found.freeboard >= 0 && found.freeboard <= 40)) return 'No ship has such a side: move the edges.';
  const load = loadAt(hull, found.freeboard);
  const more = load ? ` Draft ${fixed(load.draft_m, 2)} m, oil ${three(load.oil_bbl_p50)} bbl (90 %: ${three(load.oil_bbl_p05)} to ${three(load.oil_bbl_p95)}).`
    : hull.load && hull.load.why_not === 'not_repeated' ? ' Draft and barrels: by plimsoll review apply; this page was made with other tables or options than the row.' : ' Draft and barrels: none for this freeboard here; plimsoll review apply tells.';
  return `${fixed(found.width, 2)} m / ${fixed(found.per_metre, 3)} = freeboard ${fixed(found.freeboard, 2)} m.${more}`;
}

/** The form of a card. @param strip the strip's drawing, or null. */
function reviewForm(hull, pictures, strip) {
  const said = saidOf(hull), start = beginning(hull, pictures), bands = bandsOf(hull), name = 'verdict-' + hull.index;
  const form = { edges: said && said.edges ? { ...said.edges } : start };
  const answer = el('p', { class: 'answer', role: 'status', 'data-answer': true });
  const field = (which, label) => el('label', null, label, el('input', { type: 'number', step: 0.01, min: 0, 'data-edge': which, oninput: event => { if (event.target.value !== '' && known(event.target.valueAsNumber)) form.move(which, event.target.valueAsNumber, event.target); } }));
  const band = form.edges && el('label', null, 'Band', el('select', { 'data-band': true, onchange: event => {
    const chosen = bands[Number(event.target.value)];
    form.edges = { ...form.edges, side: chosen.side, kind: chosen.kind };
    form.show();
  } }, bands.map((b, i) => el('option', { value: i, selected: b.side === form.edges.side && b.kind === form.edges.kind }, `${b.side}, ${KIND[b.kind]} (${fixed(b.per_metre, 3)} m per metre)`))));
  const fields = form.edges && el('div', { class: 'fields' }, field('deck', 'Deck\u2019s edge, m'), field('outer', 'Outer edge, m'), band, el('label', null, 'Your own sigma, m', el('input', { type: 'number', min: 0, max: 20, step: 0.05, 'data-sigma': true })),
    el('button', { type: 'button', onclick: () => { form.edges = beginning(hull, pictures); form.show(); } }, 'Back to the machine\u2019s'));
  const place = strip && form.edges ? handles(strip, pictures.sheet, form) : null;
  form.show = except => {
    if (!form.edges) return;
    for (const input of fields.querySelectorAll('[data-edge]')) if (input !== except) input.value = fixed(form.edges[input.dataset.edge], 3).replace(MINUS, '-');
    band.querySelector('select').value = String(bands.findIndex(b => b.side === form.edges.side && b.kind === form.edges.kind));
    if (place) place();
    answer.textContent = answerOf(hull, form.edges);
  };
  form.move = (which, value, except) => {
    form.edges[which] = metres3(Math.max(0, value));
    body.querySelector('input[value=correct]').checked = true;
    form.show(except);
  };
  const remark = el('textarea', { maxlength: 1500, 'data-remark': true });
  remark.value = said ? said.remark : '';
  const save = () => {
    const chosen = body.querySelector(`input[name="${name}"]:checked`);
    if (!chosen) { status.textContent = 'Accept, reject or correct?'; return; }
    const found = form.edges && freeboardOf(hull, form.edges);
    if (chosen.value === 'correct' && !(found && found.freeboard >= 0 && found.freeboard <= 40)) { status.textContent = 'These edges give no freeboard.'; return; }
    const own = body.querySelector('[data-sigma]');
    if (chosen.value === 'correct' && hull.p.status === 'refused' && !known(own.valueAsNumber)) { status.textContent = 'The machine refused this hull: a correction needs your own sigma.'; return; }
    review.said.set(hull.id, { verdict: chosen.value, remark: remark.value.trim(), time: new Date().toISOString().slice(0, 19) + 'Z', row_sha256: hull.key,
      edges: chosen.value === 'correct' ? { ...form.edges } : null, sigma: own && known(own.valueAsNumber) ? own.valueAsNumber : null });
    changed(hull);
    status.textContent = 'Kept on this page: export it under Review.';
  };
  const status = el('p', { class: 'faint', role: 'status' });
  const body = el('fieldset', { class: 'review no-print' }, el('legend', null, 'Your verdict'),
    el('div', { class: 'choices' }, [['accept', 'Accept'], ['reject', 'Reject'], form.edges ? ['correct', 'Correct'] : null].filter(Boolean).map(([value, word]) => el('label', null, el('input', { type: 'radio', name, value, checked: Boolean(said) && said.verdict === value }), ' ', word))),
    form.edges ? [el('p', { class: 'faint' }, place ? 'Drag the amber line (deck\u2019s edge) and the pink one (outer edge) on the strip, or move them by arrow keys (Shift: ten times as far), or type metres from the keel line.' : 'Metres from the keel line, outward, amidships. Without chips there is no strip to drag on.'), fields, answer] : el('p', { class: 'faint' }, 'Sun and view are not known or show no band on either side: no edges to correct.'),
    el('label', { class: 'faint' }, 'Remark', remark), el('button', { type: 'button', class: 'main', 'data-save': true, onclick: save }, 'Keep this verdict'), status);
  if (said && known(said.sigma) && fields) fields.querySelector('[data-sigma]').value = said.sigma;
  form.show();
  return body;
}
