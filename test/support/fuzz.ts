/**
 * Damaged inputs of every kind that comes from outside, by a seed: each must be read or refused with an
 * error that says so, soon, and nothing else.
 */
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { zipSync } from 'fflate';
import sharp from 'sharp';
import { AfterimageError } from '../../src/core/errors.ts';
import { parseFigureSpec } from '../../src/core/figures/spec.ts';
import { decodeDataset, encodeDataset } from '../../src/core/formats/datasetFile.ts';
import { Random } from '../../src/core/random.ts';
import { loadIdx } from '../../src/main/datasets/idx.ts';
import { loadImageFolder } from '../../src/main/datasets/imageFolder.ts';
import { loadNpz } from '../../src/main/datasets/npz.ts';
import { createHandler, type WorkbenchApi } from '../../src/main/router.ts';
import { openHistory } from '../../src/main/store/history.ts';
import { Calls } from '../../src/main/transports/calls.ts';
import { makeIdxFiles, makeNpy, makePng } from '../main/datasets/builders.ts';
import { makeEpoch, newRun, version } from '../main/store/fixtures.ts';

export interface FuzzReport {
  inputs: Record<string, number>;
  /** How many were refused; the others were harmless. */
  refused: number;
  /** What was neither. */
  faults: string[];
  slowestMs: number;
  slowest: string;
  /** Of the process, since it began, bytes. */
  peakBytes: number;
}

const pick = (random: Random, below: number): number =>
  Math.min(below - 1, Math.floor(random.uniform(0, below)));
const extremes = [0, 1, 0x7f, 0x80, 0xfe, 0xff];

/** Changes bytes, cuts, doubles or overwrites with extremes: one to eight times. */
function damage(random: Random, whole: Uint8Array): Uint8Array {
  let bytes: Buffer = Buffer.from(whole);
  for (let left = 1 + pick(random, 8); left > 0 && bytes.length > 0; left -= 1) {
    const at = pick(random, bytes.length);
    // Half of all changes lie where formats have their headers.
    const early = random.uniform() < 0.5 ? Math.min(at, pick(random, 64)) : at;
    const way = pick(random, 6);
    if (way === 0) bytes = bytes.subarray(0, at);
    else if (way === 1)
      bytes = Buffer.concat([bytes.subarray(0, at), bytes.subarray(pick(random, bytes.length))]);
    else if (way === 2)
      bytes.subarray(early, early + 1 + pick(random, 8)).fill(extremes[pick(random, 6)] ?? 0);
    else if (way === 3) bytes.writeUInt8(pick(random, 256), early);
    else bytes.writeUInt8((bytes[early] ?? 0) ^ (1 << pick(random, 8)), early);
  }
  return bytes;
}

const odd: unknown[] = [
  ...[null, true, -1, 1e308, Number.NaN, 2 ** 53, '', '__proto__', 'x'.repeat(100_000)],
  ...[[], {}, [[[[]]]], Array(5000).fill(0), new Date(Number.NaN), 10n ** 40n, new URL('http://x')],
  ...['\u202e', '=1+1', '../../x', '<svg onload=x>', '1e9', '\0'],
];

/** What is put into one input must not change what the next one gets. */
const copyOdd = (value: unknown): unknown =>
  value instanceof URL ? value : structuredClone(value);

/** A copy with one to four values anywhere replaced, removed or added. */
function damageValue(random: Random, value: unknown): unknown {
  const copy = structuredClone(value) as Record<string, unknown>;
  for (let left = 1 + pick(random, 4); left > 0; left -= 1) {
    let place = copy;
    let keys = Object.keys(place);
    while (keys.length > 0 && random.uniform() < 0.6) {
      const inner = place[keys[pick(random, keys.length)] ?? ''];
      if (typeof inner !== 'object' || inner === null || inner instanceof URL) break;
      place = inner as Record<string, unknown>;
      keys = Object.keys(place);
    }
    const key =
      keys.length === 0 || random.uniform() < 0.2 ? 'added' : keys[pick(random, keys.length)];
    if (random.uniform() < 0.2) Reflect.deleteProperty(place, key ?? '');
    else place[key ?? ''] = copyOdd(odd[pick(random, odd.length)]);
  }
  return copy;
}

/** One kind: how many of a thousand inputs are of it, and what reads a damaged one. */
interface Kind {
  share: number;
  read: (random: Random) => unknown;
}

