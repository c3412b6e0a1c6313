import { defineStore } from 'pinia';
import type { ConceptTable } from '../../core/explainers/concepts.ts';
import type { LongTaskProgress } from '../../shared/longTask.ts';
import { CachedLoads } from '../examples/cachedLoads.ts';
import type { TargetClass } from '../examples/exampleHistory.ts';
import { TensorReader } from '../examples/tensorFile.ts';
import { useClient } from './client.ts';
import { useConnectionStore } from './connection.ts';
import { follow } from './tasks.ts';

export interface ConceptsQuestion {
  runId: string;
  epoch: number;
  target: TargetClass;
  /** Most test images that are looked at. */
  examples: number;
}

const capacity = 64 * 2 ** 20;
const keyOf = ({ runId, epoch, target, examples }: ConceptsQuestion): string =>
  `${runId}/${epoch}/${target}/${examples}`;

function read(base64: string): ConceptTable {
  const file = TensorReader.fromBase64(base64, 'The relevance of channels');
  return {
    layer: file.metadata['layer'] as ConceptTable['layer'],
    exampleIds: file.counts('exampleIds'),
    targets: file.bytes('targets'),
    relevance: file.floats('relevance'),
  };
}

/** Relevance of a layer's channels for a run's test images, epoch by epoch; the last are kept. */
export const useConceptsStore = defineStore('concepts', () => {
  const client = useClient();
  const kept = new CachedLoads<ConceptTable>(capacity, ({ relevance }) => relevance.byteLength);

  const load = (
    question: ConceptsQuestion,
    signal: AbortSignal | null,
    onProgress: (progress: LongTaskProgress) => void,
  ): Promise<ConceptTable> =>
    kept.load(keyOf(question), signal, async (shared) =>
      read(
        await follow<string>(
          await client.examples.concepts(question, { signal: shared }),
          onProgress,
        ),
      ),
    );

  useConnectionStore().listen((event) => {
    if (event.type === 'purged') kept.drop((key) => key.startsWith(`${event.runId}/`));
    if (event.type === 'reset' || event.type === 'datasets') kept.drop(() => true);
  });

  return { load, peek: (question: ConceptsQuestion) => kept.peek(keyOf(question)) };
});
