import { expect, it } from 'vitest';
import type { Output } from '../../../src/main/cli/output.ts';
import { showTraining } from '../../../src/main/cli/trainingProgress.ts';
import type { WorkbenchEvent } from '../../../src/shared/events.ts';

type Progress = Extract<WorkbenchEvent, { type: 'progress' }>['progress'];

const progressOf = (change: Partial<Progress>): WorkbenchEvent => ({
  ...{ type: 'progress', runId: 'one', remainingMs: null },
  progress: {
    ...{ phase: 'training', epoch: 1, epochs: 2, step: 0, steps: 9 },
    ...{ loss: null, terms: {}, accuracy: null, imagesPerSecond: 0, ...change },
  },
});

it('says in a log that the step is compiled and how long that took, once each', () => {
  const notes: string[] = [];
  const output = { interactive: false, note: (text: string) => notes.push(text) };
  const shown = showTraining(new Map([['one', 'mnist-r']]), output as unknown as Output);
  shown.show(progressOf({}));
  expect(notes).toEqual([]);
  shown.show(progressOf({ phase: 'compilation' }));
  shown.show(progressOf({ compilationMs: 9300 }));
  shown.show(progressOf({ compilationMs: 9300, step: 1 }));
  expect(notes).toEqual(['mnist-r  compiling the step of training', 'mnist-r  compiled in 9 s']);
});
