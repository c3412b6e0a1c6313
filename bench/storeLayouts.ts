/** Ways to store predictions and maps, for bench/store.ts. */
import Database from 'better-sqlite3';
import { rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { deflateRawSync, inflateRawSync, zstdCompressSync, zstdDecompressSync } from 'node:zlib';
import { joinBytes } from '../src/main/store/database/bytes.ts';
import type { EpochExamples } from '../src/shared/trainerEvents.ts';
import { evict, print, repeat, spread, time } from './measure.ts';
import { anyImage, cells, classes, count, epochs } from './storeData.ts';

type Codec = [
  name: string,
  encode: (b: Uint8Array) => Uint8Array,
  decode: (b: Uint8Array) => Uint8Array,
];
const raw: Codec = ['none', (bytes) => bytes, (bytes) => bytes];
const deflate: Codec = ['deflate 1', (b) => deflateRawSync(b, { level: 1 }), inflateRawSync];
const zstd: Codec = ['zstd 3', (b) => zstdCompressSync(b), zstdDecompressSync];

/** One way to store predictions and maps. */
interface Layout {
  name: string;
  schema: string;
  insert: (database: Database.Database, epoch: number, examples: EpochExamples) => void;
  readOne: (database: Database.Database, position: number) => unknown;
  filter: (database: Database.Database, epoch: number) => number;
}

/** How many of the images in `probabilities` are below the threshold. */
function countUnsure(probabilities: Float32Array): number {
  let unsure = 0;
  for (let i = 0; i < probabilities.length; i += classes) {
    if (Math.max(...probabilities.subarray(i, i + classes)) < 0.6) unsure += 1;
  }
  return unsure;
}

const rows: Layout = {
  name: 'a row per image and epoch',
  schema: `CREATE TABLE examples (epoch INTEGER, position INTEGER, probabilities BLOB, levels BLOB,
    scale REAL, correlation REAL, energy REAL, iou REAL, PRIMARY KEY (epoch, position)) WITHOUT ROWID`,
  insert: (database, epoch, x) => {
    const insert = database.prepare('INSERT INTO examples VALUES (?, ?, ?, ?, ?, ?, ?, ?)');
    for (let i = 0; i < count; i += 1) {
      insert.run(
        epoch,
        i,
        x.probabilities.subarray(i * classes, (i + 1) * classes),
        x.camLevels.subarray(i * cells, (i + 1) * cells),
        ...[x.camScales, ...Object.values(x.measures)].map((values) => values[i]),
      );
    }
  },
  readOne: (database, position) => {
    const get = database.prepare('SELECT * FROM examples WHERE epoch = ? AND position = ?');
    return Array.from({ length: epochs }, (_, epoch) => get.get(epoch, position));
  },
  filter: (database, epoch) => {
    const select = database.prepare('SELECT probabilities FROM examples WHERE epoch = ?').pluck();
    let unsure = 0;
    for (const bytes of select.iterate(epoch)) {
      unsure += countUnsure(new Float32Array(new Uint8Array(bytes as Buffer).buffer));
    }
    return unsure;
  },
};

const floatsPerImage = classes + 4;

/** The columns of `size` images in one row: predictions first, then maps. */
function chunks(size: number, [codec, encode, decode]: Codec): Layout {
  return {
    name: `chunks of ${size}, compression ${codec}`,
    schema: `CREATE TABLE chunks (epoch INTEGER, chunk INTEGER, predictions BLOB, maps BLOB,
      PRIMARY KEY (epoch, chunk))`,
    insert: (database, epoch, x) => {
      const insert = database.prepare('INSERT INTO chunks VALUES (?, ?, ?, ?)');
      for (let begin = 0; begin < count; begin += size) {
        const end = begin + size;
        const floats = [x.camScales, ...Object.values(x.measures)];
        const predictions = joinBytes(
          x.probabilities.subarray(begin * classes, end * classes),
          ...floats.map((values) => values.subarray(begin, end)),
        );
        const maps = x.camLevels.subarray(begin * cells, end * cells);
        insert.run(epoch, begin / size, encode(predictions), encode(maps));
      }
    },
    readOne: (database, position) => {
      const get = database.prepare('SELECT * FROM chunks WHERE epoch = ? AND chunk = ?');
      return Array.from({ length: epochs }, (_, epoch) => {
        const row = get.get(epoch, Math.floor(position / size)) as Record<string, Buffer>;
        return [row['predictions'], row['maps']].map((blob) => decode(blob ?? new Uint8Array()));
      });
    },
    filter: (database, epoch) => {
      const select = database.prepare('SELECT predictions FROM chunks WHERE epoch = ?').pluck();
      let unsure = 0;
      for (const blob of select.iterate(epoch)) {
        const bytes = decode(blob as Buffer);
        const images = bytes.length / 4 / floatsPerImage;
        unsure += countUnsure(new Float32Array(new Uint8Array(bytes).buffer, 0, images * classes));
      }
      return unsure;
    },
  };
}

function openLayout(path: string): Database.Database {
  const database = new Database(path);
  database.exec(
    'PRAGMA auto_vacuum = INCREMENTAL; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL',
  );
  return database;
}

function measureLayout(layout: Layout, folder: string, all: EpochExamples[]): void {
  const path = join(folder, 'layout.sqlite');
  let database = openLayout(path);
  database.exec(layout.schema);
  const inserts = all.map((examples, epoch) =>
    time(() => {
      database.transaction(() => {
        layout.insert(database, epoch, examples);
      })();
    }),
  );
  database.close();
  const cold = repeat(20, () => 0).map(() => {
    evict(path);
    const opened = openLayout(path);
    const duration = time(() => layout.readOne(opened, anyImage()));
    opened.close();
    return duration;
  });
  database = openLayout(path);
  const warm = repeat(300, () => layout.readOne(database, anyImage()));
  const filters = repeat(60, (i) => layout.filter(database, i % epochs));
  database.close();
  const bytes = statSync(path).size / count / epochs;
  rmSync(path);
  print(
    layout.name,
    bytes.toFixed(1),
    spread(inserts),
    spread(cold),
    spread(warm),
    spread(filters),
  );
}

/** Prints, per layout: bytes per image and epoch, and ms (median / 95%) of each operation. */
export function compareLayouts(folder: string, all: EpochExamples[]): void {
  print('Layout', 'bytes', 'insert', 'one, cold', 'one, warm', 'filter');
  print('---', '---', '---', '---', '---', '---');
  const candidates = [
    rows,
    ...[64, 128, 256, 512].map((size) => chunks(size, raw)),
    chunks(128, deflate),
    chunks(256, deflate),
    chunks(128, zstd),
    chunks(256, zstd),
  ];
  for (const layout of candidates) measureLayout(layout, folder, all);
}
