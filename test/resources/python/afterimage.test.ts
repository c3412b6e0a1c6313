import { createHash } from 'node:crypto';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { decodeSafetensors } from '../../../src/core/formats/safetensors.ts';
import { dequantizeCamMap, reconstructCam } from '../../../src/core/maps/cam.ts';
import { describeModel, type ModelChoice } from '../../../src/core/models/network.ts';
import { valuesPerImage } from '../../../src/core/pixels.ts';
import { openWasmEngine } from '../../../src/main/learning/engine/wasm/wasmEngine.ts';
import { buildEpochTable } from '../../../src/main/export/epochTable.ts';
import { formatTable } from '../../../src/main/export/tableFormats.ts';
import { applicationId } from '../../../src/main/store/database/migrate.ts';
import { openHistory, type History } from '../../../src/main/store/history.ts';
import { makeFolder } from '../../support/digits.ts';
import { protect } from '../../support/protect.ts';
import { hasModules, needPython, runPython } from '../../support/python.ts';
import { contents, networks, storeNetworks } from '../../support/trainedHistory.ts';

const script = join(import.meta.dirname, 'read_history.py');

interface Digest {
  type: string;
  shape: number[];
  sha256: string;
}
type Columns = Record<string, (number | boolean | string | string[] | null)[]>;
interface RunRead {
  epochs: Columns;
  examples: Columns;
  untrained: Columns;
  maps: Digest;
  resized: Digest;
  labelMaps: Digest;
  images: Record<'test' | 'train' | 'validation', Digest>;
  labels: number[];
  split: number[];
  classNames: string[];
  weights: Record<string, Digest>;
  probabilities: number[] | null;
}
interface Answer {
  runs: Record<'id' | 'name' | 'model' | 'status', string[]> & { tags: string[][] };
  epochCounts: number[];
  read: Record<string, RunRead>;
  refused: (string | null)[];
  unopened: (string | null)[];
  models: Record<string, unknown>[][];
}

const digest = (type: string, shape: number[], values: ArrayBufferView): Digest => {
  const bytes = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
  return { type, shape, sha256: createHash('sha256').update(bytes).digest('hex') };
};

const dataDir = mkdtempSync(join(tmpdir(), 'afterimage-python-'));
let history: History;
/** Ids by name. */
let ids: Record<string, string>;

beforeAll(async () => {
  if (!hasModules('numpy')) return;
  history = openHistory({ dataDir, version: 'test' });
  ids = await storeNetworks(history, await openWasmEngine(), dataDir);
  history.tags.change(ids['paper'] ?? '', { add: ['kept', 'first'] });
  const { datasetId } = history.runs.get(ids['paper'] ?? '');
  const mark = { exampleId: 2, add: ['thin', 'odd, or'], note: 'a 3?' };
  history.exampleMarks.change(datasetId ?? '', mark);
}, 60_000);

afterAll(() => {
  if (hasModules('numpy')) history.close();
  rmSync(dataDir, { recursive: true, force: true });
});

interface Request {
  folder: string;
  /** Runs of which everything is read. */
  reads: readonly string[];
  networks: boolean;
  /** Calls that are to be refused. */
  refused: readonly (readonly [name: string, given: readonly unknown[]])[];
  /** Folders that are to be refused. */
  unopened: readonly string[];
  models: readonly unknown[];
}

const ask = (request: Partial<Request>): Answer =>
  runPython(script, {
    ...{ folder: dataDir, reads: [], networks: false, refused: [], unopened: [], models: [] },
    ...request,
  }) as Answer;

const choices: ModelChoice[] = [
  ...[0, 1, 2, 3].map((pooling) => ({ name: 'paper-cnn', pooling }) as const),
  ...(['8', '14', '20', '18'] as const).map((depth) => ({ name: 'resnet', depth }) as const),
  ...(['mini', 'atto'] as const).flatMap((size) =>
    (['1', '4'] as const).map((patch) => ({ name: 'convnext', size, patch }) as const),
  ),
  ...[0, 3].map((halvings) => ({ name: 'convnext', halvings }) as const),
  ...(['2', '4'] as const).map((patch) => ({ name: 'swin', patch, window: 4 }) as const),
  { name: 'swin', channels: '96' },
  { name: 'paper-cnn' },
  { name: 'resnet' },
  { name: 'convnext' },
];

const refusedCalls: Request['refused'] = [
  ['epochs', ['nobody']],
  ['examples', ['paper', 2]],
  ['examples', ['paper', 'middle']],
  ['images', ['paper', 'all']],
  ['maps', ['paper', 1, false, 'loser']],
];

/** A folder with a file in the place of a history. */
function makeOther(name: string, make: (path: string) => void): string {
  const folder = join(dataDir, name);
  mkdirSync(folder);
  make(join(folder, 'history.sqlite'));
  return folder;
}

const marked = (id: number, version: number) => (path: string) => {
  const database = new DatabaseSync(path);
  database.exec(`PRAGMA application_id = ${id}; PRAGMA user_version = ${version}`);
  database.close();
};

