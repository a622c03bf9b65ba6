/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which numbers does a card say, and what do they rest on? */

const KIND = { dark_band: 'dark band of shadow', lit_wall: 'lit wall' };

function facts(rows) {
  return el('dl', { class: 'facts' }, rows.filter(Boolean).map(([name, ...value]) => [el('dt', null, name), el('dd', null, ...value)]));
}

function reasonList(p) {
  if (!p.reasons.length) return el('p', null, 'No reason for doubt.');
  return el('ul', { class: 'reasons' }, p.reasons.map(code => el('li', null, PAGE.reasons[code] || code, ' ', el('span', { class: 'mono' }, code))));
}

/** What a ruler would have to find again. */
function cueTable(p) {
  if (!p.cues.length) return null;
  return scroller('Cues, scrolls sideways', el('table', null, el('caption', null, 'With a ruler: the width on the ground, divided by the metres that a metre of side makes.'),
    el('thead', null, el('tr', null, ['Side', 'What', 'Width, m', 'per metre', 'Freeboard, m', 'Stations', 'chi\u00b2'].map(word => el('th', { scope: 'col' }, word)))),
    el('tbody', null, p.cues.map(cue => el('tr', null, [cue.side, KIND[cue.kind] || cue.kind, withSigma(cue.width_m, cue.width_sigma_m, 2), fixed(cue.per_metre, 3), withSigma(cue.freeboard_m, cue.sigma_m, 2), cue.stations, fixed(cue.chi2, 2)].map(cell => el('td', null, cell)))))));
}

function freeboardFacts(p) {
  return facts([
    ['Freeboard', known(p.freeboard_m) ? `${withSigma(p.freeboard_m, p.freeboard_sigma_m, 2, 'm')} (90 %: ${fixed(p.freeboard_m_p05, 2)} to ${fixed(p.freeboard_m_p95, 2)})` : 'none'],
    known(p.freeboard_bound_m) ? ['Noise alone', `${fixed(p.freeboard_bound_m, 2)} m (Cram\u00e9r-Rao bound)`] : null,
    ['Trim', known(p.trim_m) ? withSigma(p.trim_m, p.trim_sigma_m, 2, 'm, by the stern') : 'not told'],
    ['List', known(p.list_deg) ? `${fixed(p.list_deg, 2)}\u00b0 to starboard` : 'not told: one side only, or none'],
    known(p.shadow_length_m) ? ['Shadow', `${fixed(p.shadow_length_m, 1)} m at most`] : null,
  ]);
}

function hullFacts(p) {
  return facts([
    ['Length', withSigma(p.length_m, p.length_sigma_m, 1, 'm')], ['Beam', withSigma(p.beam_m, p.beam_sigma_m, 1, 'm')],
    ['Heading', known(p.heading_deg) ? `${fixed(p.heading_deg, 1)}\u00b0${p.bow_certain ? '' : ', or the opposite'}` : DASH],
    ['Place', known(p.lat) ? `${fixed(p.lat, 5)}, ${fixed(p.lon, 5)}` : 'no georeference', p.port ? `, ${p.port}` : ''],
    ['Kind', `${p.vessel_class || 'not told'}${known(p.tanker_probability) ? `, tanker with ${fixed(100 * p.tanker_probability, 0)} %` : ''}`],
    p.vessel_name || p.vessel_imo ? ['Ship', `${[p.vessel_name, p.vessel_imo && 'IMO ' + p.vessel_imo].filter(Boolean).join(', ')} (by ${p.vessel_source})`] : ['Ship', 'not identified'],
  ]);
}

function stateBar(p) {
  const shares = ['ballast', 'part', 'laden'].map(key => [key, p['p_' + key]]);
  const says = shares.map(([key, share]) => `${STATES[key]} ${fixed(100 * share, 0)} %`).join(', ');
  const bar = el('div', { class: 'states', role: 'img', 'aria-label': says });
  for (const [key, share] of shares) {
    const part = el('span', { class: key });
    part.style.width = 100 * share + '%';
    bar.append(part);
  }
  return [bar, el('span', { class: 'faint' }, says)];
}

function loadFacts(p) {
  if (!p.load_state) return el('p', null, p.status === 'refused' ? 'No freeboard, no load.' : 'No load was inferred.');
  return facts([
    ['Draft', withSigma(p.draft_m, p.draft_sigma_m, 2, 'm')], ['Depth', withSigma(p.depth_m, p.depth_sigma_m, 2, 'm'), p.depth_source === 'registry' ? ', registered' : ', from length and beam'],
    ['Deadweight', known(p.dwt_t) ? `${three(p.dwt_t)} ${PLUS_MINUS} ${three(p.dwt_sigma_t)} t` : DASH],
    ['Displacement', known(p.displacement_t) ? `${three(p.displacement_t)} ${PLUS_MINUS} ${three(p.displacement_sigma_t)} t, by ${p.displacement_source}` : DASH],
    ['State', stateWord(p), stateBar(p)], ['Share of cargo', known(p.load_fraction_p50) ? `${fixed(p.load_fraction_p50, 2)} (${fixed(p.load_fraction_p05, 2)} to ${fixed(p.load_fraction_p95, 2)})` : DASH],
    ['Cargo', range(p, 'cargo_t'), ' t, 90 %'], ['Oil', range(p, 'oil_bbl'), ' bbl, 90 %'], ['As', `${p.product} by ${p.conversion}`, p.conversion_evidence ? ` (${p.conversion_evidence})` : ''],
  ]);
}

