import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { unzipSync } from 'fflate';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { DatasetLibrary } from '../../../src/main/datasets/library.ts';
import { buildBundlesApi } from '../../../src/main/workbench/bundlesApi.ts';
import { BundleTransfers } from '../../../src/main/workbench/bundleTransfers.ts';
import type { WorkbenchApi } from '../../../src/main/router.ts';
import type { ExportFiles } from '../../../src/shared/exportCalls.ts';
import { runHere } from '../../support/commands.ts';
import { FigureFolder } from '../../support/figureHistory.ts';
import { errorOf } from '../store/fixtures.ts';

const dataDir = mkdtempSync(join(tmpdir(), 'afterimage-files-'));
const crossing = join(dataDir, 'crossing');
const transfers = new BundleTransfers(crossing);
let folder: FigureFolder;
let api: Pick<WorkbenchApi['runs'], 'exportFiles' | 'readBundle'>;
let ids: string[];

beforeAll(async () => {
  folder = new FigureFolder(dataDir);
  const digits = await folder.importDigits('digits');
  ids = (['C', 'R'] as const).map((paradigm) =>
    folder.addRun(digits, { name: paradigm, paradigm, lastEpoch: 2 }),
  );
  const { history } = folder;
  const library = new DatasetLibrary(join(dataDir, 'datasets'), history.datasets);
  api = buildBundlesApi({ history, library, transfers, announce: () => undefined });
});
afterAll(async () => {
  await transfers.close();
  folder.close();
  rmSync(dataDir, { recursive: true, force: true });
});

const wanted = (runIds: string[], format: ExportFiles['format']): ExportFiles => ({
  ...{ runIds, format, epochs: [0, 'last'], resized: false },
});

/** The file of an export, and the steps that were told on the way. */
async function receive(choices: ExportFiles, signal = new AbortController().signal) {
  const steps = new Set<string>();
  const parts: Uint8Array[] = [];
  for await (const step of await api.exportFiles(choices, { signal })) {
    if (step.type === 'progress') steps.add(step.step);
    else {
      const { bundleId, bytes } = step;
      for (let offset = 0; offset < bytes;) {
        const piece = await api.readBundle({ bundleId, offset }, {});
        parts.push(await piece.bytes());
        offset += piece.size;
      }
    }
  }
  return { steps, file: Buffer.concat(parts) };
}

/** What the command line writes of the same. */
async function exportThere(runIds: string[], format: string): Promise<string> {
  const out = join(dataDir, `there-${format}`);
  const epochs = format === 'tensorboard' ? [] : ['--epoch', '0,last'];
  const words = ['runs', 'export', ...runIds, '--format', format, '--out', out, ...epochs];
  const { code, stderr } = await runHere(dataDir, ...words);
  if (code !== 0) throw new Error(stderr);
  return out;
}

it('a file is the one that the command line writes, to the byte', async () => {
  const [runId = ''] = ids;
  const { steps, file } = await receive(wanted([runId], 'npz'));
  expect(file.equals(readFileSync(await exportThere([runId], 'npz')))).toBe(true);
  expect([...steps]).toContain('Packing the file');
  expect(readdirSync(crossing)).toEqual([]);
});

it.each(['parquet', 'tensorboard'] as const)(
  'a folder, of %s, is an archive of what the command line writes',
  async (format) => {
    const { file } = await receive(wanted(ids, format));
    const out = await exportThere(ids, format);
    const paths = readdirSync(out, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name).slice(out.length + 1));
    const files = unzipSync(file);
    expect(Object.keys(files).toSorted()).toEqual(paths.map((path) => `runs/${path}`).toSorted());
    for (const path of paths) {
      expect(readFileSync(join(out, path)).equals(files[`runs/${path}`] ?? Buffer.of())).toBe(true);
    }
  },
);

it('what cannot be exported is said in words, and nothing of it stays', async () => {
  const [runId = ''] = ids;
  const refused = await errorOf(() => receive({ ...wanted([runId], 'npz'), epochs: [7] }));
  expect(refused).toMatchObject({ code: 'NOT_FOUND' });
  expect(refused.message).toContain('There is no epoch 7');
  expect(readdirSync(crossing)).toEqual([]);
});

it('cancelled, it leaves nothing', async () => {
  const cancel = new AbortController();
  const steps = await api.exportFiles(wanted(ids, 'parquet'), { signal: cancel.signal });
  const first = steps.next();
  cancel.abort(new Error('changed my mind'));
  await expect(first.then(() => steps.next())).rejects.toThrow('changed my mind');
  await expect.poll(() => existsSync(crossing) && readdirSync(crossing)).toEqual([]);
});
