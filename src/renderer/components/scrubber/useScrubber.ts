import { paradigmOf, type Paradigm } from '../../../core/config/objectives.ts';
import { defaultMask, type MaskRule } from '../../../core/metrics/foreground.ts';
import { computed } from 'vue';
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
  /** What tells the sides apart in little room: the paradigm, or A and B where both have the same. */
  mark: string;
  /** Design token of its colour. */
  token: string;
  /** Epoch that counts as its best, if it has one. */
  bestEpoch: number | null;
  cams: CamCache;
}

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
}

/** The sides to show, each with what its run's summary adds; before that is known, with its id. */
export function buildSides(
  shown: ScrubbedHistories | null,
  run: RunSummary | undefined,
  besideRun: RunSummary | undefined,
): ScrubberSide[] {
  if (shown === null) return [];
  const known = [run, besideRun].filter((summary) => summary !== undefined);
  const tokens = assignSeriesTokens(known);
  const paradigms = known.map(({ config }) => paradigmOf(config));
  const isSame = known.length > 1 && paradigms[0] === paradigms[1];
  const build = (history: ExampleHistory, index: number): ScrubberSide => {
    const summary = known.find(({ id }) => id === history.runId);
    const paradigm = summary === undefined ? null : paradigmOf(summary.config);
    return {
      history,
      name: summary?.name ?? history.runId,
      paradigm,
      rule: summary?.config.cam ?? defaultMask,
      mark: isSame ? (['A', 'B'][index] ?? '') : (paradigm ?? ''),
      token: tokens.get(history.runId) ?? '--series-6',
      bestEpoch: summary?.bestEpoch ?? null,
      cams: new CamCache(),
    };
  };
  return [shown.main, shown.beside].filter((history) => history !== null).map(build);
}

/**
 * One cursor over the epochs of one or two histories. `wishedEpoch` is the URL's, null for automatic:
 * `automaticEpoch` then says where the cursor stands.
 */
export function useScrubber(
  sides: Readonly<Ref<readonly ScrubberSide[]>>,
  wishedEpoch: Ref<number | null>,
  automaticEpoch: Readonly<Ref<number | null>>,
  target: Readonly<Ref<TargetClass>>,
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
  return {
    sides,
    target,
    epochs,
    frame,
    epoch,
    step: (frames) => {
      frame.value += frames;
    },
    indexOf: ({ history }) => frameAt(history.epochs, epoch.value),
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
