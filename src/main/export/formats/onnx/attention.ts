import type { LayerSpec } from '../../../../core/models/layers.ts';
import { planWindows } from '../../../../core/models/windows.ts';
import type { OnnxGraph } from './onnxFile.ts';

type Attention = Extract<LayerSpec, { kind: 'windowAttention' }>;

/** Constants of the graph by their names in the layer. */
export type Take = (name: string) => string;

/** x [B, S, S, C] moved by `shift` rows and columns around the edges, against their order. */
function roll(graph: OnnxGraph, x: string, shift: number, side: number): string {
  if (shift % side === 0) return x;
  return [1, 2].reduce((value, axis) => {
    const cut = (from: number, to: number): string =>
      graph.add('Slice', [
        value,
        ...[[from], [to], [axis]].map((numbers) => graph.integers(numbers)),
      ]);
    return graph.add('Concat', [cut(shift, side), cut(0, shift)], { axis: { i: axis } });
  }, x);
}

/** What of each pair of places in a window its relative position says: [1, heads, w², w²]. */
function spreadBias(bias: Float32Array, relative: Int32Array, heads: number): Float32Array {
  const spread = new Float32Array(heads * relative.length);
  relative.forEach((position, pair) => {
    for (let head = 0; head < heads; head += 1) {
      spread[head * relative.length + pair] = bias[position * heads + head] ?? 0;
    }
  });
  return spread;
}

/** Attention inside windows, as `windowAttention.ts` computes it: x [B, S, S, C] -> [B, S, S, C]. */
export function attend(
  graph: OnnxGraph,
  x: string,
  { heads, window, shift }: Attention,
  { size, channels }: { size: number; channels: number },
  { take, bias }: { take: Take; bias: Float32Array },
): string {
  const { side, relative, mask, hasMask } = planWindows(size, window, shift);
  const [tokens, depth, perSide] = [window ** 2, channels / heads, side / window];
  const reshape = (value: string, ...shape: number[]): string =>
    graph.add('Reshape', [value, graph.integers(shape)]);
  const transpose = (value: string, ...perm: number[]): string =>
    graph.add('Transpose', [value], { perm: { ints: perm } });
  const project = (value: string, name: string): string =>
    graph.add('Add', [graph.add('MatMul', [value, take(`${name}/kernel`)]), take(`${name}/bias`)]);
  const missing = side - size;
  const filled =
    missing === 0 ? x : graph.add('Pad', [x, graph.integers([0, 0, 0, 0, 0, missing, missing, 0])]);
  const rolled = roll(graph, filled, shift, side);
  const cut = transpose(
    reshape(rolled, -1, perSide, window, perSide, window, channels),
    ...[0, 1, 3, 2, 4, 5],
  );
  const qkv = project(reshape(cut, -1, tokens, channels), 'qkv');
  const parts = transpose(reshape(qkv, -1, tokens, 3, heads, depth), 2, 0, 3, 1, 4);
  const [q, k, v] = [0, 1, 2].map((part) =>
    graph.add('Gather', [parts, graph.integers([part], [])], { axis: { i: 0 } }),
  ) as [string, string, string];
  const scaled = graph.add('Mul', [q, graph.scalar(depth ** -0.5)]);
  const products = graph.add('MatMul', [scaled, transpose(k, 0, 1, 3, 2)]);
  const pairs = graph.constant([1, heads, tokens, tokens], spreadBias(bias, relative, heads));
  let scores = graph.add('Add', [products, pairs]);
  if (hasMask) {
    const windows = perSide ** 2;
    const apart = graph.constant([1, windows, 1, tokens, tokens], mask);
    const masked = graph.add('Add', [reshape(scores, -1, windows, heads, tokens, tokens), apart]);
    scores = reshape(masked, -1, heads, tokens, tokens);
  }
  const mixed = graph.add('MatMul', [graph.add('Softmax', [scores], { axis: { i: -1 } }), v]);
  const merged = project(reshape(transpose(mixed, 0, 2, 1, 3), -1, tokens, channels), 'projection');
  const joined = transpose(
    reshape(merged, -1, perSide, perSide, window, window, channels),
    ...[0, 1, 3, 2, 4, 5],
  );
  const back = roll(graph, reshape(joined, -1, side, side, channels), side - shift, side);
  if (missing === 0) return back;
  return graph.add('Slice', [
    back,
    ...[
      [0, 0],
      [size, size],
      [1, 2],
    ].map((numbers) => graph.integers(numbers)),
  ]);
}
