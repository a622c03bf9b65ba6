/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which hulls are asked for, in which order? The table, its filters, and who hears of a change. */

const COLUMNS = [
  { key: 'time', title: 'Time', value: h => (known(h.seconds) ? h.seconds : Infinity), cell: h => (h.p.acquired ? when(h.p.acquired).replace(' UTC', '') : DASH) },
  { key: 'ship', title: 'Ship', wraps: true, value: h => titleOf(h), cell: h => el('button', { type: 'button' }, titleOf(h).split(/(?=[+/])/).flatMap((word, i) => (i ? [el('wbr'), word] : [word]))) },
  { key: 'status', title: 'Status', value: h => statusWord(h.p), cell: h => badge(h.p) },
  { key: 'state', title: 'Load', value: h => (h.p.load_state ? ['laden', 'part', 'ballast'].indexOf(h.p.load_state) : 9), cell: h => [swatch(h.p), h.p.load_state ? stateWord(h.p) : DASH] },
  { key: 'freeboard', title: 'Freeboard, m', number: true, value: h => h.p.freeboard_m, cell: h => withSigma(h.p.freeboard_m, h.p.freeboard_sigma_m, 2) },
  { key: 'draft', title: 'Draft, m', number: true, value: h => h.p.draft_m, cell: h => withSigma(h.p.draft_m, h.p.draft_sigma_m, 1) },
  { key: 'oil', title: 'Oil, bbl (90 %)', number: true, value: h => h.p.oil_bbl_p50, cell: h => range(h.p, 'oil_bbl') },
  { key: 'length', title: 'L \u00d7 B, m', number: true, value: h => h.p.length_m, cell: h => (known(h.p.length_m) ? `${fixed(h.p.length_m, 0)} \u00d7 ${fixed(h.p.beam_m, 0)}` : DASH) },
  { key: 'review', title: 'Review', value: h => verdictWord(h), cell: h => verdictWord(h) },
  { key: 'reasons', title: 'Reasons', wraps: true, value: h => h.p.reasons.length, cell: h => h.p.reasons.map(code => code.replace(/_/g, ' ')).join(', ') || 'none' },
];

const view = { order: 'time', down: false, shown: [], picked: null, listeners: [] };

const badge = p => el('span', { class: 'badge ' + statusWord(p) }, statusWord(p));
const swatch = p => (p.load_state ? el('span', { class: 'swatch ' + stateClass(p) }) : null);

function compare(a, b) {
  const column = COLUMNS.find(c => c.key === view.order), x = column.value(a), y = column.value(b);
  const gap = [x, y].map(v => v === null || v === undefined || v === Infinity || Number.isNaN(v));
  if (gap[0] || gap[1]) return gap[0] - gap[1] || a.index - b.index; /* the unknown comes last, either way */
  const order = typeof x === 'string' ? x.localeCompare(y) : x - y;
  return (view.down ? -order : order) || a.index - b.index;
}

/** What a search looks through: names, files, platforms, reasons. */
function haystack(hull) {
  const p = hull.p;
  return [hull.id, p.vessel_name, p.vessel_imo, p.port, p.platform, p.status, p.load_state, hull.scene && hull.scene.record.file, p.acquired]
    .concat(p.reasons, p.reasons.map(code => code.replace(/_/g, ' '))).filter(Boolean).join('\n').toLowerCase();
}

function passes(hull, wanted) {
  const p = hull.p, date = (p.acquired || '').slice(0, 10);
  return (!wanted.status || p.status === wanted.status) && (!wanted.state || p.load_state === wanted.state) &&
    (!wanted.from || (date && date >= wanted.from)) && (!wanted.to || (date && date <= wanted.to)) &&
    wanted.words.every(word => (hull.hay ||= haystack(hull)).includes(word));
}

function refilter() {
  const wanted = { status: byId('filter-status').value, state: byId('filter-state').value, from: byId('filter-from').value,
    to: byId('filter-to').value, words: byId('filter-text').value.toLowerCase().split(/\s+/).filter(Boolean) };
  view.shown = HULLS.filter(hull => passes(hull, wanted)).sort(compare);
  byId('filter-count').textContent = view.shown.length === HULLS.length ? `${plural(HULLS.length, 'hull')}, all shown` : `${view.shown.length} of ${plural(HULLS.length, 'hull')} shown`;
  drawRows();
  for (const listener of view.listeners) listener();
}

function drawHead() {
  const cells = COLUMNS.map(column => el('th', { scope: 'col', class: column.number ? 'number' : null, 'aria-sort': view.order === column.key ? (view.down ? 'descending' : 'ascending') : 'none' },
    el('button', { type: 'button', 'data-key': column.key }, column.title, view.order === column.key ? (view.down ? ' \u25bc' : ' \u25b2') : '')));
  byId('table').tHead.replaceChildren(el('tr', null, cells));
}

const rowOf = hull => el('tr', { 'data-hull': hull.index, 'aria-current': hull === view.picked ? 'true' : null },
  COLUMNS.map(column => el('td', { class: column.number ? 'number' : column.wraps ? 'wraps' : null }, column.cell(hull))));

function drawRows() {
  const rows = view.shown.map(hull => (hull.row ||= rowOf(hull)));
  byId('table').tBodies[0].replaceChildren(...(rows.length ? rows : [el('tr', null, el('td', { colspan: COLUMNS.length }, HULLS.length ? 'No hull is like that.' : 'The store has no hulls.'))]));
}

/** Draws one line anew: its review has changed. */
function redrawRow(hull) {
  const fresh = rowOf(hull);
  if (hull.row) hull.row.replaceWith(fresh);
  hull.row = fresh;
}

/** Opens a hull's card. @param go moves there, too. */
function pick(hull, go) {
  if (view.picked && view.picked.row) view.picked.row.removeAttribute('aria-current');
  view.picked = hull;
  if (hull.row) hull.row.setAttribute('aria-current', 'true');
  showCard(hull);
  for (const mark of document.querySelectorAll('.mark')) mark.classList.toggle('picked', Number(mark.dataset.hull) === hull.index);
  if (go) {
    byId('card').scrollIntoView();
    byId('card-body').querySelector('h3').focus({ preventScroll: true });
  }
}

function startTable() {
  const table = byId('table');
  table.createTHead();
  table.createTBody();
  table.tHead.addEventListener('click', event => {
    const button = event.target.closest('button');
    if (!button) return;
    const key = button.dataset.key;
    view.down = view.order === key ? !view.down : COLUMNS.find(c => c.key === key).number === true;
    view.order = key;
    drawHead();
    refilter();
    table.tHead.querySelector(`[data-key="${key}"]`).focus();
  });
  table.tBodies[0].addEventListener('click', event => {
    const row = event.target.closest('tr');
    if (row && row.dataset.hull) pick(HULLS[Number(row.dataset.hull)], true);
  });
  byId('filters').addEventListener('input', refilter);
  byId('filters').addEventListener('submit', event => event.preventDefault());
  byId('filter-none').addEventListener('click', () => {
    byId('filters').reset();
    refilter();
  });
  drawHead();
}
