import { commonDecimals } from '../statistics/decimals.ts';
import type { AuditRow } from './auditReport.ts';
import { trustMeasures } from './measures.ts';

const halfOf = ({ low, high }: { low: number | null; high: number | null }): number | null =>
  low === null || high === null ? null : (high - low) / 2;

/** Digits after the point that a row's intervals leave. */
export const decimalsOfRow = ({ measure, estimates, difference }: AuditRow): number =>
  commonDecimals(
    [...estimates, ...(difference ? [difference] : [])].map(halfOf),
    trustMeasures[measure].decimals,
  );
