import protobuf from 'protobufjs';

/**
 * The few messages of TensorFlow's SavedModel format that a traced graph needs, with the field
 * numbers of tensorflow/core/{framework,protobuf}/*.proto.
 */
const one = (id: number, type: string): protobuf.IField => ({ id, type });
const many = (id: number, type: string): protobuf.IField => ({ id, type, rule: 'repeated' });

const messages = protobuf.Root.fromJSON({
  nested: {
    SavedModel: { fields: { schemaVersion: one(1, 'int64'), metaGraphs: many(2, 'MetaGraph') } },
    MetaGraph: { fields: { info: one(1, 'MetaInfo'), graph: one(2, 'Graph') } },
    MetaInfo: { fields: { tags: many(4, 'string') } },
    Graph: {
      fields: {
        nodes: many(1, 'Node'),
        library: one(2, 'Library'),
        versions: one(4, 'Versions'),
      },
    },
    Library: { fields: { functions: many(1, 'Function') } },
    Function: {
      fields: {
        signature: one(1, 'Signature'),
        nodes: many(3, 'Node'),
        results: { keyType: 'string', ...one(4, 'string') },
      },
    },
    Signature: {
      fields: { name: one(1, 'string'), inputs: many(2, 'Argument'), outputs: many(3, 'Argument') },
    },
    Argument: { fields: { name: one(1, 'string'), type: one(3, 'int32') } },
    Versions: { fields: { producer: one(1, 'int32') } },
    Node: {
      fields: {
        name: one(1, 'string'),
        op: one(2, 'string'),
        inputs: many(3, 'string'),
        attributes: { keyType: 'string', ...one(5, 'Attribute') },
      },
    },
    Attribute: {
      // Of a `oneof`, a field is written even if it holds its type's default.
      oneofs: {
        value: { oneof: ['list', 's', 'i', 'f', 'b', 'type', 'shape', 'tensor', 'function'] },
      },
      fields: {
        list: one(1, 'List'),
        s: one(2, 'bytes'),
        i: one(3, 'int64'),
        f: one(4, 'float'),
        b: one(5, 'bool'),
        type: one(6, 'int32'),
        shape: one(7, 'Shape'),
        tensor: one(8, 'Values'),
        function: one(10, 'FunctionName'),
      },
    },
    FunctionName: { fields: { name: one(1, 'string') } },
    List: {
      fields: {
        i: many(3, 'int64'),
        f: many(4, 'float'),
        type: many(6, 'int32'),
        shape: many(7, 'Shape'),
      },
    },
    Shape: { fields: { dimensions: many(2, 'Dimension') } },
    Dimension: { fields: { size: one(1, 'int64') } },
    Values: {
      fields: { dtype: one(1, 'int32'), shape: one(2, 'Shape'), content: one(4, 'bytes') },
    },
  },
} as protobuf.INamespace);

export interface GraphShape {
  dimensions: { size: number }[];
}

/** Exactly one of the fields is set. */
export type GraphAttribute =
  | { list: { i: number[] } | { f: number[] } | { type: number[] } | { shape: GraphShape[] } }
  | { s: Uint8Array }
  | { i: number }
  | { f: number }
  | { b: boolean }
  | { type: number }
  | { shape: GraphShape }
  | { tensor: { dtype: number; shape: GraphShape; content: Uint8Array } }
  | { function: { name: string } };

export interface GraphNode {
  name: string;
  op: string;
  /** `node` or `node:output` */
  inputs: string[];
  attributes: Record<string, GraphAttribute>;
}

/** An argument or a result of a function. */
export interface GraphArgument {
  name: string;
  /** TensorFlow's DataType number. */
  type: number;
}

/**
 * Nodes that a graph calls by name. Inside, an argument goes by its name, and an output of a node by
 * `node:output name:index` (see `opOutputs.ts`).
 */
export interface GraphFunction {
  signature: { name: string; inputs: GraphArgument[]; outputs: GraphArgument[] };
  nodes: GraphNode[];
  /** Which value each result is. */
  results: Record<string, string>;
}

/** What a session loads. */
export interface Graph {
  nodes: readonly GraphNode[];
  functions: readonly GraphFunction[];
}

/** GraphDef version of TensorFlow 2.9 and later readers; older features are read the same. */
const graphProducer = 1286;

export const shapeOf = (shape: readonly number[]): GraphShape => ({
  dimensions: shape.map((size) => ({ size })),
});

/** A SavedModel file (`saved_model.pb`) with one graph under the tag `serve` and no variables. */
export function encodeSavedModel({ nodes, functions }: Graph): Uint8Array {
  const graph = { nodes, library: { functions }, versions: { producer: graphProducer } };
  const savedModel = { schemaVersion: 1, metaGraphs: [{ info: { tags: ['serve'] }, graph }] };
  return messages.lookupType('SavedModel').encode(savedModel).finish();
}
