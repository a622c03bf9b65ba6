/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What does the whole store say: in one sentence, over time, against a cap? */

/** "6 hulls in 6 pictures ..." */
function summary() {
  if (PAGE.findings) return `${findingsSentence(PAGE.findings)} ${plural(HULLS.length, 'hull')} were seen in ${plural(PAGE.scenes.length, 'picture')}.`;
  if (!HULLS.length) return `No ship was found in ${plural(PAGE.scenes.length, 'picture')}.`;
  const times = HULLS.map(h => h.seconds).filter(known).sort((a, b) => a - b), count = status => HULLS.filter(h => h.p.status === status).length;
  const span = !times.length ? '' : day(times[0]) === day(times[times.length - 1]) ? ` of ${day(times[0])}` : `, ${day(times[0])} to ${day(times[times.length - 1])}`;
  const told = ['measured', 'dubious', 'refused'].filter(count).map(status => `${count(status)} ${status}`);
  const sure = HULLS.filter(h => h.p.status === 'measured' && known(h.p.oil_bbl_p50)), sum = name => sure.reduce((total, h) => total + h.p[name], 0);
  const states = Object.keys(STATES).map(key => [sure.filter(h => h.p.load_state === key).length, STATES[key]]).filter(([n]) => n).map(([n, word]) => `${n} ${word}`);
  const oil = !sure.length ? 'None carries a number that is sure enough to be summed.' :
    `${sure.length === 1 ? 'The one that is sure' : 'Those that are sure'} (${listed(states)}) had ${three(sum('oil_bbl_p50'))} barrels aboard when seen` +
    `${sure.length === 1 ? ' (90 %: ' : ', a ship seen twice counted twice (if all err alike, 90 %: '}${three(sum('oil_bbl_p05'))} to ${three(sum('oil_bbl_p95'))}).`;
  return `${plural(HULLS.length, 'hull')} in ${plural(PAGE.scenes.length, 'picture')}${span}: ${listed(told) || 'found, not measured'}. ${oil}`;
}

/** Freeboard of each hull by its time: with whiskers of 90 %. */
function drawTime() {
  const body = byId('time-body'), visits = visitsTimeline(), points = HULLS.filter(h => known(h.seconds) && known(h.p.freeboard_m));
  if (!points.length) {
    body.replaceChildren(...(visits || []).flat(), el('p', { class: 'note' }, 'No hull has both a time and a freeboard: nothing to draw.'));
    return;
  }
  const times = points.map(h => h.seconds), low = Math.min(...times), high = Math.max(...times), pad = Math.max(0.04 * (high - low), 43200);
  const top = Math.max(...points.map(h => h.p.freeboard_m_p95 || h.p.freeboard_m));
  const plot = frame(1100, 260, { low: low - pad, high: high + pad, time: true }, { low: 0, high: Math.max(1, top * 1.05) },
    { y: 'freeboard, m', says: `Freeboard of ${plural(points.length, 'hull')} by time, ${day(low)} to ${day(high)}; the table of ships has the numbers.` });
  for (const hull of points) {
    const x = plot.x(hull.seconds), p = hull.p;
    plot.node.append(svg('line', { class: 'whisker', x1: x, x2: x, y1: plot.y(p.freeboard_m_p05), y2: plot.y(p.freeboard_m_p95) }),
      svg('circle', { class: `mark ${stateClass(p)}${p.status === 'measured' ? '' : ' doubted'}`, cx: x, cy: plot.y(p.freeboard_m), r: 5, 'data-hull': hull.index },
        svg('title', null, `${titleOf(hull)}, ${when(p.acquired)}: ${withSigma(p.freeboard_m, p.freeboard_sigma_m, 2, 'm')}`)));
  }
  plot.node.addEventListener('click', event => {
    const mark = event.target.closest('.mark');
    if (mark) pick(HULLS[Number(mark.dataset.hull)], true);
  });
  body.replaceChildren(...(visits || [el('p', { class: 'faint' }, 'The store has no visits: plimsoll visits --keep puts them there.')]), el('p', null, 'Each measured hull at its time; lines are 90 % intervals of the freeboard.'), scroller('Freeboards by time, scrolls sideways', plot.node));
}

function startTime() {
  byId('title').textContent = 'plimsoll report: ' + PAGE.results;
  document.title = 'plimsoll report: ' + PAGE.results;
  byId('summary').textContent = summary();
  byId('about').textContent = `Made by plimsoll ${PAGE.version}. One file: it asks no server for anything, and everything on it is in the store.`;
  drawTime();
}
