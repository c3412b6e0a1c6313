import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { figureVersion } from '../../../src/core/figures/figureVersion.ts';
import { parseFigureSpec } from '../../../src/core/figures/spec.ts';
import { writeFigure } from '../../../src/main/export/figureFiles.ts';
import { readFigureSpec } from '../../../src/main/export/figureRecord.ts';
import { verifyFigure } from '../../../src/main/export/figureVerify.ts';
import { computeSha256 } from '../../../src/main/platform/hashes.ts';
import { makeTemporaryFolder, removeFolder } from '../../support/digits.ts';
import { FigureFolder } from '../../support/figureHistory.ts';

let dataDir: string;
let folder: FigureFolder;
let runId: string;

beforeEach(async () => {
  dataDir = makeTemporaryFolder();
  folder = new FigureFolder(dataDir);
  runId = folder.addRun(await folder.importDigits('digits'), { name: 'digits R', paradigm: 'R' });
});
afterEach(() => {
  folder.close();
  removeFolder(dataDir);
});

const maker = (version = '1.0.0') => ({ source: folder.source, version });
const evolution = { template: 'cam-evolution', rows: [{ run: 'digits R', example: 3 }] };

/** @returns the path of the record */
async function write(spec: object): Promise<string> {
  const paths = ['svg', 'pdf', 'png'].map((format) => join(dataDir, `out/f.${format}`));
  await writeFigure(parseFigureSpec({ ...spec, style: { dpi: 72 } }), paths, maker());
  return join(dataDir, 'out/f.figure.json');
}

const verify = (path: string) => verifyFigure(path, folder.source);

describe('the record beside a figure', () => {
  it('says what the figure was made from', async () => {
    const record: unknown = JSON.parse(readFileSync(await write(evolution), 'utf8'));
    const { id } = folder.source.getDataset(runId);
    expect(record).toMatchObject({
      format: 'afterimage-figure-1',
      application: '1.0.0',
      runs: [
        {
          id: runId,
          name: 'digits R',
          seed: 1,
          datasetId: id,
          engine: { name: 'wasm' },
          lastEpoch: 3,
        },
      ],
      dataHash: expect.stringMatching(/^[0-9a-f]{64}$/) as string,
      drawingHash: expect.stringMatching(/^[0-9a-f]{64}$/) as string,
      specification: { template: 'cam-evolution', rows: [{ run: runId, example: 3 }] },
    });
  });

  it('rebuilds the figure', async () => {
    const path = await write(evolution);
    const again = join(dataDir, 'again/f.pdf');
    await writeFigure(await readFigureSpec(path), [again], maker());
    expect(readFileSync(again)).toEqual(readFileSync(join(dataDir, 'out/f.pdf')));
  });
});

