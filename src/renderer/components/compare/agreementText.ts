import type { RunSummary } from '../../../core/records.ts';
import { agreements } from '../../examples/agreement.ts';
import type { PairFilter } from '../../examples/agreement.ts';

/** What the two runs of a comparison are called. */
export type SideNames = readonly [a: string, b: string];

const mostCharacters = 28;

/** A long name without its middle: what tells the runs of a sweep apart is at either end. */
function shorten(name: string): string {
  if (name.length <= mostCharacters) return name;
  const half = (mostCharacters - 1) / 2;
  return `${name.slice(0, Math.ceil(half))}…${name.slice(-Math.floor(half))}`;
}

type Named = Pick<RunSummary, 'id' | 'name'>;

/** The runs' names, with their ids where the names are one. */
export const nameSides = (a: Named, b: Named): SideNames => {
  const [first, second] = [shorten(a.name), shorten(b.name)];
  return first === second ? [`${first} (${a.id})`, `${second} (${b.id})`] : [first, second];
};

/** What a list of disagreements is called. */
export function titleAgreement(kind: PairFilter['agreement'], [a, b]: SideNames): string {
  if (kind === 'any') return 'All';
  return {
    'only-a': `Only ${a} right`,
    'only-b': `Only ${b} right`,
    'both-wrong': 'Both wrong',
    'both-right': 'Both right',
  }[kind];
}

/** The kinds that a list can show; where both are right there is nothing to see but among all. */
export const listedAgreements: readonly PairFilter['agreement'][] = [
  ...agreements.filter((kind) => kind !== 'both-right'),
  'any',
];