function idx(folder: string): Kind {
  const files = Object.entries(makeIdxFiles(6, 4));
  mkdirSync(folder);
  return {
    share: 80,
    read: (random) => {
      const damaged = pick(random, files.length);
      rmSync(folder, { recursive: true });
      mkdirSync(folder);
      for (const [k, [name, bytes]] of files.entries()) {
        const isPacked = random.uniform() < 0.5;
        const inside = k === damaged && random.uniform() < 0.5 ? damage(random, bytes) : bytes;
        const packed = isPacked ? gzipSync(inside) : inside;
        const content = k === damaged ? damage(random, packed) : packed;
        writeFileSync(join(folder, isPacked ? `${name}.gz` : name), content);
      }
      return loadIdx(folder);
    },
  };
}

function npz(path: string): Kind {
  const arrays: Record<string, Uint8Array> = {
    'x_train.npy': makeNpy('|u1', [6, 2, 2], Uint8Array.from(Array(24).keys())),
    'y_train.npy': makeNpy('<i8', [6], new Uint8Array(48)),
    'x_test.npy': makeNpy('|u1', [2, 2, 2], Uint8Array.from(Array(8).keys())),
    'y_test.npy': makeNpy('|u1', [2], Uint8Array.of(0, 1)),
  };
  const names = Object.keys(arrays);
  return {
    share: 60,
    read: (random) => {
      const name = names[pick(random, 4)] ?? '';
      const inside = { ...arrays, [name]: damage(random, arrays[name] ?? new Uint8Array()) };
      const isDeep = random.uniform() < 0.5;
      const archive = zipSync(isDeep ? inside : arrays, { level: random.uniform() < 0.5 ? 0 : 6 });
      writeFileSync(path, isDeep ? archive : damage(random, archive));
      return loadNpz(path);
    },
  };
}

async function images(folder: string): Promise<Kind> {
  const png = makePng(8, 8, Array<number>(64).fill(9));
  const jpeg = await sharp(png).jpeg().toBuffer();
  for (const part of ['train/a', 'test/a']) mkdirSync(join(folder, part), { recursive: true });
  writeFileSync(join(folder, 'test/a/1.png'), png);
  return {
    share: 60,
    read: (random) => {
      const isPng = random.uniform() < 0.5;
      const [name, other] = isPng ? ['1.png', '1.jpg'] : ['1.jpg', '1.png'];
      rmSync(join(folder, 'train/a', other), { force: true });
      writeFileSync(join(folder, 'train/a', name), damage(random, isPng ? png : jpeg));
      return loadImageFolder(folder);
    },
  };
}

/** Files of DICOM that pydicom wrote, each as the one training image of a folder. */
function dicom(folder: string): Kind {
  const golden = readFileSync(join(import.meta.dirname, '../golden/dicom.json'), 'utf8');
  const files = Object.values(JSON.parse(golden) as Record<string, { file: string }>);
  const decoded = files.map(({ file }) => Uint8Array.from(Buffer.from(file, 'base64')));
  for (const part of ['train/a', 'test/a']) mkdirSync(join(folder, part), { recursive: true });
  writeFileSync(join(folder, 'test/a/1.dcm'), decoded[0] ?? '');
  return {
    share: 60,
    read: (random) => {
      const whole = decoded[pick(random, decoded.length)] ?? new Uint8Array();
      writeFileSync(join(folder, 'train/a/1.dcm'), damage(random, whole));
      return loadImageFolder(folder);
    },
  };
}

function safetensors(): Kind {
  const split = { images: Uint8Array.from(Array(16).keys()), labels: Uint8Array.of(0, 1, 0, 1) };
  const facts = {
    imageSize: 2,
    channels: 1 as const,
    classNames: ['a', 'b'],
    mean: 0.1,
    standardDeviation: 0.2,
  };
  const whole = encodeDataset({ ...facts, train: split, test: split });
  return { share: 250, read: (random) => decodeDataset(damage(random, whole), 'it') };
}

const specs = [
  {
    template: 'cam-evolution',
    rows: [{ run: 'a', example: 3 }],
    epochs: [0, 1],
    style: { venue: 'lncs' },
  },
  {
    template: 'training-curves',
    runs: ['a', 'b'],
    metrics: ['testAccuracy'],
    style: { widthMm: 80 },
  },
  { template: 'cam-pair', run: 'a', example: 1, epoch: 'last', style: { fontSizePt: 8 } },
];

const figureSpecs = (): Kind => ({
  share: 250,
  read: (random) => parseFigureSpec(damageValue(random, specs[pick(random, specs.length)])),
});