/** The error budget: a table whose second column is drawn. */
function budget(p) {
  if (!p.error_budget) return el('p', null, 'No freeboard, no budget.');
  const rows = Object.entries(p.error_budget).filter(([, sigma]) => known(sigma) && sigma >= 0.0005);
  const line = (name, sigma, all) => {
    const bar = el('div', { class: 'barline' + (all ? ' all' : '') });
    bar.style.width = Math.min(100, 100 * sigma / p.freeboard_sigma_m) + '%';
    return el('tr', null, el('th', { scope: 'row' }, name.replace(/_/g, ' ')), el('td', { 'aria-hidden': 'true' }, bar), el('td', { class: 'number' }, fixed(sigma, 3)));
  };
  return el('table', { class: 'budget' }, el('caption', null, 'What the freeboard\u2019s sigma is made of, metres'),
    el('tbody', null, rows.map(([name, sigma]) => line(name, sigma)), line('together', p.freeboard_sigma_m, true)));
}

/** The mean cross-section with what the fit says it is. */
function profileFigure(pictures) {
  const profile = pictures && (pictures.sheet.profiles || []).find(one => one && one.level && one.level.some(known));
  if (!profile) return null;
  const at = i => profile.from_m + (i + 0.5) * profile.step_m, levels = profile.level.filter(known);
  const model = profile.model || [], beyond = profile.level.filter((v, i) => known(v) && at(i) > 0.4 * (profile.outer_edge_m || 0));
  const low = Math.min(...levels, ...model.filter(known)), most = Math.max(...levels, ...model.filter(known));
  const cut = beyond.length ? low + 5 * (Math.max(...beyond) - Math.min(...beyond)) : most, high = Math.min(most, cut > low ? cut : most);
  const plot = frame(560, 300, { low: profile.from_m, high: profile.from_m + profile.step_m * profile.level.length }, { low, high: high + 0.05 * (high - low || 1) },
    { x: profile.side ? `metres outward from the deck\u2019s edge, ${profile.side}` : 'metres from the keel line to starboard', y: 'brightness in the file', says: 'Mean cross-section' + (profile.side ? ` of the ${profile.side} side, with the fitted edges` : ': no edges fitted') });
  const curve = values => values.map((v, i) => [plot.x(at(i)), known(v) && v <= high ? plot.y(v) : NaN]);
  plot.node.append(...curves(curve(profile.level), 'curve'), ...curves(curve(model), 'model'));
  const edge = (metres, className, word, row) => {
    if (!known(metres) || !profile.side) return;
    const x = plot.x(metres);
    plot.node.append(svg('line', { class: className, x1: x, x2: x, y1: plot.top, y2: plot.bottom }), svg('text', { x: x + 4, y: plot.top + 10 + 14 * row }, word));
  };
  edge(profile.deck_edge_m, 'edge-deck', 'deck\u2019s edge', 0);
  edge(profile.outer_edge_m, 'edge-outer', profile.kind === 'dark_band' ? 'shadow\u2019s end' : 'waterline', 1);
  if (profile.kind === 'dark_band') edge(profile.waterline_m, 'edge-water', 'waterline, by the answer', 2);
  return el('figure', null, scroller('Mean cross-section, scrolls sideways', plot.node), el('figcaption', null, profile.model ? 'Line: the mean of the sections at the used stations. Broken line: the fitted model.' : 'The mean of the sections at the used stations.', high < most ? ' The brightest of the deck is off the scale.' : ''));
}

const angle = one => (one && known(one.deg) ? `${fixed(one.deg, 2)}\u00b0 (${one.source})` : 'unknown');

/** Where the answer comes from: bytes, time, angles, tables, program. */
function provenance(hull) {
  if (!hull.scene) return el('p', null, 'The store has no record of the picture.');
  const r = hull.scene.record, hash = r.sha256 || {}, mono = text => el('span', { class: 'mono' }, text || DASH);
  return facts([
    ['File', mono(r.file), r.sidecar ? [', with ', mono(r.sidecar)] : ''], ['SHA-256', mono(hash.picture)], hash.sidecar ? ['of the sidecar', mono(hash.sidecar)] : null,
    ['Time', r.acquired || 'unknown'], ['Platform', r.platform || 'unknown', `, read as ${r.driver}`], ['Pixel', `${fixed(r.gsd_m, 2)} m`, r.crs ? `, ${r.crs}` : ', no georeference'],
    ['Sun', `azimuth ${angle(r.sun_azimuth)}, elevation ${angle(r.sun_elevation)}`], ['Satellite', `azimuth ${angle(r.view_azimuth)}, incidence ${angle(r.view_incidence)}`],
    r.ephemeris && known(r.ephemeris.difference_deg) ? ['Ephemeris', `${fixed(r.ephemeris.difference_deg, 2)}\u00b0 from the sun used`] : null,
    r.warnings && r.warnings.length ? ['Warnings', [].concat(r.warnings).join('; ')] : null,
    ['Measured by', `plimsoll ${hull.scene.version || 'unknown'}`, hull.scene.options && hull.scene.options !== '[]' ? [' with ', mono(hull.scene.options)] : ''], ['Model tables', mono(hash.models)],
    hash.vessels ? ['Registry', mono(hash.vessels)] : null, hash.outline ? ['Outline by hand', mono(hash.outline)] : null, ['Row', mono(hull.id)],
  ]);
}
