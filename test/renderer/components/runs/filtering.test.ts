import { describe, expect, it } from 'vitest';
import {
  countFacet,
  filterRuns,
  noFacets,
} from '../../../../src/renderer/components/runs/filtering.ts';
import { buildSummary } from './builders.ts';

const runs = [
  buildSummary({ id: 'a', name: 'mnist-c', tags: ['paper', 'table 1'], seed: 3 }),
  buildSummary({
    id: 'b',
    name: 'mnist-r',
    config: { paradigm: 'R' },
    status: 'running',
    seed: 13,
  }),
  buildSummary({ id: 'c', name: 'mnist-r old', config: { paradigm: 'R' }, tags: ['paper'] }),
];
const ids = (found: readonly { id: string }[]): string => found.map(({ id }) => id).join('');

describe('filterRuns', () => {
  it('wants every word, wherever it stands', () => {
    expect(ids(filterRuns(runs, 'mnist-r', noFacets))).toBe('bc');
    expect(ids(filterRuns(runs, 'OLD mnist', noFacets))).toBe('c');
    expect(ids(filterRuns(runs, 'seed 3', noFacets))).toBe('a');
    expect(ids(filterRuns(runs, 'table', noFacets))).toBe('a');
    expect(ids(filterRuns(runs, 'absent', noFacets))).toBe('');
  });

  it('wants one of the values of each facet', () => {
    expect(ids(filterRuns(runs, '', { ...noFacets, paradigm: ['R'] }))).toBe('bc');
    expect(ids(filterRuns(runs, '', { ...noFacets, paradigm: ['R'], tag: ['paper'] }))).toBe('c');
    expect(ids(filterRuns(runs, '', { ...noFacets, status: ['running', 'completed'] }))).toBe(
      'abc',
    );
  });
});

describe('countFacet', () => {
  it('counts under the other facets, not under its own', () => {
    const facets = { ...noFacets, paradigm: ['R'], tag: ['paper'] };
    expect(countFacet(runs, '', facets, 'paradigm')).toEqual([
      { value: 'C', count: 1 },
      { value: 'R', count: 1 },
    ]);
    expect(countFacet(runs, '', facets, 'tag')).toEqual([
      { value: 'paper', count: 1 },
      { value: 'table 1', count: 0 },
    ]);
  });

  it('keeps a chosen value that no run has any more', () => {
    const facets = { ...noFacets, tag: ['gone'] };
    expect(countFacet(runs, '', facets, 'tag')).toContainEqual({ value: 'gone', count: 0 });
  });
});
