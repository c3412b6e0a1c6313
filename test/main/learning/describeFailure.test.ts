import { expect, it } from 'vitest';
import { presets } from '../../../src/core/config/presets.ts';
import { AfterimageError } from '../../../src/core/errors.ts';
import { describeFailure } from '../../../src/main/learning/describeFailure.ts';
import type { TrainerJob } from '../../../src/shared/trainerEvents.ts';

const job = { engine: 'native', config: presets['mnist-r'] } as TrainerJob;
const describe = (error: unknown) => describeFailure(error, job);

it('says what is full, and what helps: other jobs of a GPU leave it, those of a CPU cannot', () => {
  const onGpu = describe(new Error('OOM when allocating tensor on /device:GPU:0 by GPU_0_bfc'));
  expect(onGpu.code).toBe('OUT_OF_MEMORY');
  expect(onGpu.message).toMatch(/^The GPU’s memory is full at batch size 64: OOM when/);
  expect(onGpu.remedy).toMatch(/^Resume the run when .*fewer `--jobs`.*smaller batchSize/);
  const onCpu = describe(new Error('OOM when allocating tensor on /device:CPU:0 by cpu'));
  expect(onCpu.code).toBe('OUT_OF_MEMORY');
  expect(onCpu.message).toMatch(/^The native engine ran out of memory at batch size 64/);
  expect(onCpu.remedy).not.toMatch(/Resume/);
});

it('lets a run go on whose card is gone', () => {
  const lost = describe(new Error('INTERNAL: CUDA_ERROR_ECC_UNCORRECTABLE: uncorrectable error'));
  expect(lost.code).toBe('ENGINE_UNAVAILABLE');
  expect(lost.remedy).toMatch(/engine doctor.*resume the run/);
});

it('tells what was made to be told as it is, and anything else as a fault', () => {
  const known = new AfterimageError('NOT_FINITE', 'The loss became NaN.', 'Lower it.');
  expect(describe(known)).toEqual({
    ...{ type: 'failed', code: 'NOT_FINITE' },
    ...{ message: 'The loss became NaN.', remedy: 'Lower it.' },
  });
  expect(describe('a text')).toMatchObject({ code: 'INTERNAL', message: 'a text' });
});