const listOthers = (): string[] => [
  makeOther('empty', () => undefined),
  makeOther('text', (path) => {
    writeFileSync(path, 'long enough to be looked at, but nothing else');
  }),
  makeOther('stranger', marked(1, 5)),
  makeOther('old', marked(applicationId, 4)),
  makeOther('new', marked(applicationId, 99)),
];

let known: Answer | undefined;

/** All that needs no torch, of one process. */
const readAll = (): Answer =>
  (known ??= ask({
    reads: Object.values(ids),
    refused: refusedCalls,
    unopened: listOthers(),
    models: choices.map((choice) => [choice, { imageSize: 28, classNames: ['a', 'b', 'c', 'd'] }]),
  }));

/** The stored maps of an epoch as the application makes them, native and at the image's size. */
function readMaps(runId: string, imageSize: number) {
  const { camLevels, camScales, mapSize, labels } = history.examples.getEpoch(runId, null);
  const cells = mapSize ** 2;
  const native = Float32Array.from(camLevels);
  const resized = new Float32Array(labels.length * imageSize ** 2);
  camScales.forEach((scale, i) => {
    const levels = camLevels.subarray(i * cells, (i + 1) * cells);
    const map = dequantizeCamMap(levels, scale);
    native.set(map, i * cells);
    resized.set(reconstructCam(map, mapSize, imageSize), i * imageSize ** 2);
  });
  return { native, resized, mapSize, count: labels.length };
}

function readLabelMaps(runId: string): Float32Array {
  const { exampleIds } = history.examples.getEpoch(runId, 0);
  const maps = Array.from(exampleIds, (id) => {
    const [frame] = history.examples.listFrames(runId, id, 0, 'label');
    return [...dequantizeCamMap(frame?.levels ?? new Uint8Array(0), frame?.scale ?? 0)];
  });
  return Float32Array.from(maps.flat());
}

/** Pixels of the images at `indices` of a split of the data set. */
function pick(name: 'grey' | 'coloured', part: 'train' | 'test', indices: Uint32Array): Uint8Array {
  const size = valuesPerImage(contents[name]);
  const { images } = contents[name][part];
  return Uint8Array.from(
    [...indices].flatMap((i) => [...images.subarray(i * size, (i + 1) * size)]),
  );
}

