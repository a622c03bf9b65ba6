/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Who called when? The visits of the store, a row a ship, and as a table. */

const GOES = { loading: 'laden', discharging: 'ballast' };
const instant = text => (text ? Date.parse(text) / 1000 : NaN);
const callerOf = v => v.vessel_name || (v.vessel_imo ? 'IMO ' + v.vessel_imo : v.arrival_hull_id || v.departure_hull_id || v.visit_id);

/** @return null: the store has none. */
function visitsTimeline() {
  const visits = (PAGE.visits || []).map(v => ({ ...v, first: instant(v.first_seen), last: instant(v.last_seen), after: instant(v.arrived_after), before: instant(v.departed_before) })).filter(v => known(v.first));
  if (!visits.length) return null;
  const shipOf = v => v.ship || callerOf(v), ships = [...new Set(visits.map(shipOf))], titles = new Map(visits.map(v => [shipOf(v), callerOf(v)])), low = Math.min(...visits.map(v => (known(v.after) ? v.after : v.first))), high = Math.max(...visits.map(v => (known(v.before) ? v.before : v.last)));
  const height = 22 * ships.length, left = 220, width = 1100, pad = Math.max(0.02 * (high - low), 43200), x = at => left + (at - low + pad) / (high - low + 2 * pad) * (width - left - 14);
  const node = svg('svg', { viewBox: `0 0 ${width} ${height + 30}`, width, height: height + 30, role: 'img', 'aria-label': `${plural(visits.length, 'visit')} of ${plural(ships.length, 'ship')}; the table below has the same.` });
  for (const [at, word] of timeTicks(low - pad, high + pad)) node.append(svg('line', { class: 'grid', x1: x(at), x2: x(at), y1: 0, y2: height }), svg('text', { class: 'faint', x: x(at), y: height + 18, 'text-anchor': x(at) > width - 40 ? 'end' : 'middle' }, word));
  ships.map(ship => titles.get(ship)).forEach((ship, k) => node.append(svg('text', { x: left - 8, y: 22 * k + 15, 'text-anchor': 'end' }, ship.length > 30 ? ship.slice(0, 29) + '\u2026' : ship)));
  for (const v of visits) {
    const y = 22 * ships.indexOf(shipOf(v)), says = `${callerOf(v)}, ${day(v.first)} to ${day(v.last)}: ${v.direction}${known(v.transfer_bbl_p50) ? ', ' + range(v, 'transfer_bbl') + ' bbl' : ', cargo not told'}`;
    node.append(svg('line', { class: 'whisker', x1: x(known(v.after) ? v.after : v.first), x2: x(known(v.before) ? v.before : v.last), y1: y + 11, y2: y + 11 }),
      svg('rect', { class: `mark ${GOES[v.direction] || 'none'}${v.status === 'measured' ? '' : ' doubted'}`, x: x(v.first) - 3, width: Math.max(6, x(v.last) - x(v.first) + 6), y: y + 4, height: 14 }, svg('title', null, says)));
  }
  return [scroller('Visits by time, scrolls sideways', node), el('ul', { class: 'keys' }, el('li', null, el('span', { class: 'swatch laden' }), 'loading'), el('li', null, el('span', { class: 'swatch ballast' }), 'discharging'),
    el('li', null, 'grey: unclear, or nothing moved'), el('li', null, 'line: when she can have come and gone')),
  lines('Visits', ['Ship', 'Port', 'First seen', 'Last seen', 'Direction', 'Barrels moved (90 %)', 'Same ship', 'Status'], visits.map(v => [callerOf(v), v.port || DASH, when(v.first_seen), when(v.last_seen), v.direction + (v.reviewed ? ' (by a reviewed hull)' : ''), range(v, 'transfer_bbl'), percent(v.same_hull), v.status]))];
}
