import type { WorkbenchApi } from '../../src/main/router.ts';
import { AfterimageError } from '../../src/core/errors.ts';
import { Random } from '../../src/core/random.ts';
import type { Run } from '../../src/core/records.ts';
import {
  agreementColumn,
  auditCurves,
  auditVersion,
  isReference,
  referenceNames,
  type AuditedMethod,
  type AuditedName,
} from '../../src/core/trust/audit.ts';
import { auditQuerySchema, type AuditQuery } from '../../src/core/trust/auditReport.ts';
import { buildAuditReport, type AuditSide } from '../../src/core/trust/compareAudits.ts';
import { trustMeasureNames, trustMeasures } from '../../src/core/trust/measures.ts';
import { imputedShares, removedShares } from '../../src/core/trust/removal.ts';
import { paradigmOf } from '../../src/core/config/objectives.ts';

const images = 24;
const fakeAuditedMethods: readonly AuditedName[] = ['gradcam', 'gradient', ...referenceNames];
const layers = ['dense2', 'dense1', 'conv3', 'conv2', 'conv1'];

const pointsOf = (curve: string): number =>
  curve.startsWith('road')
    ? imputedShares.length
    : /^(cascade|independent)/.test(curve)
      ? layers.length
      : removedShares.length;

/** Made-up columns: a method's own level, and noise. */
function makeAudit(run: Run, epoch: number, method: AuditedName): AuditedMethod {
  const level =
    0.3 + 0.1 * fakeAuditedMethods.indexOf(method) + (paradigmOf(run.config) === 'R' ? 0.15 : 0);
  const random = Random.fromSeed(fakeAuditedMethods.indexOf(method) + 10 * run.seed + epoch);
  const column = (points: number): Float32Array =>
    Float32Array.from({ length: images * points }, () => level + 0.05 * random.normal(1));
  const measures = trustMeasureNames.filter(
    (name) => !isReference(method) || !trustMeasures[name].ofNetwork,
  );
  const curves = auditCurves.filter((name) => !isReference(method) || !/^(casc|ind)/.test(name));
  const others = fakeAuditedMethods.filter((name) => name !== method && !isReference(name));
  return {
    ...{ epoch, method, exampleIds: Uint32Array.from({ length: images }, (_, i) => i) },
    targets: new Uint32Array(images),
    settings: { version: auditVersion, seed: 1, options: {}, layers },
    columns: {
      ...Object.fromEntries(measures.map((name) => [name, column(1)])),
      ...Object.fromEntries(curves.map((name) => [name, column(pointsOf(name))])),
      ...(isReference(method)
        ? {}
        : Object.fromEntries(others.map((name) => [agreementColumn(name), column(1)]))),
    },
  };
}

/** Everything of one run's epoch. */
export const listFakeAudits = (run: Run, epoch: number): AuditedMethod[] =>
  fakeAuditedMethods.map((method) => makeAudit(run, epoch, method));

const epochOf = (run: Run, choice: AuditQuery['epoch']): number =>
  typeof choice === 'number' ? choice : (run.bestEpoch ?? run.epochs.at(-1)?.epoch ?? 0);

/** Audits of made-up values by the real arithmetic; only runs on MNIST have any. */
export function createFakeAudits(find: (runId: string) => Run): WorkbenchApi['audits'] {
  const started = new Set<string>();
  const openSide = (runId: string, choice: AuditQuery['epoch']): AuditSide => {
    const run = find(runId);
    const epoch = epochOf(run, choice);
    if (run.config.data.dataset !== 'mnist' && !started.has(runId)) {
      const message = `Run ${run.name} was not audited at epoch ${epoch}.`;
      throw new AfterimageError('NOT_FOUND', message, 'Audit it.');
    }
    const audited = listFakeAudits(run, epoch);
    return { label: paradigmOf(run.config), runId, name: run.name, epoch, audited };
  };
  return {
    list: () => Promise.resolve([]),
    start: async function* ({ runId }) {
      yield await Promise.resolve({ step: 'Epoch 1, images 1 to 32', done: 1, total: 2 });
      started.add(runId);
      return { epochs: [epochOf(find(runId), 'best')] };
    },
    report: async function* (asked) {
      const { runIds, epoch, ...query } = auditQuerySchema.parse(asked);
      const sides = runIds.map((runId) => openSide(runId, epoch));
      yield await Promise.resolve({ step: 'Bootstrap', done: 1, total: 2 });
      const work = buildAuditReport(sides, { ...query, warnings: [] });
      for (;;) {
        const step = work.next();
        if (step.done === true) return step.value;
      }
    },
    images: ({ runIds, epoch, method, measure }) => {
      const sides = runIds.map((runId) => openSide(runId, epoch));
      const columns = sides.map(({ audited }) => audited.find((one) => one.method === method));
      return Promise.resolve(
        Array.from({ length: images }, (_, i) => ({
          exampleId: i,
          values: columns.map((one) => one?.columns[measure]?.[i] ?? null),
        })),
      );
    },
  };
}
