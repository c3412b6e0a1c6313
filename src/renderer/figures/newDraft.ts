import { paradigmOf } from '../../core/config/objectives.ts';
import type { Template } from '../../core/figures/spec.ts';
import type { RunSummary } from '../../core/records.ts';
import { examplesOf, rowsOf, runsOf, styleOf, withField, withStyle } from './draft.ts';
import type { DraftRow, FigureDraft } from './draft.ts';
import { spreadEpochs } from '../../core/figures/spreadEpochs.ts';
import { hasField } from './formFields.ts';
import { templateCard } from '../../core/figures/spec.ts';

/** A run of the other paradigm on the same data, of the same seed if there is one. */
function findPartner(run: RunSummary, runs: readonly RunSummary[]): RunSummary | undefined {
  const others = runs.filter(({ id, datasetId }) => id !== run.id && datasetId === run.datasetId);
  const rivals = others.filter(({ config }) => paradigmOf(config) !== paradigmOf(run.config));
  return rivals.find(({ seed }) => seed === run.seed) ?? rivals[0] ?? others[0];
}

/** The same runs with C before R and both before others, as everywhere. */
export function orderParadigms(ids: readonly string[], runs: readonly RunSummary[]): string[] {
  const rank = (id: string): number => {
    const run = runs.find((one) => one.id === id);
    const place = ['C', 'R'].indexOf(run === undefined ? 'C' : paradigmOf(run.config));
    return place === -1 ? 2 : place;
  };
  return ids.toSorted((a, b) => rank(a) - rank(b));
}

/** As many runs as a template likes to begin with: those at hand, then what goes with the first. */
function chooseRuns(
  template: Template,
  named: readonly string[],
  runs: readonly RunSummary[],
): string[] {
  const { mostRuns: most } = templateCard(template);
  const evaluated = runs.filter(({ last }) => last !== null);
  const known = named.filter((id) => evaluated.some((run) => run.id === id));
  const first = evaluated.find(({ id }) => id === known[0]) ?? evaluated[0];
  if (first === undefined) return known;
  const partner = findPartner(first, evaluated);
  const begun = known.length > 1 || partner === undefined ? [] : [partner.id];
  const pair = [...new Set([...known, first.id, ...begun])];
  const ordered = known.length > 1 || most === 1 ? pair : orderParadigms(pair, evaluated);
  return ordered.slice(0, Math.max(1, Math.min(most, Math.max(2, known.length))));
}

/** More columns than this are hard to read on a page. */
const manyEpochs = 10;

/** A long run's epochs are spread, so that the maps stay large enough to see. */
function chooseEpochs(draft: FigureDraft, runs: readonly RunSummary[]): FigureDraft {
  const [longest] = rowsOf(draft)
    .flatMap(({ run }) => runs.find(({ id }) => id === run) ?? [])
    .toSorted((a, b) => (b.last?.epoch ?? 0) - (a.last?.epoch ?? 0));
  const last = longest?.last?.epoch ?? 0;
  if (longest === undefined || last < manyEpochs) return draft;
  return withField(draft, 'epochs', spreadEpochs(last, longest.bestEpoch, 8));
}

const styleFields = ['venue', 'columns', 'widthMm', 'widthPt'];

/** The width suits a template and not the next one; the rest of a style stays. */
const keepStyle = (draft: FigureDraft, previous: FigureDraft | null): FigureDraft => {
  if (previous === null) return draft;
  const style = styleOf(previous);
  const kept = Object.entries(style).filter(
    ([key]) => key === 'venue' || !styleFields.includes(key),
  );
  return withStyle(draft, Object.fromEntries(kept));
};

/**
 * A figure of a template that can be drawn at once, of the runs and images of the one before it
 * where there is one.
 *
 * @param runs newest first
 * @param example a test image of the newest run
 */
export function startDraft(
  template: Template,
  previous: FigureDraft | null,
  runs: readonly RunSummary[],
  example: number,
): FigureDraft {
  const chosen = chooseRuns(template, previous === null ? [] : runsOf(previous), runs);
  const named = previous === null ? [] : examplesOf(previous);
  const examples = named.length > 0 ? named : [example];
  const rows = chosen.map((run): DraftRow => ({ run, example: examples[0] ?? example }));
  const values = { run: chosen[0], runs: chosen, rows, example: examples[0], examples };
  let draft: FigureDraft = { template };
  for (const [key, value] of Object.entries(values)) {
    if (hasField(template, key)) draft = withField(draft, key, value);
  }
  const evolution = hasField(template, 'epochs') ? chooseEpochs(draft, runs) : draft;
  return keepStyle(evolution, previous);
}

/** What a scrubber, a gallery or a chart can add to a figure. */
export interface Addition {
  runs: readonly string[];
  /** Null where it is about runs alone. */
  example: number | null;
}

const mostRows = 60;

/** The draft with an addition to it; null where it has no place for it, or has it already. */
export function addToDraft(draft: FigureDraft, { runs, example }: Addition): FigureDraft | null {
  const { template } = draft;
  if (example === null) {
    const { mostRuns: most } = templateCard(template);
    const named = runsOf(draft);
    const added = runs.filter((run) => !named.includes(run));
    const fits = most > 2 && named.length + added.length <= most && hasField(template, 'runs');
    return added.length > 0 && fits ? withField(draft, 'runs', [...named, ...added]) : null;
  }
  if (hasField(template, 'rows')) {
    const rows = rowsOf(draft);
    const added = runs
      .map((run): DraftRow => ({ run, example }))
      .filter((row) => !rows.some((known) => known.run === row.run && known.example === example));
    const fits = added.length > 0 && rows.length + added.length <= mostRows;
    return fits ? withField(draft, 'rows', [...rows, ...added]) : null;
  }
  const examples = examplesOf(draft);
  const fits = hasField(template, 'examples') && examples.length < mostRows;
  const isOfRuns = runs.some((run) => runsOf(draft).includes(run));
  if (!fits || !isOfRuns || examples.includes(example)) return null;
  return withField(draft, 'examples', [...examples, example]);
}
