import { expect, it } from 'vitest';
import {
  listedAgreements,
  nameSides,
  titleAgreement,
} from '../../../../src/renderer/components/compare/agreementText.ts';

it('calls the sides by the names of the runs', () => {
  const names = nameSides({ id: 'x', name: 'mnist-c' }, { id: 'y', name: 'mnist-r' });
  expect(listedAgreements.map((kind) => titleAgreement(kind, names))).toEqual([
    'Only mnist-c right',
    'Only mnist-r right',
    'Both wrong',
    'All',
  ]);
});

it('cuts long names in the middle, and adds ids to equal ones', () => {
  const long = 'A sweep over the weight of the map term, weight 0.1, seed 3';
  const [short] = nameSides({ id: 'x', name: long }, { id: 'y', name: 'other' });
  expect(short).toHaveLength(28);
  expect(short.startsWith('A sweep over ')).toBe(true);
  expect(short.endsWith('0.1, seed 3')).toBe(true);
  expect(nameSides({ id: 'x', name: 'same' }, { id: 'y', name: 'same' })).toEqual([
    'same (x)',
    'same (y)',
  ]);
});
