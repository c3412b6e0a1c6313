import { paradigmOf, type Paradigm } from '../../../core/config/objectives.ts';
import { defaultMask, type MaskRule } from '../../../core/metrics/foreground.ts';
import { computed, shallowRef } from 'vue';
import type { Ref, WritableComputedRef } from 'vue';
import {
  explainedClass,
  frameAt,
  mapsFor,
  mergeEpochs,
  nearestEpoch,
} from '../../examples/exampleHistory.ts';
import type { ExampleHistory, TargetClass } from '../../examples/exampleHistory.ts';
import type { RunSummary } from '../../../core/records.ts';
import { assignSeriesTokens } from '../../composables/seriesColors.ts';
import type { ScrubbedHistories } from '../../stores/scrubber.ts';
import { CamCache } from '../maps/camCache.ts';

/** One run under the scrubber at the present frame. */
export interface ScrubberSide {
  history: ExampleHistory;
  /** What to call the run here: its name. */
  name: string;
  /** Null while the run's summary is not known. */
  paradigm: Paradigm | null;
  /** What of an image is inside, by the run's configuration. */
  rule: MaskRule;
  /** What tells the sides apart in little room: the paradigm, or A and B where two have the same. */
  mark: string;
  /** Design token of its colour. */
  token: string;
  /** Epoch that counts as its best, if it has one. */
  bestEpoch: number | null;
  cams: CamCache;
  /** As they are drawn. */
  drawnCams: CamCache;
}

/** The epochs at which runs stand by themselves, by their ids, whatever the cursor's. */
export type OwnEpochs = ReadonlyMap<string, number>;

export interface Scrubber {
  sides: Readonly<Ref<readonly ScrubberSide[]>>;
  target: Readonly<Ref<TargetClass>>;
  /** All epochs that any side has, ascending. */
  epochs: Readonly<Ref<readonly number[]>>;
  /** Index into `epochs`. */
  frame: WritableComputedRef<number>;
  epoch: Readonly<Ref<number>>;
  step: (frames: number) => void;
  /** Index of the present frame in a side's history. */
  indexOf: (side: ScrubberSide) => number;
  /** The epoch at which a side stands: the cursor's, or its own. */
  epochOf: (side: ScrubberSide) => number;
}

/** What tells runs apart: their paradigms; two of one are A and B, of more each has its number. */
function markRuns(paradigms: readonly (Paradigm | null)[]): string[] {
  const isAlone = (paradigm: Paradigm | null): boolean =>
    paradigm !== null && paradigms.filter((other) => other === paradigm).length === 1;
  if (paradigms.length === 2 && paradigms[0] === paradigms[1]) return ['A', 'B'];
  return paradigms.map((paradigm, i) => {
    if (isAlone(paradigm)) return paradigm ?? '';
    const before = paradigms.slice(0, i).filter((other) => other === paradigm).length;
    return paradigms.length === 1 ? '' : `${paradigm ?? ''}${before + 1}`;
  });
}

/**
 * The sides to show, each with what its run's summary adds; before that is known, with its id.
 *
 * @param runs what is known of the runs
 */
export function buildSides(
  shown: ScrubbedHistories | null,
  runs: readonly RunSummary[],
): ScrubberSide[] {
  if (shown === null) return [];
  const tokens = assignSeriesTokens(runs);
  const histories = [shown.main, ...shown.beside];
  const summaries = histories.map(({ runId }) => runs.find(({ id }) => id === runId));
  const paradigms = summaries.map((summary) =>
    summary === undefined ? null : paradigmOf(summary.config),
  );
  const marks = markRuns(paradigms);
  return histories.map((history, i) => ({
    history,
    name: summaries[i]?.name ?? history.runId,
    paradigm: paradigms[i] ?? null,
    rule: summaries[i]?.config.cam ?? defaultMask,
    mark: marks[i] ?? '',
    token: tokens.get(history.runId) ?? '--series-6',
    bestEpoch: summaries[i]?.bestEpoch ?? null,
    cams: new CamCache(),
    drawnCams: new CamCache(),
  }));
}

/**
 * One cursor over the epochs of one or more histories. `wishedEpoch` is the URL's, null for automatic:
 * `automaticEpoch` then says where the cursor stands. Runs with epochs of their own stand there.
 */
export function useScrubber(
  sides: Readonly<Ref<readonly ScrubberSide[]>>,
  wishedEpoch: Ref<number | null>,
  automaticEpoch: Readonly<Ref<number | null>>,
  target: Readonly<Ref<TargetClass>>,
  own: Readonly<Ref<OwnEpochs>> = shallowRef(new Map()),
): Scrubber {
  const epochs = computed(() => mergeEpochs(sides.value.map(({ history }) => history)));
  const epoch = computed(() => {
    const wished = wishedEpoch.value ?? automaticEpoch.value ?? Infinity;
    const last = epochs.value.at(-1) ?? 0;
    return nearestEpoch(epochs.value, Math.min(wished, last)) ?? 0;
  });
  const frame = computed({
    get: () => epochs.value.indexOf(epoch.value),
    set: (wished) => {
      const last = epochs.value.length - 1;
      const next = epochs.value[Math.min(Math.max(wished, 0), last)];
      if (next !== undefined && next !== wishedEpoch.value) wishedEpoch.value = next;
    },
  });
  const epochOf = ({ history }: ScrubberSide): number =>
    own.value.get(history.runId) ?? epoch.value;
  return {
    sides,
    target,
    epochs,
    frame,
    epoch,
    step: (frames) => {
      frame.value += frames;
    },
    indexOf: (side) => frameAt(side.history.epochs, epochOf(side)),
    epochOf,
  };
}

/** The cam under the cursor. */
export const shownCam = (scrubber: Scrubber, side: ScrubberSide): Float32Array =>
  side.cams.read(side.history, scrubber.indexOf(side), scrubber.target.value);

/** Which class that cam explains, and the largest value of its native map. */
export function shownMap(
  scrubber: Scrubber,
  side: ScrubberSide,
): { explained: number; scale: number } {
  const index = scrubber.indexOf(side);
  const { history } = side;
  const target = scrubber.target.value;
  return {
    explained: explainedClass(history, index, target),
    scale: mapsFor(history, index, target).scales[index] ?? 0,
  };
}

/** The largest value that any map of the sides has at any epoch: one scale for all of them. */
export function largestScale(sides: readonly ScrubberSide[], target: TargetClass): number {
  return Math.max(
    0,
    ...sides.flatMap(({ history }) =>
      Array.from(history.epochs, (_, i) => mapsFor(history, i, target).scales[i] ?? 0),
    ),
  );
}

/**
 * The two sides of a difference map: less C where one of the two is, else the second run less the
 * first.
 */
export function differenceSides(
  sides: readonly ScrubberSide[],
): { minuend: ScrubberSide; subtrahend: ScrubberSide; title: string } | null {
  const [first, second] = sides;
  if (first === undefined || second === undefined) return null;
  const isFirst = first.paradigm !== 'C' && second.paradigm === 'C';
  const [minuend, subtrahend] = isFirst ? [first, second] : [second, first];
  return { minuend, subtrahend, title: `${minuend.mark} − ${subtrahend.mark}` };
}
