import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { dequantizeCamMap, reconstructCam } from '../../../../src/core/maps/cam.ts';
import {
  epochMetricNames,
  epochMetrics,
  readMetric,
} from '../../../../src/core/metrics/epochMetrics.ts';
import { openWasmEngine } from '../../../../src/main/learning/engine/wasm/wasmEngine.ts';
import { formatOf, runFormatNames } from '../../../../src/shared/exportCalls.ts';
import { openHistory, type History } from '../../../../src/main/store/history.ts';
import { readHere, runHere } from '../../../support/commands.ts';
import { needPython, runPython } from '../../../support/python.ts';
import { contents, networks, storeNetworks } from '../../../support/trainedHistory.ts';

const script = join(import.meta.dirname, 'check_exports.py');
const dataDir = mkdtempSync(join(tmpdir(), 'afterimage-formats-'));
/** What is said of an image. */
const gave = { exampleId: 2, tags: ['four, or nine', 'thin'], note: 'look\nagain' };
let history: History;
/** Ids by name. */
let ids: Record<string, string>;

beforeAll(async () => {
  history = openHistory({ dataDir, version: 'test' });
  ids = await storeNetworks(history, await openWasmEngine(), dataDir);
  history.runs.setNote(ids['paper'] ?? '', 'the *first*');
  const { exampleId, tags, note } = gave;
  for (const [name, change] of [
    ['windows', { exampleId, add: tags, note }],
    ['unpooled', { exampleId, add: tags, note }],
    ['windows', { exampleId: 3, note: 'blurred' }],
  ] as const) {
    const { datasetId } = history.runs.get(ids[name] ?? '');
    history.exampleMarks.change(datasetId ?? '', change);
  }
}, 60_000);

afterAll(() => {
  history.close();
  rmSync(dataDir, { recursive: true, force: true });
});

const outOf = (name: string): string => join(dataDir, name);

/** Exports runs by their names, and says where to. */
async function exportTo(
  out: string,
  format: string,
  names: readonly string[],
  ...options: string[]
): Promise<string> {
  const path = outOf(out);
  const said = await readHere(
    dataDir,
    ...['runs', 'export', ...names, '--format', format, '--out', path, ...options],
  );
  expect(said).toMatchObject({ exported: names.map((name) => ids[name]), format });
  return path;
}

interface Digest {
  type: string;
  shape: number[];
  sha256: string;
}
const digest = (type: string, shape: number[], values: ArrayBufferView): Digest => {
  const bytes = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
  return { type, shape, sha256: createHash('sha256').update(bytes).digest('hex') };
};

/** The maps of an image at epochs, native or at the image's size. */
function mapsOf(runId: string, epochs: readonly number[], imageSize: number | null): Float32Array {
  const maps = epochs.flatMap((epoch) => {
    const { camLevels, camScales, mapSize } = history.examples.getEpoch(runId, epoch);
    return Array.from(camScales, (scale, i) => {
      const map = dequantizeCamMap(
        camLevels.slice(i * mapSize ** 2, (i + 1) * mapSize ** 2),
        scale,
      );
      return [...(imageSize === null ? map : reconstructCam(map, mapSize, imageSize))];
    });
  });
  return Float32Array.from(maps.flat());
}