describe('a history in Python', () => {
  it('has the runs, epochs, predictions, maps, images and weights that the application has', (context) => {
    needPython(context, 'numpy');
    const answer = readAll();
    expect(answer.runs.name).toEqual(networks.map(({ name }) => name).toReversed());
    expect(answer.runs.model.at(-1)).toBe('paper-cnn');
    expect(answer.runs.tags.at(-1)).toEqual(['first', 'kept']);
    expect(answer.epochCounts).toEqual(networks.map(() => 2));
    for (const { name, data } of networks) {
      const runId = ids[name] ?? '';
      const read = answer.read[runId] as RunRead;
      const { imageSize, channels } = contents[data];
      const { native, resized, mapSize, count } = readMaps(runId, imageSize);
      const cube = (size: number): number[] => [count, size, size];
      expect(read.maps).toEqual(digest('float32', cube(mapSize), native));
      expect(read.resized).toEqual(digest('float32', cube(imageSize), resized));
      expect(read.labelMaps).toEqual(digest('float32', cube(mapSize), readLabelMaps(runId)));
      const { split } = history.splits.get(runId) ?? {};
      for (const [part, of] of [
        ['test', 'test'],
        ['train', 'train'],
        ['validation', 'train'],
      ] as const) {
        const indices = split?.[part] ?? new Uint32Array(0);
        const shape = [...cube(imageSize).with(0, indices.length), ...(channels === 3 ? [3] : [])];
        expect(read.images[part]).toEqual(digest('uint8', shape, pick(data, of, indices)));
      }
      expect(read.split).toEqual([...(split?.validation ?? [])]);
      expect(read.labels).toEqual([...history.examples.getEpoch(runId, null).labels]);
      expect(read.classNames).toEqual(['low', 'middle', 'high']);
      const { tensors } = decodeSafetensors(history.weights.get(runId, 1).weights, 'the weights');
      expect(read.weights).toEqual(
        Object.fromEntries(
          Object.entries(tensors).map(([tensor, { shape, values }]) => [
            tensor,
            digest('float32', [...shape], values),
          ]),
        ),
      );
    }
  });

  it('has the columns that the command line prints', (context) => {
    needPython(context, 'numpy');
    const answer = readAll();
    for (const { name } of networks) {
      const runId = ids[name] ?? '';
      const read = answer.read[runId] as RunRead;
      const [header = '', ...lines] = formatTable(
        buildEpochTable(history.runs.get(runId)),
        'csv',
      ).split('\r\n');
      const rows = lines.filter((line) => line !== '').map((line) => line.split(','));
      header.split(',').forEach((column, at) => {
        const printed = rows.map((row) => (row[at] === '' ? null : Number(row[at])));
        // Columns of terms that the run does not have are empty there, and left out here.
        expect(read.epochs[column] ?? [null, null], column).toEqual(printed);
      });
      for (const [epoch, table] of [
        [1, read.examples],
        [0, read.untrained],
      ] as const) {
        const listed = history.examples.list({
          ...{ runId, epoch, filters: [], label: null, predictedClass: null },
          ...{ threshold: 0.6, sort: 'exampleId', descending: false, limit: null },
        });
        const { probabilities, ...first } = listed[0] ?? { probabilities: [] };
        for (const column of Object.keys(first) as (keyof (typeof listed)[0])[]) {
          expect(table[column], column).toEqual(listed.map((example) => example[column]));
        }
        probabilities.forEach((_, k) => {
          expect(table[`p${k}`]).toEqual(listed.map((example) => example.probabilities[k]));
        });
      }
    }
  });

  it('has the tags and notes of images, in every run on their data set', (context) => {
    needPython(context, 'numpy');
    const { read } = readAll();
    for (const { name, data } of networks) {
      const runId = ids[name] ?? '';
      const { exampleIds } = history.examples.getEpoch(runId, null);
      const isMarked = Array.from(exampleIds, (id) => data === 'grey' && id === 2);
      expect(isMarked.includes(true), name).toBe(data === 'grey');
      const { tags, note } = read[runId]?.examples ?? {};
      expect(tags).toEqual(isMarked.map((marked) => (marked ? ['odd, or', 'thin'] : [])));
      expect(note).toEqual(isMarked.map((marked) => (marked ? 'a 3?' : '')));
    }
  });

  it('describes networks as the application does, whatever their settings', (context) => {
    needPython(context, 'numpy');
    const { models } = readAll();
    models.forEach((layers, i) => {
      const { layers: described } = describeModel(choices[i] as ModelChoice, { imageSize: 28 }, 4);
      expect(layers).toEqual(
        // How weights start says nothing of a network that has its weights.
        described.map(({ spec: { ...spec } }) => {
          if ('start' in spec) delete spec.start;
          return spec;
        }),
      );
    });
  });

  it('gives networks whose probabilities are the stored ones', (context) => {
    needPython(context, 'numpy', 'torch');
    const { read } = ask({ reads: Object.values(ids), networks: true });
    for (const { name } of networks) {
      const runId = ids[name] ?? '';
      const { probabilities } = history.examples.getEpoch(runId, null);
      const differences = (read[runId]?.probabilities ?? []).map((value, i) =>
        Math.abs(value - (probabilities[i] ?? Number.NaN)),
      );
      expect(differences, name).toHaveLength(probabilities.length);
      expect(Math.max(...differences), name).toBeLessThan(1e-5);
    }
  });

  it('sees what is stored while the application is writing', (context) => {
    needPython(context, 'numpy');
    const { runs } = history;
    const namesOf = ({ runs: { name } }: Answer): string[] => name;
    const during = history.transaction(() => {
      runs.rename(ids['paper'] ?? '', 'renamed');
      return namesOf(ask({}));
    });
    const after = namesOf(ask({}));
    runs.rename(ids['paper'] ?? '', 'paper');
    expect([during.at(-1), after.at(-1)]).toEqual(['paper', 'renamed']);
  });

  it.for(['closed', 'killed'])(
    'is read from a folder that cannot be written, as a process left it that was %s',
    async (end, context) => {
      needPython(context, 'numpy');
      const folder = makeFolder();
      cpSync(dataDir, folder, { recursive: true });
      // Opened and closed, what the log has is in the history.
      if (end === 'closed') openHistory({ dataDir: folder, version: 'test' }).close();
      await protect(folder, context);
      const before = readdirSync(folder);
      const paper = ids['paper'] ?? '';
      expect(ask({ folder, reads: [paper] }).read[paper]).toEqual(readAll().read[paper]);
      expect(readdirSync(folder)).toEqual(before);
    },
  );

  it('says in one line what cannot be read', (context) => {
    needPython(context, 'numpy');
    const { refused } = readAll();
    expect(refused).toEqual([
      'There is no run nobody: runs() lists them.',
      'There is no epoch 2 of run paper: it has 0 to 1, best and last.',
      'There is no epoch middle of run paper: it has 0 to 1, best and last.',
      'There is no split all: it is train, validation or test.',
      'There are no maps of loser: target is predicted or label.',
    ]);
  });

  it('refuses in one line what is no history of its version', (context) => {
    needPython(context, 'numpy');
    expect(readAll().unopened).toEqual([
      `There is no history in ${join(dataDir, 'empty')}: name the folder that --data-dir names.`,
      `${join(dataDir, 'text', 'history.sqlite')} cannot be read: file is not a database.`,
      `${join(dataDir, 'stranger', 'history.sqlite')} is not a history of Afterimage.`,
      `${join(dataDir, 'old', 'history.sqlite')} is of an earlier version of Afterimage: open it once with this one.`,
      `${join(dataDir, 'new', 'history.sqlite')} is of a later version of Afterimage (runs has no run_key): take the afterimage.py of that version.`,
    ]);
  });
});
