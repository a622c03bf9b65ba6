/* SPDX-License-Identifier: GPL-3.0-or-later */
/* In which order does the page come to life? Numbers first, pictures when somebody looks. */

function howToRead() {
  const line = (word, text) => [el('dt', null, word), el('dd', null, text)];
  byId('reading-body').append(el('dl', { class: 'facts' },
    line('measured', 'the picture carries the numbers, with the sigma they deserve'), line('dubious', 'numbers to be doubted, for the reasons given; kept out of sums'), line('refused', 'no number, and the reasons why not'),
    line(PLUS_MINUS, 'one standard deviation'), line('90 %', 'nine of ten such intervals should hold the truth'), line('freeboard', 'deck\u2019s edge above the water amidships: what is measured'), line('draft, oil', 'inferred from freeboard, length and beam: most of their spread is the ship\u2019s unknown depth')),
    el('h3', null, 'Reasons that occur here'), el('dl', { class: 'facts' }, [...new Set(HULLS.flatMap(h => h.p.reasons))].sort().map(code => line(code.replace(/_/g, ' '), PAGE.reasons[code] || code))));
}

function printCards() {
  byId('paper').replaceChildren(...view.shown.map(hull => cardOf(hull, true)));
}

recall();
drawFindings();
startTime();
startTable();
view.listeners.push(redrawSteps);
refilter();
startMap();
drawReview();
howToRead();
byId('foot').textContent = `plimsoll ${PAGE.version}. ${plural(PAGE.scenes.length, 'picture')}, ${plural(HULLS.length, 'hull')}.`;
if (view.shown.length) {
  /* the pictures stand behind this program in the file */
  document.addEventListener('DOMContentLoaded', () => pick(view.picked || view.shown[0], false));
} else {
  byId('card-body').append(el('p', { class: 'note' }, 'No hull, no card.'));
}
window.addEventListener('beforeprint', printCards);
window.addEventListener('afterprint', () => byId('paper').replaceChildren());
