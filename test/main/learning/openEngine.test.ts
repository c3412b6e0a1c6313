import { expect, it } from 'vitest';
import { openEngine } from '../../../src/main/learning/openEngine.ts';
import { makeTinyJob } from '../../support/tinyRun.ts';

it('opens the embedded engine without a folder', async () => {
  const engine = await openEngine({ ...makeTinyJob(), engine: 'wasm' });
  expect(engine.info).toMatchObject({ name: 'wasm', deterministic: true });
});

it('refuses the native engine where none is installed, saying how to go on', async () => {
  const job = { ...makeTinyJob(), engine: 'native', engineFolder: null } as const;
  await expect(openEngine(job)).rejects.toMatchObject({
    code: 'ENGINE_UNAVAILABLE',
    remedy: expect.stringMatching(/engine install.*wasm/) as string,
  });
});
