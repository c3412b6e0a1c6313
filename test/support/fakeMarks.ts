import type { ExampleMark } from '../../src/core/records.ts';
import { changeTags } from '../../src/core/tags.ts';
import type { WorkbenchApi } from '../../src/main/router.ts';
import type { WorkbenchEvent } from '../../src/shared/events.ts';

/** Tags and notes of images, kept while the page is open. */
export function createFakeMarks(
  publish: (event: WorkbenchEvent) => void,
): Pick<WorkbenchApi['examples'], 'marks' | 'mark'> {
  const sets = new Map<string, Map<number, ExampleMark>>();
  return {
    marks: ({ datasetId }) => Promise.resolve([...(sets.get(datasetId)?.values() ?? [])]),
    mark: ({ datasetId, exampleId, note, ...tags }) => {
      const before = sets.get(datasetId)?.get(exampleId);
      const mark = {
        exampleId,
        tags: changeTags(before?.tags ?? [], tags),
        note: note ?? before?.note ?? '',
      };
      sets.set(datasetId, new Map(sets.get(datasetId)).set(exampleId, mark));
      publish({ type: 'marks', datasetId });
      return Promise.resolve(mark);
    },
  };
}
