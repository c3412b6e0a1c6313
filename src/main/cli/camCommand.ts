import type { Command } from 'commander';
import { layerGradientMethods, type LayerGradientMethod } from '../../core/explainers/registry.ts';
import { findClass, nameClass } from '../../core/classNames.ts';
import { decodeSafetensors, type TensorFile } from '../../core/formats/safetensors.ts';
import { dequantizeCamMap, reconstructCam } from '../../core/maps/cam.ts';
import type { EpochChoice } from '../../core/statistics/comparison.ts';
import type { CamFrame, DatasetRecord } from '../../core/records.ts';
import {
  listFrames,
  type ExampleHistory,
  type StoredFrame,
} from '../store/examples/exampleHistory.ts';
import { epochOrAll, oneOf, wholeNumber } from './arguments.ts';
import { shade, toRows } from './mapText.ts';
import { storedEpoch } from '../workbench/storedEpoch.ts';
import { withSession, type Session } from './session.ts';

const storedTargets = ['predicted', 'label'] as const;
type StoredTarget = (typeof storedTargets)[number];

interface CamOptions {
  run: string;
  example: number;
  epoch: EpochChoice | 'all';
  class: string;
  method: LayerGradientMethod;
}

const isStored = (target: string): target is StoredTarget =>
  storedTargets.some((word) => word === target);

/** Maps of one class, of the epochs in `stored`, out of those of every class and all `epochs`. */
function pickClass(
  stored: ExampleHistory,
  epochs: readonly number[],
  targetOf: (frame: StoredFrame) => number,
  { levels, scales }: TensorFile['tensors'],
): StoredFrame[] {
  const cells = stored.mapSize ** 2;
  return listFrames(stored, 'predicted').map((frame) => {
    const target = targetOf(frame);
    const position = target * epochs.length + epochs.indexOf(frame.epoch);
    return {
      ...frame,
      targetClass: target,
      levels: (levels?.values as Uint8Array).slice(position * cells, (position + 1) * cells),
      scale: Number(scales?.values[position]),
    };
  });
}

/** Stored maps, or those of another class or method, which are computed anew from the weights. */
async function findFrames(
  { workbench }: Session,
  runId: string,
  { example, epoch, class: target, method }: CamOptions,
): Promise<{ stored: ExampleHistory; frames: StoredFrame[] }> {
  const { history, datasets, api } = workbench;
  const chosen = epoch === 'all' ? 'all' : storedEpoch(history, runId, epoch);
  const stored = history.examples.getHistory(runId, example, chosen);
  if (isStored(target) && method === 'gradcam') {
    return { stored, frames: listFrames(stored, target) };
  }
  const { classNames, name } = datasets.recordOf(runId);
  const index = isStored(target) ? stored.label : findClass(target, classNames, name);
  const targetOf = ({ predictedClass }: StoredFrame): number =>
    target === 'predicted' ? predictedClass : index;
  const epochs = history.epochs.list(runId).map((metrics) => metrics.epoch);
  const file = await api.examples.classMaps({ runId, exampleId: example, method }, {});
  const { tensors } = decodeSafetensors(
    new Uint8Array(await file.arrayBuffer()),
    'the maps of every class',
  );
  return { stored, frames: pickClass(stored, epochs, targetOf, tensors) };
}

/** A map as numbers, native and at the image's size, with the names of its classes. */
function buildFrame(
  { levels, scale, mapSize, ...facts }: StoredFrame,
  label: number,
  { imageSize, classNames }: DatasetRecord,
): CamFrame {
  const map = dequantizeCamMap(levels, scale);
  return {
    ...facts,
    map: toRows(map, mapSize),
    cam: toRows(reconstructCam(map, mapSize, imageSize), imageSize),
    label,
    targetName: nameClass(classNames, facts.targetClass),
    predictedName: nameClass(classNames, facts.predictedClass),
    labelName: nameClass(classNames, label),
  };
}

const twice = (value: number): string => shade(value).repeat(2);

async function showCam(session: Session, options: CamOptions): Promise<void> {
  const { workbench, output, json } = session;
  const runId = workbench.history.runs.resolve(options.run);
  const { stored, frames } = await findFrames(session, runId, options);
  const dataset = workbench.datasets.recordOf(runId);
  const shown = frames.map((frame) => buildFrame(frame, stored.label, dataset));
  if (json) {
    output.json({ frames: shown });
    return;
  }
  for (const { epoch, targetName, predictedName, labelName, confidence, cam } of shown) {
    output.text(
      `epoch ${epoch}: map of class ${targetName}; label ${labelName}, predicted ${predictedName}, confidence ${confidence.toFixed(4)}`,
    );
    output.text(cam.map((row) => row.map(twice).join('')).join('\n'));
  }
}

export function addCamCommand(program: Command): void {
  program
    .command('cam')
    .description('the class activation map of one test image')
    .requiredOption('--run <run>', 'id, the beginning of one, or a name')
    .requiredOption('--example <k>', 'exampleId', wholeNumber(0))
    .option('--epoch <best|last|n|all>', 'whose map', epochOrAll, 'best')
    .option(
      '--class <target>',
      'predicted, label, or the name of any class, whose map is computed from the weights',
      'predicted',
    )
    .option(
      '--method <name>',
      layerGradientMethods.join(', '),
      oneOf(layerGradientMethods),
      'gradcam',
    )
    .action(async (options: CamOptions, command: Command) => {
      await withSession(command, (session) => showCam(session, options));
    });
}
