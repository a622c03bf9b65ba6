/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How is a number said to people? Never with more digits than it deserves; unknown is a dash. */

const DASH = '\u2013', MINUS = '\u2212', PLUS_MINUS = '\u00b1', NARROW = '\u202f';

const known = value => typeof value === 'number' && Number.isFinite(value);

function fixed(value, decimals) {
  if (!known(value)) return DASH;
  const text = Math.abs(value).toFixed(decimals);
  return value < 0 && Number(text) !== 0 ? MINUS + text : text;
}

/** Three figures of what is counted whole (barrels, tonnes), thousands set apart: 18512 is "18 500". */
function three(value) {
  if (!known(value)) return DASH;
  if (value === 0) return '0';
  const unit = Math.max(1, 10 ** (Math.floor(Math.log10(Math.abs(value))) - 2)), rounded = Math.round(value / unit) * unit;
  return (rounded < 0 ? MINUS : '') + Math.abs(rounded).toFixed(0).replace(/\B(?=(\d{3})+(?!\d))/g, NARROW);
}

/** "4.75 ± 0.21 m" */
function withSigma(value, sigma, decimals, unit) {
  if (!known(value)) return DASH;
  const spread = known(sigma) ? ` ${PLUS_MINUS} ${fixed(sigma, decimals)}` : '';
  return `${fixed(value, decimals)}${spread}${unit ? ' ' + unit : ''}`;
}

/** "18 500 (11 700 to 26 200)" */
function range(p, name) {
  const middle = p[name + '_p50'];
  return known(middle) ? `${three(middle)} (${three(p[name + '_p05'])} to ${three(p[name + '_p95'])})` : DASH;
}

/** "2024-04-30 02:03 UTC" of an RFC 3339 text. */
const when = text => (text ? `${text.slice(0, 10)} ${text.slice(11, 16)} UTC` : 'time unknown');
const day = seconds => (known(seconds) ? new Date(seconds * 1000).toISOString().slice(0, 10) : 'unknown');
const plural = (count, one, many) => `${count} ${count === 1 ? one : many || one + 's'}`;

/** "a, b and c" */
function listed(words) {
  return words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} and ${words[words.length - 1]}`;
}

const nameOf = hull => hull.p.vessel_name || (hull.p.vessel_imo ? 'IMO ' + hull.p.vessel_imo : '');
const titleOf = hull => nameOf(hull) || hull.id;
const stateWord = p => STATES[p.load_state] || 'load not told';
const statusWord = p => p.status || 'found';
const stateClass = p => (STATES[p.load_state] ? p.load_state : 'none');
