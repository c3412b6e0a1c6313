import { expect, it, onTestFinished } from 'vitest';
import { presets } from '../../../src/core/config/presets.ts';
import { describeLikeness } from '../../../src/core/explainers/describeLikeness.ts';
import type { Likeness } from '../../../src/core/explainers/explanation.ts';
import { decodeSafetensors } from '../../../src/core/formats/safetensors.ts';
import { imageAt } from '../../../src/core/pixels.ts';
import { finishTask } from '../../../src/main/platform/longTask.ts';
import { openWorkbench } from '../../../src/main/workbench.ts';
import { runHere } from '../../support/commands.ts';
import { makeFolder } from '../../support/digits.ts';
import { withSettings } from '../../support/settings.ts';

it('a likeness comes with the training image that it is to, and a line says which', async () => {
  const dataDir = makeFolder();
  const workbench = await openWorkbench({ dataDir, jobs: 1 });
  let isOpen = true;
  onTestFinished(() => (isOpen ? workbench.close() : undefined));
  const small = { trainExamples: 100, testExamples: 10, epochs: 1, prototypesPerClass: 2 };
  const config = withSettings(presets['mnist-protopnet'], small);
  const run = { name: 'small', experiment: 'small', config, seed: 3 };
  const [created] = await workbench.api.runs.create({ runs: [run], engine: 'wasm' }, {});
  await workbench.training.idle;
  const runId = created?.id ?? '';
  const [metrics] = workbench.history.epochs.list(runId).slice(-1);
  expect(metrics?.terms.validation).toMatchObject({
    cluster: expect.any(Number) as number,
    separation: expect.any(Number) as number,
  });

  const [exampleId = 0] = workbench.history.examples.getEpoch(runId, 1).exampleIds;
  const explain = async (epoch: number) => {
    const methods = [{ name: 'prototype' as const, options: {} }];
    const call = { runId, exampleId, epoch, target: 4, methods, seed: 0 };
    const stream = await workbench.api.examples.explain(call, {});
    const file = decodeSafetensors(
      Buffer.from(await finishTask(stream, () => undefined), 'base64'),
      'the map',
    );
    const [likeness] = JSON.parse(file.metadata['likenesses'] ?? '[]') as [Likeness];
    return { ...file, likeness };
  };
  const before = await explain(0);
  expect(before.likeness.patch).toBeNull();
  expect(before.tensors['trainingImage/0']).toBeUndefined();
  const { likeness, tensors } = await explain(1);
  expect(likeness).toMatchObject({ prototypes: 2, mapSize: 7, patch: { epoch: 1 } });
  const content = await workbench.datasets.load(runId);
  const { image = -1 } = likeness.patch ?? {};
  expect(content.train.labels[image]).toBe(4);
  expect(tensors['trainingImage/0']?.values).toEqual(imageAt(content.train.images, image, content));

  isOpen = false;
  await workbench.close();
  const words = ['explain', '--run', 'small', '--example', String(exampleId), '--class', '4'];
  const told = await runHere(dataDir, ...words, '--method', 'prototype', '--epoch', '1');
  expect(told.stdout).toContain(describeLikeness(likeness, 1));
});
