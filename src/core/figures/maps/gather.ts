import { AfterimageError } from '../../errors.ts';
import { reconstructCam } from '../../maps/cam.ts';
import type { Run } from '../../records.ts';
import type { ExampleFrames, FigureSource } from '../source.ts';
import type { ShownImage, ShownMap } from './maps.ts';

/** The image as the run's data set holds it. */
export async function showImage(
  source: FigureSource,
  run: Run,
  exampleId: number,
): Promise<ShownImage> {
  const { imageSize, classNames, testCounts } = source.getDataset(run.id);
  const count = testCounts.reduce((a, b) => a + b, 0);
  if (exampleId >= count) {
    throw new AfterimageError(
      'NOT_FOUND',
      `Data set ${run.config.data.dataset} has no test image ${exampleId}.`,
      `Choose one from 0 to ${count - 1}.`,
    );
  }
  const { label } = source.getFrames(run.id, exampleId, 0, 'label');
  const pixels = await source.loadImage(run.id, exampleId);
  return {
    exampleId,
    label,
    labelName: classNames[label] ?? String(label),
    size: imageSize,
    pixels,
  };
}

export function showMap(
  source: FigureSource,
  run: Run,
  { label }: ExampleFrames,
  frame: ExampleFrames['frames'][number],
): ShownMap {
  const { imageSize, classNames } = source.getDataset(run.id);
  const nameOf = (index: number): string => classNames[index] ?? String(index);
  const { camMap, mapSize, targetClass, predictedClass } = frame;
  return {
    ...frame,
    targetName: nameOf(targetClass),
    predictedName: nameOf(predictedClass),
    correct: predictedClass === label,
    inputCorrelation: targetClass === predictedClass ? frame.inputCorrelation : null,
    imageSize,
    cam: reconstructCam(camMap, mapSize, imageSize),
  };
}

type Target = 'predicted' | 'label';

export function showOneMap(
  source: FigureSource,
  run: Run,
  exampleId: number,
  epoch: number,
  target: Target,
): ShownMap {
  const example = source.getFrames(run.id, exampleId, epoch, target);
  const [frame] = example.frames;
  if (frame === undefined) throw new Error(`epoch ${epoch} of run ${run.id} has no map`);
  return showMap(source, run, example, frame);
}
