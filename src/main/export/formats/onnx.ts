import { decodeSafetensors } from '../../../core/formats/safetensors.ts';
import { describeModel } from '../../../core/models/network.ts';
import { AfterimageError } from '../../../core/errors.ts';
import { saveOutput } from '../../platform/files.ts';
import { describeRun, onlyRun, type ExportedRun, type WriteRuns } from './format.ts';
import { writeLayer } from './onnx/layers.ts';
import { OnnxGraph } from './onnx/onnxFile.ts';

/** A value of each channel of [B, C, H, W]. */
const byChannel = (graph: OnnxGraph, value: number | readonly number[], label: string): string => {
  const values = Float32Array.from([value].flat());
  return graph.constant([1, values.length, 1, 1], values, label);
};

/**
 * The network of an epoch in evaluation mode, as a graph of ONNX's operators: `images` [B, C, S, S] in
 * [0, 1], which it normalises itself, -> `logits` and `probabilities` [B, classes].
 */
export function encodeNetwork(
  { run, dataset }: Pick<ExportedRun, 'run' | 'dataset'>,
  epoch: number,
  weightsFile: Uint8Array,
): Uint8Array {
  const { imageSize, channels, classNames, mean, standardDeviation } = dataset;
  const network = describeModel(run.config.model, dataset, classNames.length);
  const { tensors } = decodeSafetensors(weightsFile, `the weights of ${run.name}`);
  const graph = new OnnxGraph();
  graph.enter('input');
  const centred = graph.add('Sub', ['images', byChannel(graph, mean, 'mean')]);
  const normal = graph.add('Div', [centred, byChannel(graph, standardDeviation, 'deviation')]);
  const values = new Map([[-1, normal]]);
  for (const [number, layer] of network.layers.entries()) {
    const sources = layer.sources.map((source) => values.get(source) ?? '');
    values.set(number, writeLayer(graph, layer, sources, tensors));
  }
  const last = values.get(network.layers.length - 1) ?? '';
  graph.add('Identity', [last], {}, 'logits');
  graph.add('Softmax', [last], { axis: { i: -1 } }, 'probabilities');
  const outputs = ['logits', 'probabilities'].map((name) => ({
    name,
    shape: [classNames.length],
  }));
  return graph.encode(
    run.config.model.name,
    [{ name: 'images', shape: [channels, imageSize, imageSize] }],
    outputs,
    {
      ...{ run: describeRun(run), epoch: String(epoch), classNames: JSON.stringify(classNames) },
      input: 'pixel / 255; the network normalises it itself',
    },
  );
}

export const writeOnnx: WriteRuns = async (source, { out }) => {
  const exported = onlyRun(source);
  const [epoch, ...others] = exported.epochs;
  if (epoch === undefined || others.length > 0) {
    throw new AfterimageError(
      'INVALID_ARGUMENT',
      `A network is of one epoch, not of ${exported.epochs.length}.`,
      'Name one (--epoch).',
    );
  }
  await saveOutput(out, encodeNetwork(exported, epoch, exported.readWeights(epoch)));
  return [out];
};
