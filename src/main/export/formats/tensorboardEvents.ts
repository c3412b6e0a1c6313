import protobuf from 'protobufjs';
import { encodeTfRecords } from '../../../core/formats/tfRecord.ts';
import { many, one } from './protobufFields.ts';

/**
 * The few messages that an event file needs, with the field numbers of TensorFlow's event.proto,
 * summary.proto and tensor.proto and of the hparams plugin's plugin_data.proto.
 */
const messages = protobuf.Root.fromJSON({
  nested: {
    Event: {
      oneofs: { what: { oneof: ['fileVersion', 'summary'] } },
      fields: {
        wallTime: one(1, 'double'),
        step: one(2, 'int64'),
        fileVersion: one(3, 'string'),
        summary: one(5, 'Summary'),
      },
    },
    Summary: { fields: { values: many(1, 'Value') } },
    Value: {
      fields: { tag: one(1, 'string'), tensor: one(8, 'Values'), metadata: one(9, 'Metadata') },
    },
    Metadata: {
      fields: {
        plugin: one(1, 'Plugin'),
        displayName: one(2, 'string'),
        description: one(3, 'string'),
        dataClass: one(4, 'int32'),
      },
    },
    Plugin: { fields: { name: one(1, 'string'), content: one(2, 'bytes') } },
    Values: {
      fields: {
        type: one(1, 'int32'),
        shape: one(2, 'Shape'),
        floats: many(5, 'float'),
        texts: many(8, 'bytes'),
      },
    },
    Shape: { fields: {} },
    Hparams: {
      oneofs: { data: { oneof: ['start', 'end'] } },
      fields: { version: one(1, 'int32'), start: one(3, 'Start'), end: one(4, 'End') },
    },
    Start: {
      fields: {
        hparams: { keyType: 'string', ...one(1, 'Setting') },
        groupName: one(4, 'string'),
        startTime: one(5, 'double'),
      },
    },
    End: { fields: { status: one(1, 'int32'), endTime: one(2, 'double') } },
    Setting: {
      // Of a `oneof`, a field is written even if it holds its type's default.
      oneofs: { kind: { oneof: ['number', 'text'] } },
      fields: { number: one(2, 'double'), text: one(3, 'string') },
    },
  },
} as protobuf.INamespace);

/** TensorFlow's numbers of element types and of kinds of data. */
const [float, string] = [1, 7];
const [scalarClass, tensorClass] = [1, 2];

interface Value {
  tag: string;
  tensor: Record<string, unknown>;
  metadata: Record<string, unknown>;
}

export interface LoggedEvent {
  /** Seconds since 1970. */
  wallTime: number;
  /** Of training: the epoch. */
  step: number;
  values: readonly Value[];
}

/** A number over the steps; title and description are shown with it. */
export const scalarValue = (
  tag: string,
  value: number,
  { title, description }: { title: string; description: string },
): Value => ({
  tag,
  tensor: { type: float, shape: {}, floats: [value] },
  metadata: {
    plugin: { name: 'scalars' },
    displayName: title,
    description,
    dataClass: scalarClass,
  },
});

/** A text in Markdown. */
export const textValue = (tag: string, text: string): Value => ({
  tag: `${tag}/text_summary`,
  tensor: { type: string, shape: {}, texts: [new TextEncoder().encode(text)] },
  metadata: { plugin: { name: 'text' }, displayName: tag, dataClass: tensorClass },
});

const hparamsValue = (tag: string, data: Record<string, unknown>): Value => ({
  tag: `_hparams_/${tag}`,
  tensor: { type: float, shape: {}, floats: [0] },
  metadata: {
    plugin: {
      name: 'hparams',
      content: messages
        .lookupType('Hparams')
        .encode({ version: 0, ...data })
        .finish(),
    },
    dataClass: tensorClass,
  },
});

/** What a run was started with; TensorBoard calls it by the name of its group, here of one. */
export const settingsValue = (
  settings: Readonly<Record<string, string | number>>,
  groupName: string,
  startTime: number,
): Value =>
  hparamsValue('session_start_info', {
    start: {
      hparams: Object.fromEntries(
        Object.entries(settings).map(([path, value]) => [
          path,
          typeof value === 'number' ? { number: value } : { text: value },
        ]),
      ),
      ...{ groupName, startTime },
    },
  });

/** TensorBoard's words for how a run ended. */
export type RunEnd = 'unknown' | 'success' | 'failure' | 'running';
const statuses: readonly RunEnd[] = ['unknown', 'success', 'failure', 'running'];

export const endValue = (end: RunEnd, endTime: number): Value =>
  hparamsValue('session_end_info', { end: { status: statuses.indexOf(end), endTime } });

/** An event file of TensorBoard's. */
export function encodeEvents(events: readonly LoggedEvent[]): Uint8Array {
  const event = messages.lookupType('Event');
  const first = { wallTime: events[0]?.wallTime ?? 0, fileVersion: 'brain.Event:2' };
  return encodeTfRecords([
    event.encode(first).finish(),
    ...events.map(({ wallTime, step, values }) =>
      event.encode({ wallTime, step, summary: { values } }).finish(),
    ),
  ]);
}
