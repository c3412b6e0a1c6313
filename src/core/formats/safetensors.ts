import { z } from 'zod';
import { AfterimageError } from '../errors.ts';

/**
 * The safetensors file format (https://huggingface.co/docs/safetensors), for the element types used
 * here: an 8-byte little-endian header length, a JSON header, then the tensors' bytes.
 */
export type TensorValues = Float32Array | Uint8Array | Int32Array | Uint32Array;
export interface NamedTensor {
  shape: readonly number[];
  values: TensorValues;
}
export interface TensorFile {
  tensors: Record<string, NamedTensor>;
  metadata: Record<string, string>;
}

const elementTypes = {
  F32: Float32Array,
  U8: Uint8Array,
  I32: Int32Array,
  U32: Uint32Array,
} as const;
type ElementType = keyof typeof elementTypes;
const isElementType = (name: string): name is ElementType => name in elementTypes;

const headerSchema = z
  .looseObject({ __metadata__: z.record(z.string(), z.string()).optional() })
  .catchall(
    z.object({
      dtype: z.string(),
      shape: z.array(z.number().int().min(0)),
      data_offsets: z.tuple([z.number().int().min(0), z.number().int().min(0)]),
    }),
  );

const alignment = 8;

function elementTypeOf(values: TensorValues): ElementType {
  for (const [name, type] of Object.entries(elementTypes)) {
    if (values instanceof type) return name as ElementType;
  }
  throw new TypeError('safetensors: unsupported element type');
}

/** Encodes tensors in the order given. The same tensors and metadata give the same bytes. */
export function encodeSafetensors({ tensors, metadata }: TensorFile): Uint8Array {
  const header: Record<string, unknown> = { __metadata__: metadata };
  let length = 0;
  for (const [name, { shape, values }] of Object.entries(tensors)) {
    const elements = shape.reduce((product, size) => product * size, 1);
    if (elements !== values.length) {
      throw new RangeError(
        `safetensors: ${name} has ${values.length} values for shape [${shape.join(', ')}]`,
      );
    }
    header[name] = {
      dtype: elementTypeOf(values),
      shape,
      data_offsets: [length, length + values.byteLength],
    };
    length += values.byteLength;
  }
  const json = new TextEncoder().encode(JSON.stringify(header));
  const headerLength = Math.ceil(json.length / alignment) * alignment;
  const bytes = new Uint8Array(8 + headerLength + length);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(headerLength), true);
  bytes.fill(0x20, 8, 8 + headerLength);
  bytes.set(json, 8);
  let offset = 8 + headerLength;
  for (const { values } of Object.values(tensors)) {
    bytes.set(new Uint8Array(values.buffer, values.byteOffset, values.byteLength), offset);
    offset += values.byteLength;
  }
  return bytes;
}

/** Where the tensors begin in a file that has its 8 bytes of length. */
const findBody = (bytes: Uint8Array): number =>
  8 + Number(new DataView(bytes.buffer, bytes.byteOffset, 8).getBigUint64(0, true));

/** The tensors' bytes of a whole file, one after the other: the same whatever its metadata. */
export const tensorBytes = (bytes: Uint8Array): Uint8Array => bytes.subarray(findBody(bytes));

/**
 * Decodes a whole file. The tensors are copies, so that they are aligned and outlive `bytes`.
 * `name` stands for the file in errors.
 *
 * @param keepsBytes tensors of bytes, which need no alignment, are views of `bytes`: of a large file
 *   there is no second copy
 * @param others gets the element types of tensors of other types by name, which are left out then
 */
export function decodeSafetensors(
  bytes: Uint8Array,
  name: string,
  { keepsBytes = false, others }: { keepsBytes?: boolean; others?: Map<string, string> } = {},
): TensorFile {
  const corrupt = (what: string, cause?: unknown): AfterimageError =>
    new AfterimageError(
      'CORRUPT_INPUT',
      `${name} is not a whole safetensors file: ${what}`,
      'Write or copy the file again.',
      cause,
    );
  if (bytes.length < 8) throw corrupt(`${bytes.length} bytes are too few`);
  const body = findBody(bytes);
  if (body > bytes.length) throw corrupt(`its header says ${body - 8} bytes, it ends before`);
  let header;
  try {
    header = headerSchema.parse(JSON.parse(new TextDecoder().decode(bytes.subarray(8, body))));
  } catch (error) {
    throw corrupt('its header cannot be read', error);
  }
  const { __metadata__: metadata = {}, ...entries } = header;
  const tensors: Record<string, NamedTensor> = {};
  for (const [
    tensor,
    {
      dtype,
      shape,
      data_offsets: [begin, end],
    },
  ] of Object.entries(entries)) {
    if (!isElementType(dtype)) {
      if (others === undefined) throw corrupt(`${tensor} is of the unknown type ${dtype}`);
      others.set(tensor, dtype);
      continue;
    }
    const type = elementTypes[dtype];
    const elements = shape.reduce((product, size) => product * size, 1);
    if (body + end > bytes.length) throw corrupt(`${tensor} is cut short`);
    if (end - begin !== elements * type.BYTES_PER_ELEMENT) {
      throw corrupt(`${tensor} has ${end - begin} bytes for shape [${shape.join(', ')}]`);
    }
    const place = bytes.byteOffset + body + begin;
    const view = new Uint8Array(bytes.buffer, place, end - begin);
    // Not `bytes.slice`, which for a Node Buffer is a view of the whole file.
    const isView = keepsBytes && dtype === 'U8';
    tensors[tensor] = { shape, values: isView ? view : new type(new Uint8Array(view).buffer) };
  }
  return { tensors, metadata };
}
