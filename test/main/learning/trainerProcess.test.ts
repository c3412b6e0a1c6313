import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { encodeDataset } from '../../../src/core/formats/datasetFile.ts';
import type { TrainerEvent } from '../../../src/shared/trainerEvents.ts';
import { computeSha256 } from '../../../src/main/platform/hashes.ts';
import { forkTrainer } from '../../../src/main/training/trainerHost.ts';
import { makeFolder } from '../../support/digits.ts';
import { makeTinyDataset, makeTinyJob } from '../../support/tinyRun.ts';

it('trains on no other images than those that the run began on', async () => {
  const datasetPath = join(makeFolder(), 'tiny.safetensors');
  const bytes = encodeDataset(makeTinyDataset());
  const datasetId = computeSha256(bytes);
  bytes[bytes.length - 1] = 1 - (bytes.at(-1) ?? 0);
  await writeFile(datasetPath, bytes);
  const events: TrainerEvent[] = [];
  const { promise, resolve } = Promise.withResolvers<string>();
  const trainer = forkTrainer(
    {},
    { event: (event) => events.push(event), line: () => undefined, exit: resolve },
  );
  trainer.send({ type: 'start', job: { ...makeTinyJob(), datasetPath, datasetId } });
  await promise;
  expect(events).toMatchObject([
    {
      type: 'failed',
      code: 'CORRUPT_HISTORY',
      message: expect.stringContaining(datasetPath) as string,
    },
  ]);
});
