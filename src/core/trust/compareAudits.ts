import { Random } from '../random.ts';
import { bootstrapMeans, type BootstrapResult } from '../statistics/bootstrap.ts';
import { bootstrapResamples } from '../statistics/comparison.ts';
import { mean } from '../statistics/describe.ts';
import { intervalHalfWidth } from '../statistics/studentInterval.ts';
import { adjustHolm } from '../statistics/holm.ts';
import { computeCohensD } from '../statistics/pairedTests.ts';
import {
  agreementColumn,
  auditCurves,
  isReference,
  type AuditedMethod,
  type AuditedName,
} from './audit.ts';
import type { AuditCurveEstimates, AuditReport, AuditRow, Estimate } from './auditReport.ts';
import { trustMeasureNames, type TrustMeasureName } from './measures.ts';

/** One run's audits at one epoch. */
export interface AuditSide {
  label: string;
  runId: string;
  name: string;
  epoch: number;
  audited: readonly AuditedMethod[];
}

const defined = (values: ArrayLike<number>): number[] =>
  Array.from(values).filter((value) => !Number.isNaN(value));

/** Mean and interval of the values that there are; no interval where they do not vary. */
export function estimate(values: ArrayLike<number>): Estimate {
  const known = defined(values);
  if (known.length === 0) return { n: 0, mean: null, low: null, high: null };
  const centre = mean(known);
  const half = intervalHalfWidth(known);
  const interval =
    half === null ? { low: null, high: null } : { low: centre - half, high: centre + half };
  return { n: known.length, mean: centre, ...interval };
}

const methodOf = ({ audited }: AuditSide, name: AuditedName): AuditedMethod | undefined =>
  audited.find(({ method }) => method === name);

/** The methods that all sides have, in the first one's order. */
export const listCommon = ([first, ...others]: readonly AuditSide[]): AuditedName[] =>
  (first?.audited ?? [])
    .map(({ method }) => method)
    .filter((name) => others.every((side) => methodOf(side, name) !== undefined));

interface Measured {
  method: AuditedName;
  measure: TrustMeasureName;
  /** Of each side, [N]. */
  columns: Float32Array[];
}

function listMeasured(
  sides: readonly AuditSide[],
  methods: readonly AuditedName[],
  measures: readonly TrustMeasureName[],
): Measured[] {
  return methods.flatMap((method) =>
    measures.flatMap((measure): Measured[] => {
      const columns = sides.flatMap((side) => methodOf(side, method)?.columns[measure] ?? []);
      const isThere = columns.length === sides.length;
      const hasValue = columns.some((column) => column.some((value) => !Number.isNaN(value)));
      return isThere && hasValue ? [{ method, measure, columns }] : [];
    }),
  );
}

const differencesOf = ([a, b]: readonly Float32Array[]): Float64Array | null =>
  a === undefined || b === undefined
    ? null
    : Float64Array.from(a, (value, i) => (b[i] ?? Number.NaN) - value);

/** Maps that no network made are alike on both sides: what is measured of the image alone is not tested. */
const isAlike = (differences: Float64Array): boolean =>
  differences.every((value) => value === 0 || Number.isNaN(value));

function describeDifference(
  differences: Float64Array,
  { n, difference, low, high, pValue }: BootstrapResult,
  adjusted: number | null,
): AuditRow['difference'] {
  if (n === 0 || adjusted === null) return null;
  const cohensD = computeCohensD(defined(differences));
  return { n, difference, low, high, pValue, adjusted, cohensD };
}

function* listRows(
  measured: readonly Measured[],
  bootstrapSeed: number,
): Generator<number, { rows: AuditRow[]; tests: number }, void> {
  const columns = measured.map(({ columns: sides }) => differencesOf(sides));
  const tested = columns.flatMap((column, i) =>
    column === null || isAlike(column) ? [] : [{ column, i }],
  );
  const results = yield* bootstrapMeans(
    tested.map(({ column }) => column),
    {
      resamples: tested.length === 0 ? 0 : bootstrapResamples,
      random: Random.fromSeed(bootstrapSeed),
    },
  );
  const adjusted = adjustHolm(results.map(({ n, pValue }) => (n === 0 ? null : pValue)));
  const differences = new Map(
    tested.map(({ column, i }, k) => [
      i,
      describeDifference(column, results[k] as BootstrapResult, adjusted[k] ?? null),
    ]),
  );
  const rows = measured.map(({ method, measure, columns: sides }, i): AuditRow => ({
    ...{ method, measure, estimates: sides.map(estimate) },
    difference: differences.get(i) ?? null,
  }));
  return { rows, tests: tested.length };
}

/** Means and intervals of every point of a curve of N images. */
function estimateCurve(values: Float32Array, images: number): Estimate[] {
  const points = values.length / images;
  return Array.from({ length: points }, (_, point) =>
    estimate(Float32Array.from({ length: images }, (_, i) => values[i * points + point] ?? 0)),
  );
}

function listCurves(
  sides: readonly AuditSide[],
  methods: readonly AuditedName[],
): AuditCurveEstimates[] {
  return sides.flatMap((own, side) =>
    methods.flatMap((method) => {
      const audited = methodOf(own, method);
      return auditCurves.flatMap((curve) => {
        const values = audited?.columns[curve];
        if (audited === undefined || values === undefined) return [];
        const points = estimateCurve(values, audited.exampleIds.length);
        return [{ method, curve, side, points }];
      });
    }),
  );
}

function listAgreement(side: AuditSide, all: readonly AuditedName[]) {
  const methods = all.filter((name) => !isReference(name));
  const matrix = methods.map((a) =>
    methods.map((b) => {
      const column = methodOf(side, a)?.columns[agreementColumn(b)];
      return a === b ? 1 : column === undefined ? null : estimate(column).mean;
    }),
  );
  return { methods, matrix };
}

/**
 * What audits say of one run, or of two on the same images in the same order: means with intervals, and
 * paired bootstrap of every difference with Holm's adjustment over all of them. Yields how many resamples
 * are done.
 */
export function* buildAuditReport(
  sides: readonly AuditSide[],
  asked: {
    methods: readonly AuditedName[] | null;
    measures: readonly TrustMeasureName[] | null;
    bootstrapSeed: number;
    warnings: readonly string[];
  },
): Generator<number, AuditReport, void> {
  const methods = listCommon(sides).filter((name) => asked.methods?.includes(name) ?? true);
  const measured = listMeasured(sides, methods, asked.measures ?? trustMeasureNames);
  const { rows, tests } = yield* listRows(measured, asked.bootstrapSeed);
  const first = sides[0]?.audited[0];
  return {
    sides: sides.map(({ label, runId, name, epoch }) => ({ label, runId, name, epoch })),
    images: first?.exampleIds.length ?? 0,
    seed: first?.settings.seed ?? 0,
    methods,
    rows,
    curves: listCurves(sides, methods),
    layers: first?.settings.layers ?? [],
    agreement: sides.map((side) => listAgreement(side, methods)),
    tests,
    resamples: bootstrapResamples,
    bootstrapSeed: asked.bootstrapSeed,
    warnings: [...asked.warnings],
  };
}
