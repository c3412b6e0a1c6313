import type { AfterimageError } from '../../core/errors.ts';
import { corruptInput } from './source.ts';

/**
 * What a pickle holds. Texts of Python 2 are bytes; as keys they are read as Latin-1. What a class or
 * function would make is kept as what it would be made from: nothing is ever called.
 */
export type Pickled =
  null | boolean | number | string | Uint8Array | Pickled[] | Map<string, Pickled> | Made;

/** Something that Python would make by calling `name`, and the state that it would set. */
export class Made {
  readonly name: string;
  readonly parts: readonly Pickled[];
  state: Pickled = null;

  constructor(name: string, parts: readonly Pickled[]) {
    this.name = name;
    this.parts = parts;
  }
}

/** Where a list or tuple begins on the stack. */
const mark = Symbol('mark');
type Slot = Pickled | typeof mark;

const latin1 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('latin1');

/** A name, in either of the two forms that Python writes; empty for what is none. */
export function textOf(value: Pickled | undefined): string {
  if (value instanceof Uint8Array) return latin1(value);
  return typeof value === 'string' ? value : '';
}

/** The names that arrays of NumPy are written with; no other is read. */
const knownNames = new Set([
  'numpy.core.multiarray _reconstruct',
  'numpy._core.multiarray _reconstruct',
  'numpy ndarray',
  'numpy dtype',
  '_codecs encode',
]);

/**
 * Reads pickles of plain values and NumPy arrays (protocols 2 to 4,
 * https://docs.python.org/3/library/pickletools.html), instruction by instruction.
 */
class Reader {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  readonly #name: string;
  readonly #memo = new Map<number, Slot>();
  #stack: Slot[] = [];
  #at = 0;

