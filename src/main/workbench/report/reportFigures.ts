import { AfterimageError } from '../../../core/errors.ts';
import { settingTitle } from '../../../core/config/settingTitle.ts';
import { settingAt, valueAt } from '../../../core/config/settingValues.ts';
import { decideAll } from '../../../core/figures/columns.ts';
import { parseFigureSpec, type FigureSpec } from '../../../core/figures/spec.ts';
import { spreadEpochs } from '../../../core/figures/spreadEpochs.ts';
import type { FigureSource } from '../../../core/figures/source.ts';
import { judgedEpoch } from '../../../core/metrics/judgedEpoch.ts';
import type { Run } from '../../../core/records.ts';
import { relevantDifferences, type RunGroup } from '../../../core/statistics/pairRuns.ts';
import { buildFigure } from '../../export/figureBuild.ts';
import type { ReportBlock } from '../../export/report/report.ts';
import type { Report as Tell } from '../../platform/threads.ts';

/** Configurations with a row of maps; more rows fit no page. */
const mostRows = 6;
/** Configurations whose least certain images are shown. */
const mostGrids = 2;
/** Epochs beside each other in a row of maps. */
const mostEpochs = 7;

/** As wide as the document's text, mm; what has one panel needs less. */
const [wholeMm, panelMm] = [170, 110];

interface Planned {
  stem: string;
  widthMm?: number;
  /** Said before it. */
  why?: string;
  /** What it is, for the sentence that says that it is missing. */
  what: string;
  plan: () => unknown;
}

/** The run with the smallest seed of each configuration, which stands for it where single images are shown. */
const listFirsts = (groups: readonly RunGroup[]): Run[] =>
  groups.flatMap(({ runs }) => runs.toSorted((a, b) => a.seed - b.seed)[0] ?? []);

/** The number that is varied most, for the axis of the frontier; undefined where no number is. */
function findSweep(groups: readonly RunGroup[]): string | undefined {
  const configs = groups.flatMap(({ runs: [run] }) => run?.config ?? []);
  const counted = relevantDifferences(configs).flatMap((path) => {
    const kinds = configs.map((config) => settingAt(config, path)?.kind);
    const values = new Set(configs.map((config) => valueAt(config, path)));
    const isNumber = kinds.some((kind) => kind === 'number' || kind === 'integer');
    return isNumber ? [{ path, values: values.size }] : [];
  });
  return counted.toSorted((a, b) => b.values - a.values)[0]?.path;
}

/** Configurations of one frontier, and what tells it from the others: `title value`, between commas. */
interface Frontier {
  groups: readonly RunGroup[];
  settings: string;
}

/** What differs in one setting alone makes a frontier; configurations without that setting stand in each. */
function splitFrontiers(groups: readonly RunGroup[], sweep: string | undefined): Frontier[] {
  const isSwept = ({ runs: [run] }: RunGroup): boolean =>
    run !== undefined && sweep !== undefined && valueAt(run.config, sweep) !== undefined;
  const swept = groups.filter(isSwept);
  if (swept.length === 0) return [{ groups, settings: '' }];
  const others = groups.filter((group) => !isSwept(group));
  const configs = swept.flatMap(({ runs: [run] }) => run?.config ?? []);
  const fixed = relevantDifferences(configs).filter((path) => path !== sweep);
  const nameSettings = ({ runs: [run] }: RunGroup): string =>
    fixed
      .flatMap((path) => {
        const value = run && valueAt(run.config, path);
        return value === undefined ? [] : [`${settingTitle(path)} ${String(value)}`];
      })
      .join(', ');
  return [...Map.groupBy(swept, nameSettings)].map(([settings, own]) => {
    return { groups: [...others, ...own], settings };
  });
}