/** Frames as a page sends them, damaged as bytes or as values; the connection must go on after each. */
function frames(): Kind {
  const api = { filters: { list: () => Promise.resolve([]) } } as unknown as WorkbenchApi;
  let answered = 0;
  let next = 0;
  const calls = new Calls(createHandler(api), { send: () => void (answered += 1) });
  const message = (): { i: string; p: unknown } => ({
    i: String((next += 1)),
    p: { u: '/filters/list', b: { json: {}, meta: [] }, h: { 'content-type': 'application/json' } },
  });
  return {
    share: 300,
    read: async (random) => {
      const printed = (value: unknown): string =>
        JSON.stringify(value, (_, part: unknown) => (typeof part === 'bigint' ? '1' : part));
      const whole = Buffer.from(printed(message()));
      const damaged =
        random.uniform() < 0.5 ? damage(random, whole) : printed(damageValue(random, message()));
      calls.receive(
        random.uniform() < 0.5 ? Buffer.from(damaged).toString() : Buffer.from(damaged),
      );
      const before = answered;
      calls.receive(printed(message()));
      for (let turn = 0; answered === before && turn < 1000; turn += 1)
        await new Promise((resolve) => setImmediate(resolve));
      if (answered === before) throw new Error('the connection does not answer any more');
    },
  };
}

async function bundles(folder: string): Promise<Kind> {
  mkdirSync(folder);
  const history = openHistory({ dataDir: join(folder, 'data'), version });
  const { id } = history.runs.insert(newRun());
  history.insertEpoch(id, makeEpoch(0, { count: 5 }));
  const path = join(folder, 'run.afterimage');
  await history.exportBundle([id], path);
  const whole = readFileSync(path);
  const body = whole.subarray(85);
  history.runs.delete([id]);
  await history.purge([id]);
  return {
    share: 5,
    read: async (random) => {
      const inside = damage(random, body);
      const digest = createHash('sha256').update(inside).digest('hex');
      const isDeep = random.uniform() < 0.8;
      const sealed = Buffer.concat([whole.subarray(0, 20), Buffer.from(`${digest}\n`), inside]);
      writeFileSync(path, isDeep ? sealed : damage(random, whole));
      const { imported } = await history.importBundle(path);
      history.runs.delete(imported);
      await history.purge(imported);
    },
  };
}

/** Which kind comes at a place of a thousand. */
function kindAt(kinds: [string, Kind][], at: number): [string, Kind] {
  const total = kinds.reduce((sum, [, { share }]) => sum + share, 0);
  let left = (at * 619) % total;
  for (const entry of kinds) {
    left -= entry[1].share;
    if (left < 0) return entry;
  }
  throw new Error('shares do not add up');
}

/** Reads `count` damaged inputs; `slowMs` is how long one may take. */
export async function fuzz(count: number, seed: number, slowMs = 10_000): Promise<FuzzReport> {
  const folder = mkdtempSync(join(tmpdir(), 'afterimage-fuzz-'));
  const kinds: [string, Kind][] = [
    ['idx', idx(join(folder, 'idx'))],
    ['npz', npz(join(folder, 'set.npz'))],
    ['images', await images(join(folder, 'images'))],
    ['dicom', dicom(join(folder, 'dicom'))],
    ['safetensors', safetensors()],
    ['figure', figureSpecs()],
    ['frame', frames()],
    ['bundle', await bundles(join(folder, 'bundles'))],
  ];
  const report: FuzzReport = {
    inputs: {},
    refused: 0,
    faults: [],
    slowestMs: 0,
    slowest: '',
    peakBytes: 0,
  };
  for (let input = 0; input < count; input += 1) {
    const [name, kind] = kindAt(kinds, input);
    const random = Random.fromSeed(seed + input);
    const began = performance.now();
    try {
      await kind.read(random);
    } catch (error) {
      if (error instanceof AfterimageError && error.code !== 'INTERNAL') report.refused += 1;
      else
        report.faults.push(
          `${name} ${seed + input}: ${error instanceof Error ? (error.stack ?? '') : String(error)}`,
        );
    }
    const lasted = performance.now() - began;
    if (lasted > slowMs) report.faults.push(`${name} ${seed + input} took ${lasted.toFixed(0)} ms`);
    if (lasted > report.slowestMs)
      Object.assign(report, { slowestMs: lasted, slowest: `${name} ${seed + input}` });
    report.inputs[name] = (report.inputs[name] ?? 0) + 1;
  }
  rmSync(folder, { recursive: true });
  return { ...report, peakBytes: process.resourceUsage().maxRSS * 1024 };
}
