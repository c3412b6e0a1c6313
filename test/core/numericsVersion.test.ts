import { expect, it } from 'vitest';
import {
  describeResumption,
  listVersions,
  numericsChanges,
  numericsVersion,
  warnOfVersions,
} from '../../src/core/numericsVersion.ts';

const epochOf = (version: number) => ({ epoch: 3, numericsVersion: version });

it('numbers its changes from 1 without gaps, the last being what this code computes by', () => {
  expect(numericsChanges.map(({ version }) => version)).toEqual(
    Array.from(numericsChanges, (_, i) => i + 1),
  );
  expect(numericsVersion).toBe(numericsChanges.at(-1)?.version);
});

it('lists each version once, ascending', () => {
  expect(listVersions([epochOf(2), epochOf(1), epochOf(2)])).toEqual([1, 2]);
});

it('warns of numbers of several versions, with what changed between them, and of no others', () => {
  expect(warnOfVersions([])).toBeNull();
  expect(warnOfVersions([1, 1])).toBeNull();
  const warning = warnOfVersions([2, 1, 2]);
  expect(warning).toContain('versions 1 and 2');
  expect(warning).toContain(numericsChanges[1]?.change);
  expect(warning).not.toContain(numericsChanges[0]?.change);
});

it('tells a run that goes on what changed since its last epoch', () => {
  expect(describeResumption({ name: 'a', last: null })).toBeNull();
  expect(describeResumption({ name: 'a', last: epochOf(numericsVersion) })).toBeNull();
  const change = describeResumption({ name: 'mine', last: epochOf(1) });
  expect(change).toContain('mine was computed by version 1 of the arithmetic up to epoch 3');
  expect(change).toContain(numericsChanges[1]?.change);
});
