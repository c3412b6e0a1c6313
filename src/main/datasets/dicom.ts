import { createRequire } from 'node:module';
import type * as parser from 'dicom-parser';
import type { DataSet } from 'dicom-parser';
import sharp from 'sharp';
import { interleave, type Channels } from '../../core/pixels.ts';
import { openWindow, windowRemarks } from './dicomWindow.ts';
import type { RawImage } from './imageChoices.ts';
import { corruptInput } from './source.ts';

// Its types know named exports, its script only a default one.
const { parseDicom, readPart10Header, readEncapsulatedPixelDataFromFragments } = createRequire(
  import.meta.url,
)('dicom-parser') as typeof parser;

/** How pixels are written, by the transfer syntaxes that are read. */
const syntaxes: Readonly<Record<string, 'little' | 'big' | 'jpeg'>> = {
  '1.2.840.10008.1.2': 'little',
  '1.2.840.10008.1.2.1': 'little',
  '1.2.840.10008.1.2.2': 'big',
  '1.2.840.10008.1.2.4.50': 'jpeg',
};

/** What a file says of its one frame. */
interface Frame {
  data: DataSet;
  encoding: 'little' | 'big' | 'jpeg';
  width: number;
  height: number;
  channels: Channels;
  /** Red, green and blue one after the other, rather than pixel by pixel. */
  isPlanar: boolean;
  /** Of a stored value. */
  bytes: 1 | 2;
}

export const isDicom = (bytes: Uint8Array): boolean =>
  String.fromCharCode(...bytes.subarray(128, 132)) === 'DICM';

const convertHelp =
  'Write it as uncompressed or JPEG baseline DICOM (gdcmconv --raw, dcmdjpeg) or as PNG.';

const refuse = (path: string, what: string, remedy = convertHelp): never => {
  throw corruptInput(`${path} ${what}.`, remedy);
};

/** Says whether the frame can be read; CORRUPT_INPUT in words where not. */
function describeFrame(bytes: Uint8Array, path: string): Frame {
  // Asked of the header alone: what is deflated would be unpacked whole.
  const syntax = readPart10Header(bytes).string('x00020010') ?? 'of no name';
  const encoding = syntaxes[syntax];
  if (encoding === undefined) {
    return refuse(path, `is a DICOM file of transfer syntax ${syntax}, which is not read`);
  }
  const data = parseDicom(bytes);
  const frames = Number(data.string('x00280008') ?? 1);
  if (frames > 1) refuse(path, `holds ${frames} frames; one image per file is read`, 'Split it.');
  if (data.elements['x00283000'] !== undefined) refuse(path, 'has a modality lookup table');
  const allocated = data.uint16('x00280100');
  if (allocated !== 8 && allocated !== 16) {
    return refuse(path, `has ${allocated ?? 'no'} bits per value; 8 and 16 are read`);
  }
  const samples = data.uint16('x00280002') ?? 1;
  const kind = data.string('x00280004') ?? 'none';
  const isGrey = samples === 1 && kind.startsWith('MONOCHROME');
  const isColour = samples === 3 && allocated === 8 && (kind === 'RGB' || encoding === 'jpeg');
  if (!isGrey && !isColour) {
    refuse(path, `has ${samples} samples of ${allocated} bits as ${kind}, which is not read`);
  }
  return {
    data,
    encoding,
    width: data.uint16('x00280011') ?? 0,
    height: data.uint16('x00280010') ?? 0,
    channels: isGrey ? 1 : 3,
    isPlanar: data.uint16('x00280006') === 1,
    bytes: allocated === 8 ? 1 : 2,
  };
}

/** Stored values as they are, [height, width, channels]. */
async function readValues(frame: Frame, path: string): Promise<Uint8Array | Uint16Array> {
  const { data, encoding, width, height, channels } = frame;
  const element = data.elements['x7fe00010'];
  if (element === undefined) return refuse(path, 'has no pixels');
  const length = width * height * channels;
  if (encoding === 'jpeg') {
    const parts = element.fragments?.length ?? 0;
    const jpeg = readEncapsulatedPixelDataFromFragments(data, element, 0, parts);
    const decoded = await sharp(jpeg, { limitInputPixels: width * height })
      .toColourspace(channels === 1 ? 'b-w' : 'srgb')
      .raw()
      .toBuffer();
    if (decoded.length === length) return Uint8Array.from(decoded);
    return refuse(path, `holds a JPEG that is not of ${width} x ${height} pixels`);
  }
  const stored = data.byteArray.subarray(element.dataOffset, element.dataOffset + element.length);
  if (stored.length < length * frame.bytes) {
    refuse(
      path,
      `is cut short: ${stored.length} bytes for ${length * frame.bytes}`,
      'Copy it again.',
    );
  }
  if (frame.bytes === 1) return Uint8Array.from(stored.subarray(0, length));
  const view = new DataView(stored.buffer, stored.byteOffset, stored.byteLength);
  return new Uint16Array(length).map((_, i) => view.getUint16(2 * i, encoding === 'little'));
}

/**
 * Reads a DICOM file's one frame: grey values through the window that the file names, after its slope
 * and intercept, MONOCHROME1 inverted; colours as they are.
 *
 * @param accept is asked before any pixel is decoded, and throws where the image does not fit
 */
export async function decodeDicom(
  bytes: Uint8Array,
  path: string,
  accept: (width: number, height: number) => void,
): Promise<RawImage & { remarks: string[] }> {
  const frame = describeFrame(bytes, path);
  const { width, height, channels, data, encoding, isPlanar } = frame;
  accept(width, height);
  const values = await readValues(frame, path);
  if (channels === 3) {
    const isSplit = isPlanar && encoding !== 'jpeg' && values instanceof Uint8Array;
    return {
      levels: isSplit ? interleave(values) : values,
      width,
      height,
      channels,
      remarks: [],
    };
  }
  const window = openWindow(data, values);
  return { levels: window.levels, width, height, channels, remarks: windowRemarks(window) };
}
