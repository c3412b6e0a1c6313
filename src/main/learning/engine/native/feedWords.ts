import * as tf from '@tensorflow/tfjs';
import { sizeOfCall, type Feed } from '../feed.ts';
import type { NativeBackend } from './nativeBackend.ts';

/**
 * Feeds travel as 32-bit words, all of a call in one row: whatever is not int32 the binding copies to a GPU
 * and back before it reaches a session.
 */
const wordsOf = (feed: Feed): number =>
  Math.ceil((sizeOfCall(feed) * feed.values.BYTES_PER_ELEMENT) / 4);

/** Words of one call. */
export const widthOf = (feeds: readonly Feed[]): number =>
  feeds.reduce((total, feed) => total + wordsOf(feed), 0);

/**
 * @param rows as many as there shall be; those past `calls` stay 0
 * @returns [rows, widthOf(feeds)]
 */
export function packFeeds(feeds: readonly Feed[], calls: number, rows: number): Int32Array {
  const width = widthOf(feeds);
  const words = new Int32Array(rows * width);
  const bytes = new Uint8Array(words.buffer);
  let offset = 0;
  for (const feed of feeds) {
    const { values } = feed;
    const size = sizeOfCall(feed) * values.BYTES_PER_ELEMENT;
    const source = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
    for (let call = 0; call < calls; call += 1) {
      const row = source.subarray(call * size, (call + 1) * size);
      bytes.set(row, 4 * (call * width + offset));
    }
    offset += wordsOf(feed);
  }
  return words;
}

/** What a feed gives in one call, from its words [n], through operations that a recording sees. */
function unpack(backend: NativeBackend, words: tf.Tensor1D, feed: Feed): tf.Tensor {
  const shape = [...feed.shape];
  const { values } = feed;
  if (values instanceof Int32Array) return tf.reshape(words, shape);
  const { binding } = backend;
  const type = (name: string, value: number) => ({ name, type: binding.TF_ATTR_TYPE, value });
  const cast = (operation: string, id: number, from: number, to: number, [a, b]: string[]) =>
    binding.executeOp(operation, [type(a ?? '', from), type(b ?? '', to)], [id], 1);
  const [id = -1] = backend.getInputTensorIds([words]);
  const { TF_INT32, TF_FLOAT, TF_UINT8 } = binding;
  if (values instanceof Float32Array) {
    const [floats] = cast('Bitcast', id, TF_INT32, TF_FLOAT, ['T', 'type']);
    return tf.reshape(backend.createOutputTensor(floats as NonNullable<typeof floats>), shape);
  }
  const [bytes] = cast('Bitcast', id, TF_INT32, TF_UINT8, ['T', 'type']);
  const [levels] = cast('Cast', bytes?.id ?? -1, TF_UINT8, TF_FLOAT, ['SrcT', 'DstT']);
  binding.deleteTensor(bytes?.id ?? -1);
  const all = backend.createOutputTensor(levels as NonNullable<typeof levels>);
  const flat = tf.slice(tf.reshape(all, [-1]), [0], [sizeOfCall(feed)]);
  return tf.reshape(tf.div(flat, 255), shape);
}

/** The way back for one row of words [widthOf(feeds)]: a tensor for each feed. */
export function unpackFeeds(
  backend: NativeBackend,
  row: tf.Tensor,
  feeds: readonly Feed[],
): tf.Tensor[] {
  const words = tf.split(row, feeds.map(wordsOf));
  return feeds.map((feed, i) => unpack(backend, words[i] as tf.Tensor1D, feed));
}
