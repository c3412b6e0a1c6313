import { defineStore } from 'pinia';
import type { Likeness } from '../../core/explainers/explanation.ts';
import type { ExplainerName } from '../../core/explainers/registry.ts';
import { CachedLoads } from '../examples/cachedLoads.ts';
import type { TargetClass } from '../examples/exampleHistory.ts';
import { TensorReader } from '../examples/tensorFile.ts';
import { useClient } from './client.ts';
import { useConnectionStore } from './connection.ts';

/** What an epoch's network makes of an image, by a method. */
export interface Explained {
  method: ExplainerName;
  epoch: number;
  targetClass: number;
  /** [S, S] */
  map: Float32Array;
  /** What it is to, by a method of prototypes, and that training image, [S, S] or [S, S, 3]. */
  likeness: Likeness | null;
  trainingImage: Uint8Array | null;
}

export interface ExplainedQuestion {
  runId: string;
  exampleId: number;
  epoch: number;
  target: TargetClass;
  method: ExplainerName;
}

const capacity = 32 * 2 ** 20;

const keyOf = ({ runId, ...rest }: ExplainedQuestion): string =>
  `${runId}/${Object.values(rest).join('/')}`;

/** Maps by other methods than the stored one, computed when asked for; the last are kept. */
export const useExplanationsStore = defineStore('explanations', () => {
  const client = useClient();
  const kept = new CachedLoads<Explained>(capacity, ({ map }) => map.byteLength);

  const load = (question: ExplainedQuestion, signal: AbortSignal | null): Promise<Explained> =>
    kept.load(keyOf(question), signal, async (shared) => {
      const blob = await client.examples.explain(question, { signal: shared });
      const file = await TensorReader.fromBlob(blob, 'The explanation');
      const { method, epoch } = question;
      const [targetClass = 0] = file.bytes('targetClass');
      const { likeness: told } = file.metadata;
      const likeness = told === undefined ? null : (JSON.parse(told) as Likeness);
      const trainingImage = likeness?.patch ? file.bytes('trainingImage') : null;
      return { method, epoch, targetClass, map: file.floats('map'), likeness, trainingImage };
    });

  useConnectionStore().listen((event) => {
    if (event.type === 'purged') kept.drop((key) => key.startsWith(`${event.runId}/`));
    if (event.type === 'reset' || event.type === 'datasets') kept.drop(() => true);
  });

  return { load, peek: (question: ExplainedQuestion) => kept.peek(keyOf(question)) };
});
