/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How many barrels by when, against the cap? What `plimsoll findings` found, drawn; the page sums
 * nothing itself. */

const percent = p => (!known(p) ? DASH : p > 0.995 && p < 1 ? 'over 99 %' : p < 0.005 && p > 0 ? 'under 1 %' : `${fixed(100 * p, 0)} %`);
const band = (f, name) => `${three(f[name + '_p50'])} (90 %: ${three(f[name + '_p05'])} to ${three(f[name + '_p95'])})`;
const secondsOf = date => Date.parse(date + 'T00:00:00Z') / 1000;

/** The page's first sentence, where findings are at hand. */
function findingsSentence(f) {
  const left = Object.entries(f.left_out || {}).filter(([, n]) => n).map(([why, n]) => `${n} ${why.replace(/_/g, ' ')}`);
  if (!f.visits) return `No call is counted${left.length ? ` (left out: ${listed(left)})` : ''}, so nothing is said of the cap of ${three(f.cap_bbl)} barrels.`;
  const passed = f.cap_passed_on && f.cap_passed_on.p50, unseen = known(f.unseen_visits_p50) ? `; ${fixed(f.unseen_visits_p05, 0)} to ${fixed(f.unseen_visits_p95, 0)} more went unseen` : '';
  return `${plural(f.visits, 'call')} loaded ${band(f, 'oil_bbl')} barrels, a lower bound of what was loaded${unseen}. ` +
    `The cap of ${three(f.cap_bbl)} barrels ${f.cap_period === 'calendar_year' ? 'a year ' : ''}was passed with ${percent(f.p_over_cap)}${passed ? `, more probably than not by ${passed}` : ''}.`;
}

/** Cumulated barrels by day: steps, with the 50 and the 90 % band. The sum begins anew with the cap's period. */
function cumulated(f) {
  const days = (f.by_date || []).filter(d => d.date && known(d.oil_bbl_p50)).map(d => ({ ...d, at: secondsOf(d.date) }));
  if (!days.length) return null;
  const low = Math.min(...days.map(d => d.at)), high = Math.max(...days.map(d => d.at)) + 86400, pad = 0.02 * (high - low);
  const plot = frame(1100, 340, { low: low - pad, high: high + pad, time: true }, { low: 0, high: 1.05 * Math.max(f.cap_bbl, ...days.map(d => d.oil_bbl_p95)), say: three },
    { y: 'barrels', says: `Barrels loaded, cumulated, against the cap of ${three(f.cap_bbl)}: ${band(f, 'oil_bbl')}. The table below has the numbers.` });
  const periods = f.cap_period === 'calendar_year' ? [...new Set(days.map(d => d.date.slice(0, 4)))].map(year => days.filter(d => d.date.startsWith(year))) : [days];
  for (const run of periods) {
    const end = Math.min(high + pad, f.cap_period === 'calendar_year' ? secondsOf(`${Number(run[0].date.slice(0, 4)) + 1}-01-01`) : Infinity);
    const steps = key => run.flatMap((d, i) => [[plot.x(d.at), plot.y(d[key])], [plot.x(i + 1 < run.length ? run[i + 1].at : end), plot.y(d[key])]]);
    const area = (a, b) => svg('polygon', { class: 'band90', points: [...steps(a), ...steps(b).reverse()].map(([x, y]) => `${x.toFixed(1)},${y.toFixed(1)}`).join(' ') });
    plot.node.append(area('oil_bbl_p05', 'oil_bbl_p95'), area('oil_bbl_p25', 'oil_bbl_p75'), ...curves(steps('oil_bbl_p50'), 'median'));
  }
  const x = [plot.x(low - pad), plot.x(high + pad)], y = plot.y(f.cap_bbl);
  plot.node.append(svg('line', { class: 'cap', x1: x[0], x2: x[1], y1: y, y2: y }), svg('text', { x: x[0] + 6, y: y - 6 }, `cap ${three(f.cap_bbl)}`));
  return scroller('Barrels against the cap, scrolls sideways', plot.node);
}

const scroller = (says, ...children) => el('div', { class: 'scroll', role: 'region', tabindex: 0, 'aria-label': says }, children);

function lines(caption, heads, rows) {
  return scroller(caption, el('table', null, el('caption', null, caption), el('thead', null, el('tr', null, heads.map(word => el('th', { scope: 'col' }, word)))),
    el('tbody', null, rows.map(row => el('tr', null, row.map((cell, i) => (i ? el('td', null, cell) : el('th', { scope: 'row' }, cell))))))));
}

function drawFindings() {
  const f = PAGE.findings, body = byId('findings-body');
  if (!f) {
    body.replaceChildren(el('p', { class: 'note' }, 'No findings came with this page, so no barrels are summed over time here: a ship seen twice is not known to have called twice. They do after ',
      el('span', { class: 'mono' }, `plimsoll visits ${PAGE.results} --keep --format csv -o visits.csv; plimsoll findings visits.csv --format geojson -o findings.json`), ' and ', el('span', { class: 'mono' }, `plimsoll report ${PAGE.results} --findings findings.json`), '.'));
    return;
  }
  const passed = one => (one ? [one.p05, one.p50, one.p95].map(d => d || 'never').join(' / ') : DASH);
  if (!f.visits) {
    body.replaceChildren(el('p', { class: 'note' }, findingsSentence(f)), el('ul', { class: 'reasons' }, (f.warnings || []).map(words => el('li', null, words))));
    return;
  }
  body.replaceChildren(...[cumulated(f),
    el('ul', { class: 'keys' }, el('li', null, 'line: median'), el('li', null, 'dark and pale: 50 and 90 % bands'), el('li', null, 'broken line: the cap')),
    lines('By the cap\u2019s period', ['Period', 'Calls', 'Barrels', 'Over the cap', 'Passed with 5 / 50 / 95 %'], (f.by_year || []).map(y => [y.year ? String(y.year) : `${f.since || 'begin'} to ${f.until || 'end'}`, y.visits, band(y, 'oil_bbl'), percent(y.p_over_cap), passed(y.cap_passed_on)])),
    (f.scenarios || []).length ? lines('If all that count were laden to one share of their deadweight', ['Share', 'Barrels', 'Over the cap'], f.scenarios.map(s => [percent(s.load_fraction), three(s.oil_bbl), s.over_cap ? 'yes' : 'no'])) : null,
    (f.warnings || []).length ? el('ul', { class: 'reasons' }, f.warnings.map(words => el('li', null, words))) : null].filter(Boolean));
}
