import { AfterimageError } from '../../errors.ts';
import { agreementColumn, type AuditedMethod, type AuditedName } from '../../trust/audit.ts';
import type { Estimate } from '../../trust/auditReport.ts';
import { estimate } from '../../trust/compareAudits.ts';
import { notAudited } from '../../trust/notAudited.ts';
import type { EpochChoice } from '../fields.ts';
import type { RunLabel } from '../figure.ts';
import { findRun, labelRun, requireOneDataset, resolveEpoch } from '../runs.ts';
import type { FigureSource } from '../source.ts';

/** A run whose explanations were audited at an epoch, and on how many images. */
export interface AuditedSide {
  run: RunLabel;
  epoch: number;
  images: number;
}

/** The audits of runs on one data set; NOT_FOUND where one was not audited at its epoch. */
export function gatherAudits(
  spec: { runs: readonly string[]; epoch: EpochChoice },
  source: FigureSource,
): (AuditedSide & { audited: AuditedMethod[] })[] {
  const runs = spec.runs.map((name) => findRun(source, name));
  requireOneDataset(runs, source);
  return runs.map((run) => {
    const epoch = resolveEpoch(run, spec.epoch);
    const audited = source.getAudits(run.id, epoch);
    const [first] = audited;
    if (first === undefined) throw notAudited(run, epoch);
    return { run: labelRun(run), epoch, images: first.exampleIds.length, audited };
  });
}

/** A curve's means over the images, with intervals; INVALID_ARGUMENT where a method was not audited. */
export function estimatePoints(
  { run, epoch, audited }: AuditedSide & { audited: readonly AuditedMethod[] },
  method: AuditedName,
  curve: string,
): Estimate[] {
  const own = audited.find((one) => one.method === method);
  const values = own?.columns[curve];
  if (own === undefined || values === undefined) {
    throw new AfterimageError(
      'INVALID_ARGUMENT',
      `${method} was not audited for ${run.name} at epoch ${epoch}.`,
      `Audit it, or choose from ${audited.map((one) => one.method).join(', ')}.`,
    );
  }
  const points = values.length / own.exampleIds.length;
  return Array.from({ length: points }, (_, point) =>
    estimate(values.filter((_value, i) => i % points === point)),
  );
}

/** Mean rank correlation of two methods; null where it is not known. */
export const agreementOf = (
  audited: readonly AuditedMethod[],
  a: AuditedName,
  b: AuditedName,
): number | null => {
  const column = audited.find(({ method }) => method === a)?.columns[agreementColumn(b)];
  return column === undefined ? null : estimate(column).mean;
};