function planFrontiers(groups: readonly RunGroup[]): Planned[] {
  if (groups.length < 2) return [];
  const sweep = findSweep(groups);
  const frontiers = splitFrontiers(groups, sweep);
  return frontiers.map(({ groups: shown, settings }, i) => ({
    stem: frontiers.length === 1 ? 'frontier' : `frontier-${i + 1}`,
    widthMm: panelMm,
    what: 'Accuracy against the fidelity of maps',
    ...(sweep !== undefined &&
      settings !== '' && {
        why: `The next figure has ${settings}; only ${settingTitle(sweep)} varies in it.`,
      }),
    plan: () => ({
      template: 'accuracy-fidelity',
      runs: shown.flatMap(({ runs }) => runs.map(({ id }) => id)),
      ...(sweep !== undefined && { sweep }),
    }),
  }));
}

/** The first image that all runs have right at their best epochs, else the first that all evaluated. */
function chooseExample(runs: readonly Run[], source: FigureSource): number {
  const seen = runs.map((run) => {
    const columns = source.getPredictions(run.id, judgedEpoch(run)?.epoch ?? 0);
    const { predictedClasses } = decideAll(columns);
    const { exampleIds, labels } = columns;
    const right = [...exampleIds].filter((_, i) => predictedClasses[i] === labels[i]);
    return { all: new Set(exampleIds), right: new Set(right) };
  });
  const [first] = seen;
  const find = (key: 'all' | 'right'): number | undefined =>
    [...(first?.[key] ?? [])].find((id) => seen.every((one) => one[key].has(id)));
  return find('right') ?? find('all') ?? 0;
}

function planEvolution(firsts: readonly Run[], source: FigureSource): unknown {
  const rows = firsts.slice(0, mostRows);
  const example = chooseExample(rows, source);
  const last = Math.min(...rows.map(({ epochs }) => epochs.at(-1)?.epoch ?? 0));
  const best = rows[0]?.bestEpoch ?? null;
  return {
    template: 'cam-evolution',
    rows: rows.map(({ id: run }) => ({ run, example })),
    epochs: spreadEpochs(last, best, mostEpochs),
  };
}

function planFigures(groups: readonly RunGroup[], source: FigureSource): Planned[] {
  const runs = groups.flatMap((group) => group.runs.map(({ id }) => id));
  const firsts = listFirsts(groups);
  return [
    {
      stem: 'curves',
      what: 'The curves of training',
      plan: () => ({ template: 'training-curves', runs }),
    },
    ...planFrontiers(groups),
    {
      stem: 'evolution',
      what: 'Maps by epoch',
      why: 'Maps by epoch are of the first test image that all runs shown have right at their best epochs, else of the first one; of each configuration, the run with the smallest seed is shown.',
      plan: () => planEvolution(firsts, source),
    },
    ...firsts.slice(0, mostGrids).map(({ id: run, name }, i) => ({
      stem: `low-confidence-${i + 1}`,
      what: `The least certain images of ${name}`,
      plan: () => ({ template: 'low-confidence-grid', run }),
    })),
  ];
}

/** Draws what can be drawn of these runs; what cannot is said in a sentence. */
export async function drawFigures(
  groups: readonly RunGroup[],
  source: FigureSource,
  tell: Tell,
): Promise<ReportBlock[]> {
  const planned = planFigures(groups, source);
  const blocks: ReportBlock[] = [];
  for (const [done, { stem, what, plan, why, widthMm = wholeMm }] of planned.entries()) {
    tell({ step: 'Drawing figures', done, total: planned.length });
    try {
      const style = { embedFonts: true, widthMm };
      const spec: FigureSpec = parseFigureSpec({ ...(plan() as object), style });
      const figure = await buildFigure(spec, source);
      if (why !== undefined) blocks.push({ kind: 'text', text: why });
      blocks.push({ kind: 'figure', stem, figure });
    } catch (error) {
      if (!(error instanceof AfterimageError)) throw error;
      blocks.push({ kind: 'text', text: `${what} cannot be drawn: ${error.message}` });
    }
  }
  return blocks;
}
