import protobuf from 'protobufjs';
import { many, one } from '../protobufFields.ts';

/** The few messages of ONNX that a network needs, with the field numbers of onnx.proto. */
const messages = protobuf.Root.fromJSON({
  nested: {
    Model: {
      fields: {
        irVersion: one(1, 'int64'),
        producerName: one(2, 'string'),
        graph: one(7, 'Graph'),
        opsets: many(8, 'Opset'),
        metadata: many(14, 'Entry'),
      },
    },
    Opset: { fields: { domain: one(1, 'string'), version: one(2, 'int64') } },
    Entry: { fields: { key: one(1, 'string'), value: one(2, 'string') } },
    Graph: {
      fields: {
        nodes: many(1, 'Node'),
        name: one(2, 'string'),
        initializers: many(5, 'Tensor'),
        inputs: many(11, 'ValueInfo'),
        outputs: many(12, 'ValueInfo'),
      },
    },
    Node: {
      fields: {
        inputs: many(1, 'string'),
        outputs: many(2, 'string'),
        name: one(3, 'string'),
        op: one(4, 'string'),
        attributes: many(5, 'Attribute'),
      },
    },
    Attribute: {
      fields: {
        name: one(1, 'string'),
        f: one(2, 'float'),
        i: one(3, 'int64'),
        ints: many(8, 'int64'),
        type: one(20, 'int32'),
      },
    },
    Tensor: {
      fields: {
        shape: many(1, 'int64'),
        type: one(2, 'int32'),
        name: one(8, 'string'),
        content: one(9, 'bytes'),
      },
    },
    ValueInfo: { fields: { name: one(1, 'string'), type: one(2, 'Type') } },
    Type: { fields: { tensor: one(1, 'TensorType') } },
    TensorType: { fields: { element: one(1, 'int32'), shape: one(2, 'Shape') } },
    Shape: { fields: { dimensions: many(1, 'Dimension') } },
    Dimension: {
      oneofs: { size: { oneof: ['value', 'symbol'] } },
      fields: { value: one(1, 'int64'), symbol: one(2, 'string') },
    },
  },
});

/** The first version with layer norm as an operator, and the file version that goes with it. */
const [opsetVersion, irVersion] = [17, 8];
/** ONNX's numbers of element and attribute types. */
const elements = { float: 1, int64: 7 };
const attributeTypes = { f: 1, i: 2, ints: 7 };

export type OnnxAttribute = { f: number } | { i: number } | { ints: readonly number[] };

/** An input or output by its shape; the first axis is the batch. */
export interface OnnxValue {
  name: string;
  shape: readonly number[];
}

/** A graph in the making; values go by the names that `add` and `constant` give them. */
export class OnnxGraph {
  readonly #nodes: Record<string, unknown>[] = [];
  readonly #initializers: Record<string, unknown>[] = [];
  #prefix = '';
  #count = 0;

  /** What is added from here on is named after a layer. */
  enter(layer: string): void {
    this.#prefix = layer;
    this.#count = 0;
  }

  /** Adds an operation. @param output its name; by default one of the layer's */
  add(
    op: string,
    inputs: readonly string[],
    attributes: Readonly<Record<string, OnnxAttribute>> = {},
    output = this.#name(op),
  ): string {
    this.#nodes.push({
      ...{ op, inputs, outputs: [output], name: output },
      attributes: Object.entries(attributes).map(([name, value]) => ({
        ...{ name, ...value },
        type: attributeTypes[Object.keys(value)[0] as keyof typeof attributeTypes],
      })),
    });
    return output;
  }

  /** Adds float values that do not change. */
  constant(shape: readonly number[], values: Float32Array, label = 'constant'): string {
    return this.#initialize(label, shape, elements.float, values);
  }

  /** A list of whole numbers, or with `shape` [] a single one. */
  integers(values: readonly number[], shape: readonly number[] = [values.length]): string {
    const numbers = BigInt64Array.from(values, BigInt);
    return this.#initialize('integers', shape, elements.int64, numbers);
  }

  scalar(value: number): string {
    return this.constant([], Float32Array.of(value), 'scalar');
  }

  #initialize(
    label: string,
    shape: readonly number[],
    type: number,
    { buffer, byteOffset, byteLength }: Float32Array | BigInt64Array,
  ): string {
    const name = this.#name(label);
    const content = new Uint8Array(buffer, byteOffset, byteLength);
    this.#initializers.push({ name, shape, type, content });
    return name;
  }

  #name(label: string): string {
    this.#count += 1;
    return `${this.#prefix}/${label}${this.#count}`;
  }

  /** The whole file. @param metadata for who uses it elsewhere */
  encode(
    name: string,
    inputs: readonly OnnxValue[],
    outputs: readonly OnnxValue[],
    metadata: Readonly<Record<string, string>>,
  ): Uint8Array {
    const describe = ({ name: value, shape }: OnnxValue) => ({
      name: value,
      type: {
        tensor: {
          element: elements.float,
          shape: { dimensions: [{ symbol: 'batch' }, ...shape.map((size) => ({ value: size }))] },
        },
      },
    });
    const graph = {
      ...{ name, nodes: this.#nodes, initializers: this.#initializers },
      ...{ inputs: inputs.map(describe), outputs: outputs.map(describe) },
    };
    const model = messages.lookupType('Model');
    const file = model.encode({
      ...{ irVersion, producerName: 'Afterimage', graph },
      opsets: [{ domain: '', version: opsetVersion }],
      metadata: Object.entries(metadata).map(([key, value]) => ({ key, value })),
    });
    return file.finish();
  }
}