  constructor(bytes: Uint8Array, name: string) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#name = name;
  }

  read(): Pickled {
    for (;;) {
      const code = String.fromCharCode(this.#number(1));
      if (code === '.') return this.#pop();
      const step = this.#steps[code];
      if (step === undefined)
        throw this.#refuse(`instruction 0x${code.charCodeAt(0).toString(16)}`);
      step();
    }
  }

  /** By their codes; names as in Python's pickletools. */
  readonly #steps: Readonly<Record<string, () => void>> = {
    /* PROTO, FRAME */ '\x80': () => this.#take(1),
    '\x95': () => this.#take(8),
    /* NONE, NEWTRUE, NEWFALSE */ N: () => this.#push(null),
    '\x88': () => this.#push(true),
    '\x89': () => this.#push(false),
    /* BININT, BININT1, BININT2 */ J: () => this.#push(this.#signed()),
    K: () => this.#push(this.#number(1)),
    M: () => this.#push(this.#number(2)),
    /* SHORT_BINSTRING, BINSTRING */ U: () => this.#push(this.#sized(1)),
    T: () => this.#push(this.#sized(4)),
    /* SHORT_BINBYTES, BINBYTES */ C: () => this.#push(this.#sized(1)),
    B: () => this.#push(this.#sized(4)),
    /* SHORT_BINUNICODE, BINUNICODE */ '\x8c': () => this.#push(this.#text(1)),
    X: () => this.#push(this.#text(4)),
    /* EMPTY_DICT, EMPTY_LIST, EMPTY_TUPLE */ '}': () => this.#push(new Map()),
    ']': () => this.#push([]),
    ')': () => this.#push([]),
    /* MARK, TUPLE, TUPLE1 to TUPLE3 */ '(': () => this.#push(mark),
    t: () => this.#push(this.#popToMark()),
    '\x85': () => this.#push(this.#popMany(1)),
    '\x86': () => this.#push(this.#popMany(2)),
    '\x87': () => this.#push(this.#popMany(3)),
    /* APPEND, APPENDS, SETITEM, SETITEMS */ a: () => this.#append(this.#popMany(1)),
    e: () => this.#append(this.#popToMark()),
    s: () => this.#setItems(this.#popMany(2)),
    u: () => this.#setItems(this.#popToMark()),
    /* BINPUT, LONG_BINPUT, MEMOIZE, BINGET, LONG_BINGET */ q: () => this.#keep(this.#number(1)),
    r: () => this.#keep(this.#number(4)),
    '\x94': () => this.#keep(this.#memo.size),
    h: () => this.#recall(this.#number(1)),
    j: () => this.#recall(this.#number(4)),
    /* GLOBAL, STACK_GLOBAL, REDUCE, BUILD */ c: () => this.#global(this.#line(), this.#line()),
    '\x93': () => {
      const [module, name] = this.#popMany(2);
      this.#global(textOf(module), textOf(name));
    },
    R: () => this.#reduce(),
    b: () => this.#build(),
  };

  #refuse(what: string): AfterimageError {
    return corruptInput(
      `${this.#name} is no pickle of plain values and arrays: it has ${what}.`,
      'Give the batches as they are published, or the binary version of the set.',
    );
  }

  #take(length: number): Uint8Array {
    const bytes = this.#bytes.subarray(this.#at, this.#at + length);
    if (bytes.length < length) {
      throw corruptInput(`${this.#name} is cut short.`, 'Download or copy the file again.');
    }
    this.#at += length;
    return bytes;
  }

  /** Little-endian, without sign. */
  #number(length: 1 | 2 | 4): number {
    return this.#take(length).reduceRight((value, byte) => value * 256 + byte, 0);
  }

  #signed(): number {
    this.#take(4);
    return this.#view.getInt32(this.#at - 4, true);
  }

  #sized(lengthBytes: 1 | 4): Uint8Array {
    return this.#take(this.#number(lengthBytes));
  }

  #text(lengthBytes: 1 | 4): string {
    return new TextDecoder().decode(this.#sized(lengthBytes));
  }

  #line(): string {
    const end = this.#bytes.indexOf(0x0a, this.#at);
    if (end < 0) throw this.#refuse('a name without end');
    return latin1(this.#take(end + 1 - this.#at).subarray(0, -1));
  }

  #push(value: Slot): void {
    this.#stack.push(value);
  }

  #pop(): Pickled {
    const value = this.#stack.pop();
    if (value === undefined || value === mark) throw this.#refuse('too few values');
    return value;
  }

  #popMany(count: number): Pickled[] {
    return Array.from({ length: count }, () => this.#pop()).reverse();
  }

  #popToMark(): Pickled[] {
    const start = this.#stack.lastIndexOf(mark);
    if (start < 0) throw this.#refuse('no beginning of a list');
    const values = this.#stack.slice(start + 1) as Pickled[];
    this.#stack = this.#stack.slice(0, start);
    return values;
  }

  #append(values: Pickled[]): void {
    const list = this.#stack.at(-1);
    if (!Array.isArray(list)) throw this.#refuse('values without a list');
    for (const value of values) list.push(value);
  }

  #setItems(values: Pickled[]): void {
    const map = this.#stack.at(-1);
    if (!(map instanceof Map)) throw this.#refuse('entries without a dictionary');
    for (let i = 0; i + 1 < values.length; i += 2) {
      const key = values[i];
      map.set(textOf(key), values[i + 1] ?? null);
    }
  }

  #keep(index: number): void {
    const value = this.#stack.at(-1);
    if (value !== undefined) this.#memo.set(index, value);
  }

  #recall(index: number): void {
    const value = this.#memo.get(index);
    if (value === undefined) throw this.#refuse('a value from nowhere');
    this.#push(value);
  }

  #global(module: string, name: string): void {
    const known = `${module} ${name}`;
    if (!knownNames.has(known)) throw this.#refuse(`${module}.${name} in it, which is not read`);
    this.#push(known);
  }

  #reduce(): void {
    const [name, parts] = this.#popMany(2);
    if (!Array.isArray(parts)) throw this.#refuse('a call without a list');
    const [text] = parts;
    // How Python 3 writes bytes in protocol 2: a text and the name of its encoding.
    const isBytes = name === '_codecs encode' && typeof text === 'string';
    this.#push(
      isBytes ? Uint8Array.from(Buffer.from(text, 'latin1')) : new Made(textOf(name), parts),
    );
  }

  #build(): void {
    const state = this.#pop();
    const made = this.#stack.at(-1);
    if (!(made instanceof Made)) throw this.#refuse('a state of nothing');
    made.state = state;
  }
}

/** Reads a pickle. CORRUPT_INPUT for anything but plain values and NumPy arrays. `name` is for errors. */
export const readPickle = (bytes: Uint8Array, name: string): Pickled =>
  new Reader(bytes, name).read();

/** The bytes of a NumPy array of unsigned bytes in C order, and its shape; null for anything else. */
export function readByteArray(value: Pickled): { shape: number[]; bytes: Uint8Array } | null {
  if (!(value instanceof Made) || !Array.isArray(value.state)) return null;
  const [, shape, type, isFortran, bytes] = value.state;
  const kind = type instanceof Made ? type.parts[0] : null;
  if (!Array.isArray(shape) || textOf(kind) !== 'u1' || isFortran === true) return null;
  return bytes instanceof Uint8Array ? { shape: shape.map(Number), bytes } : null;
}