it('writes every epoch of a run with its images into one archive that NumPy reads', async (context) => {
  needPython(context, 'numpy');
  const runId = ids['unpooled'] ?? '';
  const file = await exportTo('one.npz', 'npz', ['unpooled'], '--epoch', 'all', '--resized');
  const { npz } = runPython(script, { npz: file }) as { npz: Record<string, unknown> };
  const epochs = [0, 1].map((epoch) => history.examples.getEpoch(runId, epoch));
  const [{ exampleIds, labels, maskArea, mapSize }] = epochs as [(typeof epochs)[0]];
  const join2 = (of: (epoch: (typeof epochs)[0]) => Iterable<number>): number[] =>
    epochs.flatMap((epoch) => [...of(epoch)]);
  const n = labels.length;
  const floats = (shape: number[], values: Iterable<number>): Digest =>
    digest('<f4', shape, Float32Array.from(values));
  const { split } = history.splits.get(runId) ?? {};
  const pixels = [...exampleIds].flatMap((id) => [
    ...contents.coloured.test.images.subarray(id * 192, (id + 1) * 192),
  ]);
  expect(npz).toMatchObject({
    exampleId: digest('<u4', [n], exampleIds),
    label: digest('|u1', [n], labels),
    maskArea: floats([n], maskArea),
    epochs: digest('<i4', [2], Int32Array.of(0, 1)),
    predictedClass: digest('|u1', [2, n], Uint8Array.from(join2((e) => e.predictedClasses))),
    probabilities: floats(
      [2, n, 3],
      join2((e) => e.probabilities),
    ),
    inputCorrelation: floats(
      [2, n],
      join2((e) => e.measures.inputCorrelation),
    ),
    maps: digest('<f4', [2, n, mapSize, mapSize], mapsOf(runId, [0, 1], null)),
    cams: digest('<f4', [2, n, 8, 8], mapsOf(runId, [0, 1], 8)),
    images: digest('|u1', [n, 8, 8, 3], Uint8Array.from(pixels)),
    train: digest('<u4', [24], split?.train ?? new Uint32Array(0)),
    validation: digest('<u4', [6], split?.validation ?? new Uint32Array(0)),
    test: digest('<u4', [n], exampleIds),
    classNames: ['low', 'middle', 'high'],
  });
  const facts = Object.entries(history.runs.get(runId)).filter(([key]) => key !== 'epochs');
  expect(JSON.parse(String(npz['run']))).toEqual(Object.fromEntries(facts));
  expect(JSON.parse(String(npz['marks']))).toEqual([gave]);
});

/** Both sets have an image with tags and a note, that of `windows` also one with a note. */
function saidOf(name: string, exampleId: number): { tags: string[] | null; note: string | null } {
  if (exampleId === gave.exampleId) return gave;
  return { tags: null, note: name === 'windows' && exampleId === 3 ? 'blurred' : null };
}

it('writes the examples and epochs of several runs as tables that pyarrow reads', async (context) => {
  needPython(context, 'pyarrow');
  const names = ['windows', 'conv'];
  const folder = await exportTo('tables', 'parquet', names, '--epoch', '0,best');
  const { parquet } = runPython(script, { parquet: folder }) as {
    parquet: Record<'examples' | 'epochs', Record<string, unknown[]>>;
  };
  const wanted = names.flatMap((name) =>
    [0, 1].flatMap((epoch) =>
      history.examples
        .list({
          ...{ runId: ids[name] ?? '', epoch, filters: [], label: null, predictedClass: null },
          ...{ threshold: 0.6, sort: 'exampleId', descending: false, limit: null },
        })
        .map(({ probabilities: [p0, p1, p2], ...example }) => ({
          ...{ run: ids[name], runName: name, p0, p1, p2, ...example },
          labelName: contents.grey.classNames[example.label],
          predictedName: contents.grey.classNames[example.predictedClass],
          ...saidOf(name, example.exampleId),
        })),
    ),
  );
  expect(Object.keys(parquet.examples).sort()).toEqual(Object.keys(wanted[0] ?? {}).sort());
  for (const [column, values] of Object.entries(parquet.examples)) {
    // The margin is a difference of doubles, and kept with the digits of a probability.
    const rounded = (value: unknown): unknown =>
      column === 'confidenceMargin' ? Math.fround(Number(value)) : value;
    expect(values, column).toEqual(wanted.map((row) => rounded(row[column as keyof typeof row])));
  }
  expect(parquet.examples['tags']).toContainEqual(gave.tags);
  const rows = names.flatMap((name) => history.runs.get(ids[name] ?? '').epochs);
  for (const name of epochMetricNames) {
    const values = rows.map((row) => readMetric(row, name));
    expect(parquet.epochs[name], name).toEqual(
      values.every((value) => value === null) ? undefined : values,
    );
  }
  expect(parquet.epochs['iouN']).toEqual(
    rows.map(({ testImages, mapMeans: { iou } }) => testImages - (iou?.undefinedImages ?? 0)),
  );
});

