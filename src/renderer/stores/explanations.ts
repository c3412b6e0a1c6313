import { defineStore } from 'pinia';
import type { ErrorFacts } from '../../core/errors.ts';
import type { Likeness } from '../../core/explainers/explanation.ts';
import type { ChosenExplainer } from '../../core/explainers/options.ts';
import type { ExplainerName } from '../../core/explainers/registry.ts';
import type { LongTaskProgress } from '../../shared/longTask.ts';
import { CachedLoads } from '../examples/cachedLoads.ts';
import type { TargetClass } from '../examples/exampleHistory.ts';
import { TensorReader } from '../examples/tensorFile.ts';
import { useClient } from './client.ts';
import { useConnectionStore } from './connection.ts';
import { follow } from './tasks.ts';

/** What an epoch's network makes of an image, by a method. */
export interface Explained {
  method: ExplainerName;
  epoch: number;
  targetClass: number;
  /** [S, S]; zeros where the method cannot explain. */
  map: Float32Array;
  /** What it is to, by a method of prototypes, and that training image, [S, S] or [S, S, 3]. */
  likeness: Likeness | null;
  trainingImage: Uint8Array | null;
  /** What it took to compute; NaN where it was not. */
  durationMs: number;
  /** Why the method cannot explain. */
  problem: ErrorFacts | null;
}

export interface ExplainedQuestion {
  runId: string;
  exampleId: number;
  epoch: number;
  target: TargetClass;
  methods: readonly ChosenExplainer[];
  seed: number;
}

const capacity = 32 * 2 ** 20;

const keyOf = ({ runId, ...rest }: ExplainedQuestion): string =>
  `${runId}/${JSON.stringify(Object.values(rest))}`;

function read(base64: string, { methods, epoch }: ExplainedQuestion): Explained[] {
  const file = TensorReader.fromBase64(base64, 'The explanation');
  const [maps, durationsMs] = [file.floats('maps'), file.floats('durationsMs')];
  const [targetClass = 0] = file.bytes('targetClass');
  const problems = JSON.parse(file.metadata['problems'] ?? '[]') as (ErrorFacts | null)[];
  const likenesses = JSON.parse(file.metadata['likenesses'] ?? '[]') as (Likeness | null)[];
  const trainingImageOf = (i: number): Uint8Array | null =>
    likenesses[i]?.patch ? file.bytes(`trainingImage/${i}`) : null;
  const cells = maps.length / methods.length;
  return methods.map((method, i) => ({
    ...{ method: method.name, epoch, targetClass },
    map: maps.slice(i * cells, (i + 1) * cells),
    durationMs: durationsMs[i] ?? Number.NaN,
    problem: problems[i] ?? null,
    likeness: likenesses[i] ?? null,
    trainingImage: trainingImageOf(i),
  }));
}

const bytesOf = (explained: readonly Explained[]): number =>
  explained.reduce((sum, { map }) => sum + map.byteLength, 0);

/** Maps by other methods than the stored one, computed when asked for; the last are kept. */
export const useExplanationsStore = defineStore('explanations', () => {
  const client = useClient();
  const kept = new CachedLoads<readonly Explained[]>(capacity, bytesOf);

  /** One for each method, in their order. */
  const load = (
    question: ExplainedQuestion,
    signal: AbortSignal | null,
    onProgress: (progress: LongTaskProgress) => void = () => undefined,
  ): Promise<readonly Explained[]> =>
    kept.load(keyOf(question), signal, async (shared) => {
      const asked = { ...question, methods: [...question.methods] };
      const steps = await client.examples.explain(asked, { signal: shared });
      return read(await follow<string>(steps, onProgress), question);
    });

  useConnectionStore().listen((event) => {
    if (event.type === 'purged') kept.drop((key) => key.startsWith(`${event.runId}/`));
    if (event.type === 'reset' || event.type === 'datasets') kept.drop(() => true);
  });

  return { load, peek: (question: ExplainedQuestion) => kept.peek(keyOf(question)) };
});
