/** Files of a few kilobytes or megabytes that unpack, or claim to, to more than a machine has. */
import { execFileSync } from 'node:child_process';
import { symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { constants, crc32, deflateRawSync, gzipSync } from 'node:zlib';
import { beforeAll, expect, test } from 'vitest';
import { loadIdx } from '../../../src/main/datasets/idx.ts';
import { loadImageFolder } from '../../../src/main/datasets/imageFolder.ts';
import { loadNpz } from '../../../src/main/datasets/npz.ts';
import {
  expectError,
  makeFolder,
  makeIdx,
  makeIdxFiles,
  makeNpy,
  makePng,
  writeFiles,
} from './builders.ts';

const images = 'train-images-idx3-ubyte';
const zeros = new Uint8Array(2 ** 26);
/** How often those 64 MiB follow on each other: 1 GiB. */
const times = 16;

/** What this process may grow by while it finds out, bytes; the bombs are at least four times that. */
const allowedGrowth = 2 ** 28;
const peak = (): number => process.resourceUsage().maxRSS * 1024;

async function withinBounds(work: () => Promise<void>): Promise<void> {
  const before = peak();
  await work();
  expect(peak() - before).toBeLessThan(allowedGrowth);
}

// Packing takes more memory than what is tested, so it comes first.
let gzipOfZeros: Uint8Array;
let blocksOfZeros: Uint8Array;
beforeAll(() => {
  gzipOfZeros = gzipSync(zeros);
  blocksOfZeros = deflateRawSync(zeros, { finishFlush: constants.Z_FULL_FLUSH });
});

/** A zip of one array whose content goes on for `times` 64 MiB after `beginning`, as its sizes say. */
function makeZipBomb(name: string, beginning: Uint8Array, claimedBytes: number): Uint8Array {
  const packed = Buffer.concat([
    deflateRawSync(beginning, { finishFlush: constants.Z_FULL_FLUSH }),
    ...Array.from({ length: times }, () => blocksOfZeros),
    deflateRawSync(new Uint8Array()),
  ]);
  const file = Buffer.from(name);
  const facts = Buffer.alloc(26);
  facts.writeUInt16LE(20, 0);
  facts.writeUInt16LE(8, 4);
  facts.writeUInt32LE(crc32(beginning), 10);
  facts.writeUInt32LE(packed.length, 14);
  facts.writeUInt32LE(claimedBytes, 18);
  facts.writeUInt16LE(file.length, 22);
  const local = Buffer.concat([Buffer.from('PK\x03\x04'), facts, file, packed]);
  const central = Buffer.concat([Buffer.from('PK\x01\x02\x14\x00'), facts, Buffer.alloc(14), file]);
  const end = Buffer.alloc(22);
  end.write('PK\x05\x06');
  end.writeUInt16LE(1, 8);
  end.writeUInt16LE(1, 10);
  end.writeUInt32LE(central.length, 12);
  end.writeUInt32LE(local.length, 16);
  return Buffer.concat([local, central, end]);
}

test('gzip that goes on after what its header announces is unpacked no further', async () => {
  const folder = await makeFolder();
  const { [images]: whole = new Uint8Array(), ...others } = makeIdxFiles(3, 2);
  const bomb = Buffer.concat([
    gzipSync(whole),
    ...Array.from({ length: times }, () => gzipOfZeros),
  ]);
  await writeFiles(folder, { ...others, [`${images}.gz`]: bomb });
  await withinBounds(() =>
    expectError(() => loadIdx(folder), 'CORRUPT_INPUT', images, /too long: more than 12 bytes/),
  );
});

test('a header that announces more than can be stored is refused by itself', async () => {
  const folder = await makeFolder();
  await writeFiles(folder, { ...makeIdxFiles(3, 2), [images]: makeIdx([2 ** 31, 28, 28], []) });
  await withinBounds(() =>
    expectError(() => loadIdx(folder), 'INVALID_ARGUMENT', folder, '1568.0 GiB', 'at most 2 GiB'),
  );
});

test.each([
  ['says how long it is', 2 ** 30 + 136],
  ['claims to be short', 136],
])('an array that goes on after its shape, and %s', async (_, claimed) => {
  const folder = await makeFolder();
  const path = join(folder, 'set.npz');
  const bomb = makeZipBomb('x_train.npy', makeNpy('|u1', [2, 2, 2], new Uint8Array(8)), claimed);
  await writeFiles(folder, { 'set.npz': bomb });
  await withinBounds(() => expectError(() => loadNpz(path), 'CORRUPT_INPUT', path));
});

test('arrays whose headers announce more than can be stored are not unpacked', async () => {
  const folder = await makeFolder();
  const path = join(folder, 'set.npz');
  const { zipSync } = await import('fflate');
  const [count, side] = [4_000_000, 28];
  const files = {
    'x_train.npy': makeNpy('|u1', [count, side, side], new Uint8Array(8)),
    'y_train.npy': makeNpy('<i8', [count], new Uint8Array(8)),
    'x_test.npy': makeNpy('|u1', [1, side, side], new Uint8Array(8)),
    'y_test.npy': makeNpy('<i8', [1], new Uint8Array(8)),
  };
  await writeFiles(folder, { 'set.npz': zipSync(files) });
  // 4,000,000 x 28 x 28 bytes are 2.92 GiB.
  await expectError(() => loadNpz(path), 'INVALID_ARGUMENT', path, '2.9 GiB', 'at most 2 GiB');
});

test('a NumPy header is short', async () => {
  const folder = await makeFolder();
  const path = join(folder, 'set.npz');
  const { zipSync } = await import('fflate');
  const huge = Buffer.from('\x93NUMPY\x02\x00\xff\xff\xff\xff', 'latin1');
  const tiny = makeNpy('|u1', [1], Uint8Array.of(1));
  const files = {
    'x_train.npy': huge,
    'y_train.npy': tiny,
    'x_test.npy': tiny,
    'y_test.npy': tiny,
  };
  await writeFiles(folder, { 'set.npz': zipSync(files) });
  await expectError(() => loadNpz(path), 'CORRUPT_INPUT', path, 'header of 4294967295 bytes');
});

/** A PNG of the given size all in one grey: 1,000 times as many pixels as bytes. */
function makeLargePng(side: number): Uint8Array {
  const small = Buffer.from(makePng(1, 1, [0]));
  const head = Buffer.from(small.subarray(0, 33));
  head.writeUInt32BE(side, 16);
  head.writeUInt32BE(side, 20);
  head.writeUInt32BE(crc32(head.subarray(12, 29)), 29);
  const data = deflateZeros(side * (side + 1));
  const chunk = Buffer.alloc(data.length + 12);
  chunk.writeUInt32BE(data.length, 0);
  chunk.write('IDAT', 4);
  chunk.set(data, 8);
  chunk.writeUInt32BE(crc32(chunk.subarray(4, -4)), chunk.length - 4);
  return Buffer.concat([head, chunk, small.subarray(-12)]);
}

/** A zlib stream of so many zeros, but for its checksum, which decoders reach last. */
function deflateZeros(length: number): Uint8Array {
  const blocks = Array.from({ length: Math.floor(length / zeros.length) }, () => blocksOfZeros);
  const rest = deflateRawSync(zeros.subarray(0, length % zeros.length));
  const sum = Buffer.alloc(4);
  sum.writeUInt32BE(((length % 65_521) << 16) | 1);
  return Buffer.concat([Buffer.of(0x78, 0x9c), ...blocks, rest, sum]);
}

test('images are measured before they are decoded', async () => {
  const folder = await makeFolder();
  const bomb = makeLargePng(16_000);
  const files = Array.from({ length: 32 }, (_, k) => [`train/a/${k}.png`, bomb] as const);
  await writeFiles(folder, { ...Object.fromEntries(files), 'test/a/1.png': bomb });
  const first = join(folder, 'train/a/0.png');
  await withinBounds(() =>
    expectError(() => loadImageFolder(folder), 'CORRUPT_INPUT', first, '16000 x 16000', '4096'),
  );
  await writeFiles(folder, { 'train/a/0.png': makePng(2, 2, [1, 2, 3, 4]) });
  await withinBounds(() =>
    expectError(() => loadImageFolder(folder), 'CORRUPT_INPUT', '16000 x 16000', '2 x 2'),
  );
});

test('what is a picture of another kind is not decoded, whatever it is called', async () => {
  const folder = await makeFolder();
  const svg = '<svg xmlns="http://www.w3.org/2000/svg" width="2" height="2"/>';
  await writeFiles(folder, { 'train/a/1.png': svg, 'test/a/1.png': makePng(2, 2, [1, 2, 3, 4]) });
  await expectError(() => loadImageFolder(folder), 'CORRUPT_INPUT', 'train/a/1.png', 'decoded');
});

test('what has no end is not read: a device, a pipe', async () => {
  const folder = await makeFolder();
  const { [images]: left, ...others } = makeIdxFiles(3, 2);
  expect(left).toBeDefined();
  await writeFiles(folder, {
    ...others,
    'test/a/1.png': makePng(2, 2, [1, 2, 3, 4]),
    'train/a/x': '',
  });
  await symlink('/dev/zero', join(folder, images));
  await expectError(() => loadIdx(folder), 'INVALID_ARGUMENT', images, 'device');
  await expectError(() => loadNpz('/dev/zero'), 'INVALID_ARGUMENT', '/dev/zero', 'device');
  const pipe = join(folder, 'train/a/1.png');
  execFileSync('mkfifo', [pipe]);
  const loose = await makeFolder();
  await symlink(join(folder, 'train'), join(loose, 'train'));
  await symlink(join(folder, 'test'), join(loose, 'test'));
  await expectError(() => loadImageFolder(loose), 'INVALID_ARGUMENT', '1.png', 'a pipe');
});
