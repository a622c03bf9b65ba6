/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Everything about one hull. Built when it is asked for, and for paper when it is printed. */

const part = (title, ...children) => el('div', null, el('h4', null, title), ...children);

function howToGetPictures(hull) {
  const file = hull.scene ? hull.scene.record.file : 'PICTURE';
  return el('p', { class: 'note' }, 'No pictures of this hull came with the store. They do after ', el('span', { class: 'mono' }, `plimsoll batch ${file} -o ${PAGE.results} --chips chips`), '.');
}

/** The card. @param paper for printing: nothing to press. */
function cardOf(hull, paper) {
  const p = hull.p, pictures = picturesOf(hull), strip = pictures && pictures.strip && pictures.sheet.strip ? stripFigure(hull, pictures) : null;
  const status = { measured: 'The picture carries the numbers.', dubious: 'Numbers to be doubted, for these reasons.', refused: 'No freeboard, for these reasons.' }[p.status] || 'Found, not measured.';
  return el('article', { class: 'cardbox', 'aria-label': titleOf(hull) },
    el('h3', { tabindex: -1 }, titleOf(hull)), el('p', null, badge(p), ' ', [when(p.acquired), p.platform, known(p.gsd_m) ? `pixel ${fixed(p.gsd_m, 2)} m` : null, p.port].filter(Boolean).join(', ')),
    el('p', null, status), reasonList(p), appliedReviews(hull),
    pictures ? null : howToGetPictures(hull),
    el('div', { class: 'grid2' }, el('div', null, pictures ? chipFigure(hull, pictures) : null, paper ? null : reviewForm(hull, pictures, strip ? strip.node : null)),
      strip ? strip.figure : pictures ? el('p', { class: 'faint' }, 'No outline, so nothing could be straightened.') : null), pairOf(hull, paper),
    el('div', { class: 'grid2' }, el('div', null, part('Freeboard', freeboardFacts(p)), part('Hull', hullFacts(p))), part('Error budget', budget(p))), cueTable(p),
    el('div', { class: 'grid2' }, part('Load', loadFacts(p)), profileFigure(pictures) ? part('Mean cross-section', profileFigure(pictures)) : null), part('Where it is from', provenance(hull)));
}

/** What analysts said of her, beside the machine's values. */
function appliedReviews(hull) {
  if (!hull.reviews.length) return null;
  const line = one => `${one.state === 'current' ? '' : one.state + ': '}${VERDICTS[one.verdict] || one.verdict} by ${one.analyst}, ${when(one.reviewed_at)}` +
    (known(one.freeboard_m) ? `: freeboard ${withSigma(one.freeboard_m, one.freeboard_sigma_m, 2, 'm')}${known(one.oil_bbl_p50) ? `, oil ${range(one, 'oil_bbl')} bbl` : ''}; the machine says ${withSigma(hull.p.freeboard_m, hull.p.freeboard_sigma_m, 2, 'm')}` : '') + (one.remark ? '. ' + one.remark : '');
  return el('ul', { class: 'reasons', 'data-reviews': true }, hull.reviews.map(one => el('li', null, line(one))));
}

/** Before and after, where a visit links two hulls. */
function pairOf(hull, paper) {
  const visit = (PAGE.visits || []).find(v => v.arrival_hull_id && v.departure_hull_id && (v.arrival_hull_id === hull.id || v.departure_hull_id === hull.id));
  const [before, after] = visit ? [BY_ID.get(visit.arrival_hull_id), BY_ID.get(visit.departure_hull_id)] : [];
  if (!before || !after || paper) return null;
  const other = hull === before ? after : before;
  return part('Before and after', el('p', null, `The same ship with ${fixed(100 * visit.same_hull, 0)} %: ${fixed(before.p.freeboard_m, 2)} m of freeboard, then ${fixed(after.p.freeboard_m, 2)} m; ${visit.direction}. `,
    el('button', { type: 'button', onclick: () => pick(other, true) }, hull === before ? 'The card after' : 'The card before')), beforeAfter(before, after));
}

/** To the hulls before and after, among those that the filters show. */
function steps(hull) {
  const at = view.shown.indexOf(hull), step = (word, to) => el('button', { type: 'button', disabled: !to, onclick: () => pick(to, false) }, word);
  return el('div', { class: 'tools' }, step('Previous hull', at > 0 ? view.shown[at - 1] : null), step('Next hull', at >= 0 ? view.shown[at + 1] : null),
    el('span', { class: 'faint' }, at >= 0 ? `${at + 1} of ${view.shown.length} shown` : 'not among those shown'));
}

function showCard(hull) {
  byId('card-body').replaceChildren(steps(hull), cardOf(hull, false));
}

/** A filter has changed: the card stays as it is, with what somebody is just correcting on it. */
function redrawSteps() {
  if (view.picked) byId('card-body').firstElementChild.replaceWith(steps(view.picked));
}
