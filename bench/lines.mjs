/** What a row says: one line of the table for each thing it measured. */

import { shown } from './measure.mjs';

/**
 * A line.
 *
 * @param label - what was measured
 * @param ours - the text for the column of this package
 * @param how - how it was measured
 * @param value - the number to hold against `limit`; it is met when it is no greater
 * @param others - what the peers do, by name
 */
export function line({ label, ours, how, value, limit, target, others = {} }) {
  return { label, ours, how, value, limit, target, others };
}

/** A line of something that was counted. */
export function counted(label, value, limit, others = {}) {
  const target = limit === undefined ? undefined : `<= ${limit}`;
  return line({ label, ours: String(value), how: 'counted', value, limit, target, others });
}

/** A line of ratios that were taken round by round. */
export function ratioLine({ label, summary, clock, limit, target, others }) {
  const how = `${clock}, median of ${summary.n} rounds`;
  return line({ label, ours: shown(summary), how, value: summary.median, limit, target, others });
}
