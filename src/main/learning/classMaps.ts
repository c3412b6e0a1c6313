import type * as tf from '@tensorflow/tfjs';
import { quantizeCamMap } from '../../core/maps/cam.ts';
import type { ClassMaps, ClassMapsRequest } from '../../core/maps/classMaps.ts';
import { decodeSafetensors } from '../../core/formats/safetensors.ts';
import { makeBatch, makeOneHot } from './dataset/batches.ts';
import type { Engine } from './engine/engine.ts';
import { buildCamMapStep } from './evaluate.ts';
import { layerGradientMaps } from './explainers/layerGradientMaps.ts';
import { describeModel } from '../../core/models/network.ts';
import { flattenParameters, totalSize } from './model/parameters.ts';

/** Maps [classes, h, w] of an image under one network: a batch of the same image, a class for each. */
function buildMapper(
  engine: Engine,
  request: ClassMapsRequest,
): (weights: Uint8Array) => tf.Tensor {
  const { classes, targetLayer, image } = request;
  const model = describeModel(request.model, request, classes);
  const parts = { model, targetLayer, normalization: request, ops: engine.ops };
  const specs = [model.parameters, model.statistics];
  const program = engine.load(
    { map: buildCamMapStep(parts, layerGradientMaps[request.method]) },
    specs.map(totalSize),
  );
  const split = { images: image, labels: Uint8Array.of(0) };
  const { images, labels } = makeBatch(split, new Uint32Array(classes), request, classes);
  labels.dispose();
  const targets = makeOneHot(
    Array.from({ length: classes }, (_, k) => k),
    classes,
  );
  return (weights) => {
    const { tensors } = decodeSafetensors(weights, 'the weights of an epoch');
    program.writeState(specs.map((part) => flattenParameters(tensors, part)));
    const [maps] = program.run('map', [images, targets]);
    return maps as tf.Tensor;
  };
}

/** The maps of every class of one image, the predicted and the label's among them, over E epochs. */
export function computeClassMaps(engine: Engine, request: ClassMapsRequest): ClassMaps {
  const mapper = buildMapper(engine, request);
  const { classes, weights } = request;
  const epochs = weights.length;
  const result: ClassMaps = {
    mapSize: 0,
    levels: new Uint8Array(0),
    scales: new Float32Array(classes * epochs),
  };
  for (const [epoch, file] of weights.entries()) {
    const maps = mapper(file);
    const cells = maps.size / classes;
    if (epoch === 0) {
      result.mapSize = maps.shape[1] ?? 0;
      result.levels = new Uint8Array(classes * epochs * cells);
    }
    const values = maps.dataSync<'float32'>();
    for (let k = 0; k < classes; k += 1) {
      const { levels, scale } = quantizeCamMap(values.subarray(k * cells, (k + 1) * cells));
      result.levels.set(levels, (k * epochs + epoch) * cells);
      result.scales[k * epochs + epoch] = scale;
    }
    maps.dispose();
  }
  return result;
}
