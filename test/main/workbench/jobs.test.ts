import { mkdirSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { openWorkbench } from '../../../src/main/workbench.ts';
import type { EngineManifest } from '../../../src/shared/nativeEngine.ts';
import { makeFolder } from '../../support/digits.ts';

function installNothing(gpu: boolean): string {
  const dataDir = makeFolder();
  const folder = join(dataDir, 'engines', 'native-1');
  const manifest: EngineManifest = {
    format: 'afterimage-native-engine-1',
    tensorflow: '1',
    gpu,
    platform: process.platform,
    arch: process.arch,
    source: 'nowhere',
    versions: {},
    installedAt: '2026-01-01T00:00:00Z',
    files: {},
  };
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'manifest.json'), JSON.stringify(manifest));
  writeFileSync(join(dataDir, 'engines', 'current.json'), JSON.stringify({ folder: 'native-1' }));
  return dataDir;
}

it.each([
  { engine: 'one for GPUs', open: () => openWorkbench({ dataDir: installNothing(true) }), jobs: 2 },
  {
    engine: 'one for CPUs',
    open: () => openWorkbench({ dataDir: installNothing(false) }),
    jobs: availableParallelism(),
  },
  {
    engine: 'none',
    open: () => openWorkbench({ dataDir: makeFolder() }),
    jobs: availableParallelism(),
  },
])('with $engine installed, $jobs runs train side by side', async ({ open, jobs }) => {
  const workbench = await open();
  expect(workbench.jobs).toBe(jobs);
  await workbench.close();
});
