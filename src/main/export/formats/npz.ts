import { joinFloats } from '../../../core/arrays.ts';
import { encodeNpy, encodeNpyTexts } from '../../../core/formats/npy.ts';
import type { DatasetContent } from '../../../core/formats/datasetFile.ts';
import { AfterimageError } from '../../../core/errors.ts';
import { createCamReconstructor, dequantizeCamMap } from '../../../core/maps/cam.ts';
import { recordedMetricNames } from '../../../core/metrics/exampleMetrics.ts';
import { gatherImages, shapeOfImages } from '../../../core/pixels.ts';
import type { ExampleMark } from '../../../core/records.ts';
import { saveOutput } from '../../platform/files.ts';
import { zipFiles } from '../zip.ts';
import { decideAll } from '../../../core/figures/columns.ts';
import {
  describeRun,
  onlyRun,
  type ExportedExamples,
  type ExportedRun,
  type WriteRuns,
} from './format.ts';

type Files = Record<string, Uint8Array>;

/** Bytes of all arrays together at most: they are packed in memory. */
const mostBytes = 2 ** 31;

function checkSize({ run, epochs, dataset, split }: ExportedRun, resized: boolean): void {
  const perMap = resized ? dataset.imageSize ** 2 : 0;
  const bytes = epochs.length * split.test.length * perMap * Float32Array.BYTES_PER_ELEMENT;
  if (bytes < mostBytes) return;
  throw new AfterimageError(
    'INVALID_ARGUMENT',
    `The maps of ${epochs.length} epochs of ${run.name} at the images’ size take ${(bytes / 1e9).toFixed(1)} GB.`,
    'Choose fewer epochs, or leave out the maps at that size (--resized): native ones are small.',
  );
}

/** Every native map M of an epoch: [N, mapSize, mapSize]. */
function readMaps({ camLevels, camScales, mapSize }: ExportedExamples): Float32Array {
  const maps = new Float32Array(camLevels.length);
  const cells = mapSize ** 2;
  camScales.forEach((scale, i) => {
    const [begin, end] = [i * cells, (i + 1) * cells];
    dequantizeCamMap(camLevels.subarray(begin, end), scale, maps.subarray(begin, end));
  });
  return maps;
}

/** The same as they are drawn: [N, imageSize, imageSize] in [0, 1]. */
function resizeMaps(maps: Float32Array, mapSize: number, imageSize: number): Float32Array {
  const [cells, pixels] = [mapSize ** 2, imageSize ** 2];
  const reconstruct = createCamReconstructor(mapSize, imageSize);
  const cams = new Float32Array((maps.length / cells) * pixels);
  for (let i = 0; i * cells < maps.length; i += 1) {
    reconstruct(
      maps.subarray(i * cells, (i + 1) * cells),
      cams.subarray(i * pixels, (i + 1) * pixels),
    );
  }
  return cams;
}

function packEpochs({ epochs, readExamples, dataset }: ExportedRun, resized: boolean): Files {
  const all = epochs.map(readExamples);
  const [{ exampleIds, labels, classes, mapSize, maskArea }] = all as [ExportedExamples];
  const [axes, { imageSize }] = [[all.length, labels.length], dataset];
  const column = (of: (examples: ExportedExamples) => Float32Array): Uint8Array =>
    encodeNpy(axes, joinFloats(all.map(of)));
  const maps = joinFloats(all.map(readMaps));
  const predicted = all.flatMap((examples) => [...decideAll(examples).predictedClasses]);
  return {
    exampleId: encodeNpy([labels.length], exampleIds),
    label: encodeNpy([labels.length], labels),
    maskArea: encodeNpy([labels.length], maskArea),
    epochs: encodeNpy([all.length], Int32Array.from(epochs)),
    predictedClass: encodeNpy(axes, Uint8Array.from(predicted)),
    probabilities: encodeNpy([...axes, classes], joinFloats(all.map((one) => one.probabilities))),
    ...Object.fromEntries(
      recordedMetricNames.map((name) => [name, column(({ measures }) => measures[name])]),
    ),
    maps: encodeNpy([...axes, mapSize, mapSize], maps),
    ...(resized && {
      cams: encodeNpy([...axes, imageSize, imageSize], resizeMaps(maps, mapSize, imageSize)),
    }),
  };
}

/** The test images that the run evaluated, in the order of all else. */
function packImages(content: DatasetContent, test: Uint32Array): Files {
  const images = gatherImages(content.test.images, test, content);
  return { images: encodeNpy(shapeOfImages(test.length, content), images) };
}

const marksOf = (marks: readonly ExampleMark[], test: Uint32Array): ExampleMark[] => {
  const own = new Set(test);
  return marks.filter(({ exampleId }) => own.has(exampleId));
};

/**
 * A run as NumPy's archive: N test images, E epochs, K classes. Under the names of `examples --json`:
 * `exampleId`, `label`, `maskArea` [N], `predictedClass` and recorded metrics [E, N], `probabilities`
 * [E, N, K]; `epochs` [E], `maps` [E, N, h, h] of the predicted classes, `cams` [E, N, S, S] on request,
 * `images` U8 [N, S, S] or [N, S, S, 3], indices `train`, `validation` and `test`, `classNames`, and as JSON
 * `run`, the run's record, and `marks`, the tags and notes of images that have any.
 */
async function packRun(source: ExportedRun, resized: boolean): Promise<Files> {
  checkSize(source, resized);
  const { run, split, dataset, marks } = source;
  const images = packImages(await source.loadImages(), split.test);
  return {
    ...packEpochs(source, resized),
    ...images,
    train: encodeNpy([split.train.length], split.train),
    validation: encodeNpy([split.validation.length], split.validation),
    test: encodeNpy([split.test.length], split.test),
    classNames: encodeNpyTexts(dataset.classNames),
    marks: encodeNpyTexts(JSON.stringify(marksOf(marks, split.test))),
    run: encodeNpyTexts(describeRun(run)),
  };
}

export const writeNpz: WriteRuns = async (source, { out, resized }) => {
  const files = await packRun(onlyRun(source), resized);
  const entries = Object.entries(files).map(([name, file]) => [`${name}.npy`, file] as const);
  await saveOutput(out, zipFiles(Object.fromEntries(entries)));
  return [out];
};
