import { AfterimageError } from '../../core/errors.ts';
import type { Run } from '../../core/records.ts';
import { paradigmOf } from '../../core/config/objectives.ts';
import { bootstrapResamples } from '../../core/statistics/comparison.ts';
import { pairRuns } from '../../core/statistics/pairRuns.ts';
import { titleOfAudited, type AuditedMethod, type AuditedName } from '../../core/trust/audit.ts';
import type { AuditedImageValue, AuditQuery, AuditReport } from '../../core/trust/auditReport.ts';
import { buildAuditReport, listCommon, type AuditSide } from '../../core/trust/compareAudits.ts';
import { notAudited } from '../../core/trust/notAudited.ts';
import type { TrustMeasureName } from '../../core/trust/measures.ts';
import { compute, type LongTaskOptions } from '../platform/longTask.ts';
import type { History } from '../store/history.ts';
import { checkSameImages } from './compareRuns.ts';
import { chooseEpoch } from './measures.ts';

/** Of settings, what must be alike for values to be compared. */
const comparable = ({ settings, exampleIds }: AuditedMethod): string =>
  JSON.stringify([settings.version, settings.seed, settings.options, ...exampleIds]);

function checkAlike(sides: readonly AuditSide[]): void {
  const [first, second] = sides;
  if (first === undefined || second === undefined) return;
  for (const name of listCommon(sides)) {
    const [a, b] = sides.map(({ audited }) => audited.find(({ method }) => method === name));
    if (a === undefined || b === undefined || comparable(a) === comparable(b)) continue;
    throw new AfterimageError(
      'INVALID_ARGUMENT',
      `${titleOfAudited(name)} was audited on other images, or with another seed or options, for ${first.name} than for ${second.name}.`,
      'Audit both with the same --examples, --seed and options.',
    );
  }
}

function openSide(
  history: History,
  run: Run,
  label: string,
  epoch: AuditQuery['epoch'],
): AuditSide {
  const chosen = chooseEpoch(run, epoch).epoch;
  const audited = history.audits.getEpoch(run.id, chosen);
  if (audited.length === 0) throw notAudited(run, chosen);
  return { label, runId: run.id, name: run.name, epoch: chosen, audited };
}

/** The audits that a query means; errors as of `reportAudits`. */
function openSides(
  history: History,
  { runIds, epoch }: Pick<AuditQuery, 'runIds' | 'epoch'>,
): { sides: AuditSide[]; warnings: string[] } {
  const runs = runIds.map((runId) => history.runs.get(runId));
  const [only, other] = runs;
  if (only !== undefined && other === undefined) {
    const label = paradigmOf(only.config);
    return { sides: [openSide(history, only, label, epoch)], warnings: [] };
  }
  const pairing = pairRuns(runs);
  if (pairing.kind !== 'examples') throw new Error('two runs are compared on their images');
  checkSameImages({ history }, runs);
  const { labels, warnings } = pairing;
  const sides = pairing.runs.map((run, i) => openSide(history, run, labels[i] ?? '', epoch));
  checkAlike(sides);
  return { sides, warnings };
}

/**
 * What audits say of a run, or of two. NOT_FOUND where one was not audited at its epoch, INVALID_ARGUMENT
 * for two that were not audited on the same images in the same way.
 */
export async function reportAudits(
  history: History,
  query: AuditQuery,
  options: LongTaskOptions,
): Promise<AuditReport> {
  const { sides, warnings } = openSides(history, query);
  const work = buildAuditReport(sides, { ...query, warnings });
  return compute(work, { step: 'Bootstrap', total: bootstrapResamples }, options);
}

export interface AuditedImagesQuery extends Pick<AuditQuery, 'runIds' | 'epoch'> {
  method: AuditedName;
  measure: TrustMeasureName;
}

/** The images behind a number, in the order of their ids. */
export function listAuditedImages(
  history: History,
  { method, measure, ...query }: AuditedImagesQuery,
): AuditedImageValue[] {
  const { sides } = openSides(history, query);
  const columns = sides.map(({ audited }) => audited.find((one) => one.method === method));
  const ids = columns[0]?.exampleIds ?? new Uint32Array(0);
  return Array.from(ids, (exampleId, i) => ({
    exampleId,
    values: columns.map((column) => {
      const value = column?.columns[measure]?.[i] ?? Number.NaN;
      return Number.isNaN(value) ? null : value;
    }),
  }));
}
