import { defineStore } from 'pinia';
import { shallowReactive } from 'vue';
import type { ExampleMark, ExampleMarkChange } from '../../core/records.ts';
import { useClient } from './client.ts';
import { useConnectionStore } from './connection.ts';

type Marks = ReadonlyMap<number, ExampleMark>;
const none: Marks = new Map();

/** What people say of single test images, by the content of their data set. */
export const useExampleMarksStore = defineStore('exampleMarks', () => {
  const client = useClient();
  const sets = shallowReactive(new Map<string, Marks>());
  const asked = new Set<string>();

  async function load(datasetId: string): Promise<void> {
    asked.add(datasetId);
    const marks = await client.examples.marks({ datasetId });
    sets.set(datasetId, new Map(marks.map((mark) => [mark.exampleId, mark])));
  }
  /** Fails in silence: without an answer no image is marked, and the next event asks again. */
  const refresh = (datasetId: string): void => {
    load(datasetId).catch(() => asked.delete(datasetId));
  };

  /** The marks of a set, once they are here; null for a run that has not read its data. */
  function marksOf(datasetId: string | null): Marks {
    if (datasetId === null) return none;
    if (!asked.has(datasetId)) refresh(datasetId);
    return sets.get(datasetId) ?? none;
  }

  async function mark(datasetId: string, change: ExampleMarkChange): Promise<void> {
    const stored = await client.examples.mark({ datasetId, ...change });
    const marks = new Map(sets.get(datasetId));
    if (stored.tags.length === 0 && stored.note === '') marks.delete(stored.exampleId);
    else marks.set(stored.exampleId, stored);
    sets.set(datasetId, marks);
  }

  useConnectionStore().listen((event) => {
    if (event.type !== 'marks' && event.type !== 'reset') return;
    const changed = event.type === 'marks' ? event.datasetId : null;
    for (const datasetId of asked) if ((changed ?? datasetId) === datasetId) refresh(datasetId);
  });

  return { marksOf, mark };
});
