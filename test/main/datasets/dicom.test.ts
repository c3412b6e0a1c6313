import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { decodeDicom } from '../../../src/main/datasets/dicom.ts';
import { applyWindow } from '../../../src/main/datasets/dicomWindow.ts';
import { loadImageFolder } from '../../../src/main/datasets/imageFolder.ts';
import { expectError, makeFolder, writeFiles } from './builders.ts';

const cases = z
  .record(
    z.string(),
    z.object({ file: z.string(), channels: z.number(), levels: z.array(z.number()) }),
  )
  .parse(JSON.parse(readFileSync(join(import.meta.dirname, '../../golden/dicom.json'), 'utf8')));
const fileOf = (name: string): Uint8Array =>
  Uint8Array.from(Buffer.from(cases[name]?.file ?? '', 'base64'));
const accept = (): undefined => undefined;

describe('a DICOM file', () => {
  it.each(Object.keys(cases))('%s: has the levels that pydicom gives', async (name) => {
    const { channels, levels } = cases[name] ?? { channels: 0, levels: [] };
    const image = await decodeDicom(fileOf(name), name, accept);
    expect(image).toMatchObject({ width: 8, height: 8, channels });
    expect(image.levels).toHaveLength(levels.length);
    // Rounded to whole levels; decoders of JPEG may differ by one before the window spreads them.
    const most = name.startsWith('JPEG') ? 2.5 : 0.51;
    image.levels.forEach((level, i) => {
      expect(Math.abs(level - (levels[i] ?? -9))).toBeLessThan(most);
    });
  });

  it('is asked about before its pixels are decoded', async () => {
    const asked: number[] = [];
    const refuse = (width: number, height: number): never => {
      asked.push(width, height);
      throw new Error('enough');
    };
    const reading = decodeDicom(fileOf('colour'), 'x', refuse);
    await expect(reading).rejects.toThrow('enough');
    expect(asked).toEqual([8, 8]);
  });

  it('cut short, or of another syntax, is refused in words', async () => {
    const whole = fileOf('no window');
    const cut = (): Promise<unknown> => decodeDicom(whole.subarray(0, -9), 'x.dcm', accept);
    await expect(cut()).rejects.toThrow();
    // JPEG 2000 in place of explicit little endian, of the same length with its padding.
    const text = Buffer.from(whole).toString('latin1');
    const other = text.replace('1.2.840.10008.1.2.1\0', '1.2.840.10008.1.2.9\0');
    const reading = (): Promise<unknown> =>
      decodeDicom(Uint8Array.from(Buffer.from(other, 'latin1')), 'x.dcm', accept);
    await expectError(reading, 'CORRUPT_INPUT', 'x.dcm', 'transfer syntax 1.2.840.10008.1.2.9');
  });
});

describe('a window', () => {
  it('is linear as the standard defines it: width - 1 steps around centre - 1/2', () => {
    const window = { centre: 2048, width: 4096, shape: 'LINEAR' };
    // The standard's own example: 0 to 4095.
    expect(applyWindow(0, window)).toBe(0);
    expect(applyWindow(4095, window)).toBe(1);
    expect(applyWindow(2047.5, window)).toBe(0.5);
    expect([-1, 5000].map((value) => applyWindow(value, window))).toEqual([0, 1]);
  });

  it('of width 1 is a threshold', () => {
    const window = { centre: 10, width: 1, shape: 'LINEAR' };
    expect([9, 9.5, 10].map((value) => applyWindow(value, window))).toEqual([0, 0, 1]);
  });
});

it('a folder of DICOM files says what was done to them', async () => {
  const folder = await makeFolder();
  await writeFiles(folder, {
    'train/a/1.dcm': fileOf('signed CT, linear window'),
    'train/b/2.dcm': fileOf('inverted'),
    'test/a/3.DCM': fileOf('no window'),
    'test/b/4.dicom': fileOf('JPEG baseline'),
  });
  const content = await loadImageFolder(folder);
  expect(content).toMatchObject({ imageSize: 8, channels: 1, classNames: ['a', 'b'] });
  expect(content.notes).toEqual([
    '3 DICOM images were read through their slope, intercept and window',
    '1 of MONOCHROME1 were inverted',
    '1 DICOM images name no window: from their smallest to their largest value became 0 to 255',
  ]);
});

it('a damaged DICOM file is named', async () => {
  const folder = await makeFolder();
  const damaged = fileOf('no window').slice(0, 200);
  await writeFiles(folder, { 'train/a/1.dcm': damaged, 'test/a/1.dcm': fileOf('no window') });
  await expectError(() => loadImageFolder(folder), 'CORRUPT_INPUT', join(folder, 'train/a/1.dcm'));
});