it('writes events that TensorBoard reads: scalars by epoch, settings, note and configuration', async (context) => {
  needPython(context, 'tensorboard');
  const folder = await exportTo('events', 'tensorboard', ['paper', 'residual']);
  const { tensorboard } = runPython(script, { tensorboard: join(folder, 'paper') }) as {
    tensorboard: {
      scalars: Record<string, [step: number, time: number, value: number][]>;
      hparams: Record<string, unknown>;
      texts: Record<string, string>;
      group: string;
      success: boolean;
    };
  };
  const run = history.runs.get(ids['paper'] ?? '');
  const begun = Date.parse(run.startedAt ?? '') / 1000;
  const wanted = epochMetricNames.flatMap((name) => {
    let time = begun;
    const points = run.epochs.flatMap((metrics) => {
      time += metrics.durationMs / 1000;
      const value = readMetric(metrics, name);
      return value === null ? [] : [[metrics.epoch, time, Math.fround(value)]];
    });
    return points.length === 0 ? [] : [[`${epochMetrics[name].about}/${name}`, points]];
  });
  expect(tensorboard.scalars).toEqual(Object.fromEntries(wanted));
  expect(tensorboard.hparams).toMatchObject({
    ...{ seed: 7, model: 'paper-cnn', 'model.pooling': 3, 'data.dataset': 'grey' },
    ...{ objective: 'contrastive', 'optimizer.learningRate': 0.003, 'data.trainExamples': 'none' },
  });
  expect(tensorboard).toMatchObject({ group: 'paper', success: true });
  expect(tensorboard.texts['note/text_summary']).toBe('the *first*');
  const [, json = ''] = (tensorboard.texts['configuration/text_summary'] ?? '').split(/```\w*/);
  expect(JSON.parse(json)).toEqual(run.config);
});

it('writes networks whose probabilities in an ONNX runtime are the stored ones', async (context) => {
  needPython(context, 'onnxruntime');
  const files: Record<string, string[]> = {};
  for (const { name } of networks) {
    const epoch = ['--epoch', '1'];
    files[name] = [
      await exportTo(`${name}.onnx`, 'onnx', [name], ...epoch),
      await exportTo(`${name}.npz`, 'npz', [name], ...epoch),
    ];
  }
  const answer = runPython(script, { networks: files }) as {
    networks: Record<string, { probabilities: number[]; first: [number[], number[]] }>;
  };
  for (const { name } of networks) {
    const { probabilities } = history.examples.getEpoch(ids[name] ?? '', 1);
    const { probabilities: computed = [], first } = answer.networks[name] ?? {};
    const differences = computed.map((value, i) =>
      Math.abs(value - (probabilities[i] ?? Number.NaN)),
    );
    expect(differences, name).toHaveLength(probabilities.length);
    expect(Math.max(...differences), name).toBeLessThan(1e-5);
    const [among, alone] = first ?? [];
    among?.forEach((logit, k) => {
      expect(alone?.[k], name).toBeCloseTo(logit, 4);
    });
  }
});

it.each([
  [['paper', 'conv', '--format', 'npz'], 'npz holds one run, not 2.'],
  [['paper', '--format', 'npz', '--with-data'], '--with-data does not belong to the format npz.'],
  [['paper', '--epoch', 'last'], '--epoch does not belong to the format bundle.'],
  [['paper', '--format', 'onnx', '--epoch', 'all'], 'A network is of one epoch, not of 2.'],
  [['paper', '--format', 'onnx', '--epoch', '2'], 'There is no epoch 2 of this run.'],
  [['paper', '--format', 'onyx'], "argument 'onyx' is invalid. The nearest is onnx"],
])('refuses %j in a line', async (given, words) => {
  const { code, stderr } = await runHere(dataDir, 'runs', 'export', ...given, '--out', outOf('no'));
  expect(code).toBeGreaterThan(0);
  expect(stderr.trim().split('\n')).toHaveLength(1);
  expect(stderr).toContain(words);
});

it('says of every format what it is, in the help and in the manual', async () => {
  const manual = readFileSync('docs/formats.md', 'utf8');
  const { stdout } = await runHere(dataDir, 'runs', 'export', '--help');
  for (const name of runFormatNames) {
    const { description } = formatOf(name);
    expect(stdout).toContain(`  ${name.padEnd(12)} ${description}`);
    expect(manual).toContain(`\n## \`${name}\`\n`);
  }
});
