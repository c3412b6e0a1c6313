import { expect, it } from 'vitest';
import { useExamplesStore } from '../../../src/renderer/stores/examples.ts';
import { useScrubberStore } from '../../../src/renderer/stores/scrubber.ts';
import { AfterimageError } from '../../../src/core/errors.ts';
import { buildMetrics } from '../../support/epochMetrics.ts';
import { buildClassMapsFile, buildHistoryFile } from './exampleFiles.ts';
import { recordCalls, settle, startStore } from './startStore.ts';

function start() {
  const { calls, call } = recordCalls<{ runId: string; exampleId: number }>();
  const maps = recordCalls<{ runId: string; exampleId: number }>();
  const client = { examples: { history: call, classMaps: maps.call } };
  const stores = startStore(client, () => ({
    scrubber: useScrubberStore(),
    examples: useExamplesStore(),
  }));
  const answer = async (index: number, epochs: number): Promise<void> => {
    calls[index]?.answer(buildHistoryFile(epochs));
    await settle();
  };
  const open = (exampleId: number, ...besideRunIds: string[]): void => {
    stores.scrubber.open({ runId: 'a', besideRunIds, exampleId, everyClass: false });
  };
  const openEveryClass = (exampleId: number): void => {
    stores.scrubber.open({ runId: 'a', besideRunIds: [], exampleId, everyClass: true });
  };
  return { ...stores, calls, mapsCalls: maps.calls, answer, open, openEveryClass };
}

it('shows what was asked for last, whichever answer comes last', async () => {
  const { scrubber, answer, open } = start();
  open(1);
  open(2);
  await answer(1, 3);
  expect(scrubber.shown?.main.exampleId).toBe(2);
  await answer(0, 3);
  expect(scrubber.shown?.main.exampleId).toBe(2);
  expect(scrubber.pending).toBe(false);
});

it('keeps the old example until the new one is whole', async () => {
  const { scrubber, answer, open } = start();
  open(1, 'b');
  await answer(0, 3);
  expect(scrubber.shown).toBeNull();
  await answer(1, 5);
  expect(scrubber.shown?.main.epochs).toHaveLength(3);
  expect(scrubber.shown?.beside[0]?.epochs).toHaveLength(5);

  open(2, 'b');
  await answer(2, 3);
  expect([scrubber.shown?.main.exampleId, scrubber.shown?.beside[0]?.exampleId]).toEqual([1, 1]);
  await answer(3, 5);
  expect([scrubber.shown?.main.exampleId, scrubber.shown?.beside[0]?.exampleId]).toEqual([2, 2]);
});

it('shows at once what it knows', async () => {
  const { scrubber, calls, answer, open } = start();
  open(1);
  await answer(0, 3);
  open(2);
  await answer(1, 3);
  open(1);
  expect(scrubber.shown?.main.exampleId).toBe(1);
  expect(calls).toHaveLength(2);
});

it('shows the first run even where the second has no such example', async () => {
  const { scrubber, calls, answer, open } = start();
  open(1, 'b');
  await answer(0, 3);
  calls[1]?.fail(new AfterimageError('NOT_FOUND', 'Run b has no example 1.', 'Choose another.'));
  await settle();
  expect(scrubber.shown?.main.exampleId).toBe(1);
  expect(scrubber.shown?.beside).toEqual([]);
  expect(scrubber.shown?.besideError?.code).toBe('NOT_FOUND');
  expect(scrubber.error).toBeNull();
});

it('says why there is nothing, and forgets it with the next example', async () => {
  const { scrubber, calls, answer, open } = start();
  open(1);
  calls[0]?.fail(new AfterimageError('NOT_FOUND', 'There is no run a.', 'Look it up.'));
  await settle();
  expect(scrubber.error?.message).toBe('There is no run a.');
  open(2);
  await answer(1, 3);
  expect(scrubber.error).toBeNull();
});

it('adds the epochs of a run that trains', async () => {
  const { scrubber, examples, answer, open } = start();
  open(1);
  await answer(0, 3);
  examples.applyEvent({ type: 'epoch', runId: 'a', metrics: buildMetrics({ epoch: 3 }) });
  await settle();
  expect(scrubber.shown?.main.epochs).toHaveLength(3);
  await answer(1, 4);
  expect(scrubber.shown?.main.epochs).toHaveLength(4);
});

it('starts the next visit with nothing', async () => {
  const { scrubber, answer, open } = start();
  open(1);
  await answer(0, 3);
  scrubber.close();
  expect(scrubber.shown).toBeNull();
});

it('keeps the stored maps until those of every class have been computed', async () => {
  const { scrubber, calls, mapsCalls, answer, open, openEveryClass } = start();
  open(1);
  await answer(0, 3);
  openEveryClass(1);
  await settle();
  expect(scrubber.shown?.main.classMaps).toBeNull();
  expect(scrubber.pending).toBe(true);
  mapsCalls[0]?.answer(buildClassMapsFile(3));
  await settle();
  expect(calls).toHaveLength(1);
  const [first, second] = scrubber.shown?.main.classMaps ?? [];
  expect([...(first?.levels ?? [])]).toEqual(Array(12).fill(0));
  expect([...(second?.levels ?? [])]).toEqual(Array(12).fill(255));
  expect([...(second?.scales ?? [])]).toEqual([3, 4, 5]);

  // Known now, and shown at once.
  open(1);
  openEveryClass(1);
  expect(scrubber.shown?.main.classMaps).toHaveLength(2);
  expect(mapsCalls).toHaveLength(1);
});

it('asks again when a data set was imported: its image may be here now', async () => {
  const { scrubber, examples, calls, answer, open } = start();
  open(1);
  calls[0]?.answer(buildHistoryFile(3, { code: 'NOT_FOUND', message: 'Gone.', remedy: 'Import.' }));
  await settle();
  expect(scrubber.shown?.main).toMatchObject({
    image: null,
    imageProblem: { message: 'Gone.' },
    imageSize: 4,
    classNames: ['a', 'b'],
  });
  examples.applyEvent({ type: 'datasets' });
  await settle();
  await answer(1, 3);
  expect(scrubber.shown?.main.image).toHaveLength(16);
  expect(scrubber.shown?.main.imageProblem).toBeNull();
});

it('shows the stored maps where those of every class cannot be computed', async () => {
  const { scrubber, mapsCalls, answer, openEveryClass } = start();
  openEveryClass(1);
  mapsCalls[0]?.fail(new AfterimageError('NOT_FOUND', 'No image.', 'Import it.'));
  await answer(0, 3);
  expect(scrubber.shown?.main.epochs).toHaveLength(3);
  expect(scrubber.shown?.main.classMaps).toBeNull();
  expect(scrubber.error?.message).toBe('No image.');
});

it('says why the maps of every class cannot be had', async () => {
  const { scrubber, mapsCalls, answer, open, openEveryClass } = start();
  open(1);
  await answer(0, 3);
  openEveryClass(1);
  await settle();
  mapsCalls[0]?.fail(new AfterimageError('CORRUPT_INPUT', 'No weights.', 'Check the history.'));
  await settle();
  expect(scrubber.error?.message).toBe('No weights.');
  expect(scrubber.shown?.main.exampleId).toBe(1);
});
