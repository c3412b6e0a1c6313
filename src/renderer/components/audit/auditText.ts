import { titleOfAudited, type AuditCurve } from '../../../core/trust/audit.ts';
import type { AuditDifference, AuditRow, Estimate } from '../../../core/trust/auditReport.ts';
import { decimalsOfRow } from '../../../core/trust/auditRows.ts';
import { trustMeasures } from '../../../core/trust/measures.ts';
import { imputedShares, removedShares } from '../../../core/trust/removal.ts';
import { formatDecimal, formatInteger } from '../../composables/format.ts';
import { printP } from '../../../core/statistics/printP.ts';

const interval = (low: number | null, high: number | null, decimals: number): string =>
  low === null || high === null
    ? 'no interval'
    : `${formatDecimal(low, decimals)} to ${formatDecimal(high, decimals)}`;

/** `0.281`, with its interval and number of images for whoever points at it. */
export const describeEstimate = ({ mean, low, high, n }: Estimate, decimals: number): string =>
  `${formatDecimal(mean, decimals)}, 95% interval ${interval(low, high, decimals)}, over ${formatInteger(n)} images`;

/** `+0.387`, with its sign. */
export const formatSigned = (value: number, decimals: number): string =>
  `${value > 0 ? '+' : ''}${formatDecimal(value, decimals)}`;

export const describeDifference = (
  { difference, low, high, adjusted, n }: AuditDifference,
  decimals: number,
): string =>
  `difference ${formatSigned(difference, decimals)}, 95% interval ${interval(low, high, decimals)}, p (Holm) ${printP(adjusted)}, over ${formatInteger(n)} images`;

/** All that a cell of the table says, in one sentence. */
export function describeRow(row: AuditRow, labels: readonly string[]): string {
  const decimals = decimalsOfRow(row);
  const sides = row.estimates.map(
    (one, i) => `${labels[i] ?? ''} ${describeEstimate(one, decimals)}`,
  );
  const { difference } = row;
  const parts = difference === null ? sides : [...sides, describeDifference(difference, decimals)];
  return `${titleOfAudited(row.method)}, ${trustMeasures[row.measure].title}: ${parts.join('; ')}`;
}

/** A panel of curves: which, over what, and what it shows. */
export interface CurvePanel {
  curves: readonly AuditCurve[];
  title: string;
  xTitle: string;
  /** Whether points are layers, one after the other. */
  ofLayers: boolean;
  range: readonly [number, number];
}

const removal = (kind: 'deletion' | 'insertion', baseline: 'black' | 'mean' | 'blur') => ({
  curves: [`${kind}/${baseline}` as const],
  title: `${kind === 'deletion' ? 'Deletion' : 'Insertion'}, ${baseline}`,
  xTitle: kind === 'deletion' ? 'pixels taken away (%)' : 'pixels put back (%)',
  ofLayers: false,
  range: [0, 1] as const,
});

export const curvePanels: readonly CurvePanel[] = [
  removal('deletion', 'black'),
  removal('deletion', 'mean'),
  removal('deletion', 'blur'),
  removal('insertion', 'black'),
  removal('insertion', 'mean'),
  removal('insertion', 'blur'),
  {
    curves: ['cascade/rank'],
    title: 'Cascade, rank correlation',
    xTitle: 'randomised from the output down to',
    ofLayers: true,
    range: [-0.5, 1],
  },
  {
    curves: ['cascade/ssim'],
    title: 'Cascade, SSIM',
    xTitle: 'randomised from the output down to',
    ofLayers: true,
    range: [-0.5, 1],
  },
  {
    curves: ['independent/rank'],
    title: 'One layer, rank correlation',
    xTitle: 'randomised alone',
    ofLayers: true,
    range: [-0.5, 1],
  },
];

/** Where a curve's points stand, in percent. */
export const positionsOf = (curve: AuditCurve): number[] =>
  (curve.startsWith('road') ? imputedShares : removedShares).map((share) => share * 100);