describe('verifying', () => {
  it('finds the same figure, by its record or by a file beside it', async () => {
    const path = await write(evolution);
    const result = await verify(path);
    expect(result).toMatchObject({ verdict: 'same', same: true, drawing: null });
    expect(result).toMatchObject({ differences: [], changes: [], unchecked: [] });
    expect(result.checked).toHaveLength(4);
    expect(await verify(join(dataDir, 'out/f.pdf'))).toMatchObject({ same: true });
  });

  it('finds an SVG with its fonts inside the same, and one that lost them not', async () => {
    const path = join(dataDir, 'f.svg');
    const spec = parseFigureSpec({ ...evolution, style: { embedFonts: true } });
    await writeFigure(spec, [path], maker());
    expect(readFileSync(path, 'utf8')).toContain('@font-face');
    expect(await verify(path)).toMatchObject({ same: true, differences: [] });
    writeFileSync(path, readFileSync(path, 'utf8').replace(/<style>.*<\/style>/s, ''));
    expect(await verify(path)).toMatchObject({
      same: false,
      differences: [`${path} is not the file that this specification gives today`],
    });
  });

  it('tells a run that was extended where the figure shows all epochs', async () => {
    const path = await write(evolution);
    folder.addEpoch(runId, 4);
    const { same, differences, changes } = await verify(path);
    expect(same).toBe(false);
    expect(differences[0]).toBe('the history yields other numbers than were drawn');
    expect(changes).toEqual(['run digits R now ends with epoch 4, then with 3']);
  });

  it('is the same after an extension that the figure does not show', async () => {
    const path = await write({ template: 'cam-pair', run: 'digits R', example: 3, epoch: 2 });
    folder.addEpoch(runId, 4);
    expect(await verify(path)).toMatchObject({
      same: true,
      changes: [expect.stringContaining('epoch 4') as string],
    });
  });

  it('tells classes that are called otherwise', async () => {
    const path = await write({ template: 'confusion-matrix', run: 'digits R' });
    const { id, ...record } = folder.source.getDataset(runId);
    const classNames = record.classNames.with(3, 'drei');
    folder.history.datasets.change({ ...record, id, classNames });
    const result = await verify(path);
    expect(result.same).toBe(false);
    expect(result.changes).toEqual(['class 3 of digits is now called drei']);
  });

  it('tells a renamed run', async () => {
    const path = await write(evolution);
    folder.history.runs.rename(runId, 'other name');
    const { same, differences, changes } = await verify(path);
    expect(same).toBe(false);
    expect(differences[0]).toBe('the numbers are the same, but not the drawing');
    expect(changes).toEqual(['run digits R is now called other name']);
  });

  it('tells a run in the bin, and one that is gone', async () => {
    const path = await write(evolution);
    folder.history.runs.delete([runId]);
    expect(await verify(path)).toMatchObject({
      same: true,
      changes: ['run digits R lies in the bin'],
    });
    await folder.history.purge([runId]);
    expect(await verify(path)).toMatchObject({
      same: false,
      differences: [`There is no run ${runId}`],
      changes: [`run digits R (${runId}) is gone`],
    });
  });

  it('tells a file that was changed by hand', async () => {
    const path = await write(evolution);
    const svg = join(dataDir, 'out/f.svg');
    writeFileSync(svg, readFileSync(svg, 'utf8').replace('#440154', '#440155'));
    const { verdict, differences } = await verify(path);
    expect(verdict).toBe('different');
    expect(differences).toEqual([`${svg} is not the file that this specification gives today`]);
  });

  it('refuses what is no record', async () => {
    writeFileSync(join(dataDir, 'x.json'), '{"a": 1}');
    writeFileSync(join(dataDir, 'y.json'), 'not json');
    await expect(verify(join(dataDir, 'x.json'))).rejects.toThrow(/is not the record of a figure/);
    await expect(verify(join(dataDir, 'y.json'))).rejects.toThrow(/is not JSON/);
    await expect(verify(join(dataDir, 'z.pdf'))).rejects.toThrow(/z\.figure\.json cannot be read/);
  });
});

describe('a figure of another version', () => {
  /** The record of a figure drawn today, as another version would have left it. */
  async function writeAs(version: number): Promise<string> {
    const path = await write(evolution);
    const record = JSON.parse(readFileSync(path, 'utf8')) as Record<string, unknown>;
    const svg = '<svg/>';
    writeFileSync(join(dataDir, 'out/f.svg'), svg);
    const drawn = { figureVersion: version, drawingHash: computeSha256(svg) };
    writeFileSync(path, JSON.stringify({ ...record, ...drawn }));
    return path;
  }

  it('is held to its numbers, its files to the checksums in its record', async () => {
    const path = await writeAs(figureVersion - 1);
    const result = await verify(path);
    expect(result).toMatchObject({ verdict: 'sameNumbers', same: false, differences: [] });
    expect(result.drawing).toMatch(/^drawn by an older version \(since then: .+\)$/);
    expect([result.checked.length, result.unchecked]).toEqual([4, []]);
    for (const file of ['out/f.svg', 'out/f.pdf', 'out/f.png', 'out/f.csv']) {
      const stored = readFileSync(join(dataDir, file));
      writeFileSync(join(dataDir, file), 'changed');
      const { verdict, differences } = await verify(path);
      const difference = `${join(dataDir, file)} is not the file that was drawn`;
      expect([verdict, differences]).toEqual(['different', [difference]]);
      writeFileSync(join(dataDir, file), stored);
    }
  });

  it('differs where the history yields other numbers', async () => {
    const path = await writeAs(figureVersion - 1);
    folder.addEpoch(runId, 4);
    expect(await verify(path)).toMatchObject({
      verdict: 'different',
      differences: ['the history yields other numbers than were drawn'],
    });
  });

  it('is said to be newer where this version does not know it', async () => {
    const { verdict, drawing } = await verify(await writeAs(figureVersion + 1));
    expect(verdict).toBe('sameNumbers');
    expect(drawing).toBe('drawn by a newer version, which this one does not know');
  });
});
