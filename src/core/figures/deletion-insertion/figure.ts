import type { ExplainerName } from '../../explainers/registry.ts';
import { isReference, titleOfAudited, type AuditedName } from '../../trust/audit.ts';
import type { Estimate } from '../../trust/auditReport.ts';
import { baselineWords } from '../../trust/faithfulnessMeasures.ts';
import { areaUnder, removedShares, type RemovalBaseline } from '../../trust/removal.ts';
import { drawAuditPanels, type AuditPanel } from '../charts/auditPanels.ts';
import { styleSeries, type LegendEntry } from '../charts/chart.ts';
import type { AuditedSide } from '../charts/gatherAudits.ts';
import { describeRun, formatNumber, joinWords, type Figure } from '../figure.ts';
import type { Pen } from '../drawing/pen.ts';
import { gather } from './gather.ts';
import type { DeletionInsertionSpec } from './spec.ts';

/** A map's curves: the class's probability at `removedShares`. */
export interface Line {
  name: AuditedName;
  deletion: Estimate[];
  insertion: Estimate[];
}

export interface DeletionInsertionData {
  method: ExplainerName;
  baseline: RemovalBaseline;
  sides: (AuditedSide & { lines: Line[] })[];
}

/** Within a sentence. */
const wordOf = (name: AuditedName): string =>
  isReference(name) ? titleOfAudited(name).toLowerCase() : titleOfAudited(name);

const kinds = ['deletion', 'insertion'] as const;
const percents = removedShares.map((share) => share * 100);
/** The method's line is unbroken, the image's dashed, chance's dotted. */
const dashes = [[], [4, 1.5], [1.2, 1.2]] as const;

function listLines({ sides }: DeletionInsertionData) {
  const colors = styleSeries(sides.map(({ run }) => run.paradigm));
  return sides.flatMap((side, i) =>
    side.lines.map((line, k) => ({
      ...{ side, line },
      style: { color: colors[i]?.color ?? '#000000', dashes: dashes[k] ?? [] },
    })),
  );
}

const listPanels = (data: DeletionInsertionData): AuditPanel[] =>
  kinds.map((kind) => ({
    positions: percents,
    xRange: [0, 100],
    yRange: [0, 1],
    xLabel: kind === 'deletion' ? 'Pixels taken away (%)' : 'Pixels put back (%)',
    yLabel: 'Probability of the class',
    whole: true,
    lines: listLines(data).map(({ line, style }) => ({ style, points: line[kind] })),
  }));

const listLegend = (data: DeletionInsertionData): LegendEntry[] =>
  listLines(data).map(({ side, line, style }) => ({
    text: `${side.run.name}, ${wordOf(line.name)}`,
    style,
  }));

const areaOf = (points: readonly Estimate[]): number =>
  areaUnder(
    removedShares,
    points.map(({ mean }) => mean ?? Number.NaN),
  );

const describeAreas = ({ sides }: DeletionInsertionData): string =>
  sides
    .map(({ run, lines }) => {
      const areas = lines.map(
        ({ name, deletion, insertion }) =>
          `${wordOf(name)} ${formatNumber(areaOf(deletion), 3)} and ${formatNumber(areaOf(insertion), 3)}`,
      );
      return `${run.name}: ${joinWords(areas)}`;
    })
    .join('; ');

/** What happens to the class while a map's most important pixels go or return. */
export const figure: Figure<DeletionInsertionSpec, DeletionInsertionData> = {
  gather,
  draw: (pen: Pen, data) => drawAuditPanels(pen, listPanels(data), listLegend(data)),
  caption: (data) => {
    const { sides, baseline, method } = data;
    const runs = joinWords(sides.map(({ run, epoch }) => describeRun(run, epoch)));
    return `Probability of the predicted class while the pixels that ${titleOfAudited(method)} calls most important (a) become ${baselineWords[baseline]}, and (b) return to an image of it; beside it for the image itself and for noise as maps. Means over ${sides[0]?.images ?? 0} test images with 95% intervals by Student’s t: ${runs}. Areas under deletion and insertion, of ${describeAreas(data)}. Areas of two networks compare with care: one may be surer of everything.`;
  },
  tabulate: ({ sides }) => ({
    columns: ['run', 'map', 'curve', 'pixels', 'mean', 'low', 'high', 'n'],
    rows: sides.flatMap(({ run, lines }) =>
      lines.flatMap((line) =>
        kinds.flatMap((kind) =>
          line[kind].map(({ mean, low, high, n }, i) => [
            ...[run.id, line.name, kind, removedShares[i] ?? null, mean, low, high, n],
          ]),
        ),
      ),
    ),
  }),
};
