import type { RunConfigKey } from '../../../core/config/runConfig.ts';
import type { FieldValue } from './fieldValues.ts';

/** Values that each field takes in a sweep; null for one that cannot be read yet. */
export type SweepValues = (key: RunConfigKey) => readonly FieldValue[] | null;

interface Rule {
  keys: readonly RunConfigKey[];
  /** The field that decides, and its value under which the others change nothing. */
  by: RunConfigKey;
  ignoredAt: FieldValue;
  because: string;
}

const rules: readonly Rule[] = [
  {
    keys: ['camWeight', 'distanceReduction', 'pairing', 'margin', 'camGradient'],
    by: 'paradigm',
    ignoredAt: 'C',
    because: 'Paradigm C does not use it.',
  },
  {
    keys: ['margin'],
    by: 'pairing',
    ignoredAt: 'matched',
    because: 'Matched pairs have no margin.',
  },
  { keys: ['momentum'], by: 'optimizer', ignoredAt: 'adam', because: 'Only SGD uses it.' },
  { keys: ['momentum'], by: 'optimizer', ignoredAt: 'rmsprop', because: 'Only SGD uses it.' },
  {
    keys: ['scheduleEpochs', 'scheduleFactor'],
    by: 'schedule',
    ignoredAt: 'constant',
    because: 'The constant schedule does not use it.',
  },
  {
    keys: ['scheduleEpochs', 'scheduleFactor'],
    by: 'schedule',
    ignoredAt: 'cosine',
    because: 'The cosine schedule does not use it.',
  },
];

/** Why a field changes no run of the sweep; empty where it does. */
export function whyIgnored(key: RunConfigKey, valuesOf: SweepValues): string {
  const own = rules.filter((rule) => rule.keys.includes(key));
  for (const by of new Set(own.map((rule) => rule.by))) {
    const deciding = own.filter((rule) => rule.by === by);
    const values = valuesOf(by);
    if (values === null) continue;
    const all = values.every((value) => deciding.some(({ ignoredAt }) => ignoredAt === value));
    if (all) return deciding.find(({ ignoredAt }) => ignoredAt === values[0])?.because ?? '';
  }
  return '';
}
