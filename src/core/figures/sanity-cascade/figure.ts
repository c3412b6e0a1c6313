import { explainers, type ExplainerName } from '../../explainers/registry.ts';
import type { Estimate } from '../../trust/auditReport.ts';
import { drawAuditPanels, rangeOfLines, type AuditPanel } from '../charts/auditPanels.ts';
import { styleSeries, type LegendEntry, type SeriesStyle } from '../charts/chart.ts';
import type { AuditedSide } from '../charts/gatherAudits.ts';
import { describeRun, joinWords, panelLetter, type Figure } from '../figure.ts';
import type { Pen } from '../drawing/pen.ts';
import { gather } from './gather.ts';
import type { SanityCascadeSpec } from './spec.ts';

export interface SanityCascadeData {
  similarity: 'rank' | 'ssim';
  sides: (AuditedSide & {
    /** From the output down. */
    layers: string[];
    lines: { method: ExplainerName; points: Estimate[] }[];
  })[];
}

const similarityTitles = { rank: 'Rank correlation', ssim: 'SSIM' } as const;

/** Methods have no colour of their own, but the same in every panel. */
const stylesOf = ({ sides }: SanityCascadeData): SeriesStyle[] =>
  styleSeries(sides[0]?.lines.map(({ method }) => method) ?? []);

/** The untouched network stands first, where a map is as it is. */
const whole: Estimate = { n: 0, mean: 1, low: null, high: null };

function listPanels(data: SanityCascadeData): AuditPanel[] {
  const styles = stylesOf(data);
  const panels = data.sides.map(({ lines, layers }) => ({
    positions: Array.from({ length: layers.length + 1 }, (_, i) => i),
    lines: lines.map(({ points }, i) => ({
      style: styles[i] ?? { color: '#000000', dashes: [] },
      points: [whole, ...points],
    })),
  }));
  const yRange = rangeOfLines(panels.flatMap(({ lines }) => lines));
  return panels.map(({ positions, lines }) => ({
    ...{ positions, lines, yRange, whole: true },
    xRange: [0, Math.max(1, positions.length - 1)],
    xLabel: 'Layers randomised',
    yLabel: similarityTitles[data.similarity],
  }));
}

function listLegend(data: SanityCascadeData): LegendEntry[] {
  const styles = stylesOf(data);
  return (data.sides[0]?.lines ?? []).map(({ method }, i) => ({
    text: explainers[method].title,
    style: styles[i] ?? { color: '#000000', dashes: [] },
  }));
}

/** Whether maps depend on what was learned. */
export const figure: Figure<SanityCascadeSpec, SanityCascadeData> = {
  gather,
  draw: (pen: Pen, data) => drawAuditPanels(pen, listPanels(data), listLegend(data)),
  caption: ({ similarity, sides }) => {
    const runs = sides.map(({ run, epoch }, i) => `(${panelLetter(i)}) ${describeRun(run, epoch)}`);
    const [first] = sides;
    const what = similarity === 'rank' ? 'Spearman’s correlation' : 'SSIM';
    return `${what} of the absolute values of maps and of the same maps after layers have their initial distribution, one more at each step from the output down: ${(first?.layers ?? []).join(', ')}. Means over ${first?.images ?? 0} test images with 95% intervals by Student’s t; images whose map is constant have none. ${joinWords(runs)}. A map that stays alike does not depend on what was learned; one that changes need not be right.`;
  },
  tabulate: ({ sides }) => ({
    columns: ['run', 'method', 'step', 'layer', 'mean', 'low', 'high', 'n'],
    rows: sides.flatMap(({ run, lines, layers }) =>
      lines.flatMap(({ method, points }) =>
        points.map(({ mean, low, high, n }, i) => [
          ...[run.id, method, i + 1, layers[i] ?? '', mean, low, high, n],
        ]),
      ),
    ),
  }),
};
