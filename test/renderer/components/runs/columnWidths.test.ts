import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { resolveColumns } from '../../../../src/renderer/components/runs/columns.ts';
import {
  headerWidth,
  useColumnWidths,
} from '../../../../src/renderer/components/runs/columnWidths.ts';
import type { SortLevel } from '../../../../src/renderer/components/runs/sorting.ts';

const columns = resolveColumns(['status', 'name', 'seed']);
const key = 'afterimage.runs.widths';
let stored: Map<string, string>;

beforeEach(() => {
  stored = new Map();
  vi.stubGlobal('localStorage', {
    getItem: (name: string) => stored.get(name) ?? null,
    setItem: (name: string, value: string) => stored.set(name, value),
  });
});
afterEach(() => {
  vi.unstubAllGlobals();
});
const open = (sort: SortLevel[] = []) =>
  useColumnWidths(
    () => columns,
    () => sort,
  );

it('lets the name take what is left until somebody says how wide it is', () => {
  const widths = open();
  expect(widths.tracks.value).toBe('104px minmax(160px, 1fr) 48px');
  widths.resize('name', 300);
  expect(widths.tracks.value).toBe('104px 300px 48px');
  expect(open().tracks.value).toBe('104px 300px 48px');
  widths.reset('name');
  expect(widths.tracks.value).toBe('104px minmax(160px, 1fr) 48px');
});

it('makes no column narrower than its header, which is wider with the mark of an order', () => {
  const [status] = columns;
  if (status === undefined) throw new Error('no column');
  const sorted = [{ column: 'status', descending: false }];
  const twice = [...sorted, { column: 'seed', descending: true }];
  expect(headerWidth(status, sorted)).toBeGreaterThan(headerWidth(status, []));
  expect(headerWidth(status, twice)).toBeGreaterThan(headerWidth(status, sorted));
  const widths = open(sorted);
  widths.resize('status', 5);
  expect(widths.widths.value[0]).toBe(headerWidth(status, sorted));
});

it('takes what it cannot read for nothing', () => {
  for (const text of ['{', 'null', '{"seed":"wide"}']) {
    stored.set(key, text);
    expect(open().tracks.value).toBe('104px minmax(160px, 1fr) 48px');
  }
});
