import { describe, expect, it } from 'vitest';
import {
  formatBytes,
  formatCount,
  formatDate,
  formatDecimal,
  formatDuration,
  formatEpoch,
  formatEpochs,
  formatEstimate,
  formatMinutes,
  formatNumber,
  formatShare,
} from '../../../src/renderer/composables/format.ts';
import { shareDone } from '../../../src/renderer/composables/runProgress.ts';

const second = 1000;
const minute = 60 * second;
const hour = 60 * minute;

describe('durations', () => {
  it.each([
    [0, '0 s'],
    [59.4 * second, '59 s'],
    [59.6 * second, '1 min'],
    [3 * minute + 12 * second, '3 min 12 s'],
    [hour, '1 h'],
    [2 * hour + 5 * minute, '2 h 5 min'],
    [2 * hour - second, '2 h'],
    [72 * hour, '3 d'],
    [null, '–'],
  ])('%s ms: %s', (durationMs, text) => {
    expect(formatDuration(durationMs)).toBe(text);
  });

  it('get rougher as they grow in a column', () => {
    expect(formatMinutes(44 * second)).toBe('44 s');
    expect(formatMinutes(5.31 * minute)).toBe('5.3 min');
    expect(formatMinutes(13 * minute + 26 * second)).toBe('13 min');
  });

  it.each([
    [20 * second, 'under a minute'],
    [4.2 * minute, 'about 4 min'],
    [1.5 * hour, 'about 1.5 h'],
    [30 * hour, 'about 30 h'],
  ])('%s ms is %s as an estimate', (durationMs, text) => {
    expect(formatEstimate(durationMs)).toBe(text);
  });
});

describe('numbers', () => {
  it('have the digits that they need', () => {
    expect([0.001, 1e-7, 390_858, 0.123456, -0.5, null].map((n) => formatNumber(n))).toEqual([
      '0.001',
      '1e-7',
      '390,858',
      '0.1235',
      '-0.5',
      '–',
    ]);
    expect(formatShare(0.9917)).toBe('99.17%');
    expect(formatDecimal(-0.123)).toBe('−0.12');
    expect(formatDecimal(NaN)).toBe('–');
    expect(formatBytes(999)).toBe('999 B');
    expect(formatBytes(1_234_000)).toBe('1.2 MB');
    expect(formatBytes(261_000_000)).toBe('261 MB');
    expect([0, 1, 1000].map((n) => formatCount(n, 'run'))).toEqual([
      '0 runs',
      '1 run',
      '1,000 runs',
    ]);
  });
});

describe('formatDate', () => {
  const now = new Date(2026, 2, 14, 12, 0);
  it('says as much as tells the day apart', () => {
    expect(formatDate(new Date(2026, 2, 14, 9, 5).toISOString(), now)).toBe('09:05');
    expect(formatDate(new Date(2026, 0, 2).toISOString(), now)).toBe('2 Jan');
    expect(formatDate(new Date(2025, 0, 2).toISOString(), now)).toBe('2 Jan 2025');
  });
});

describe('shareDone', () => {
  const at = (phase: 'compilation' | 'training' | 'evaluation', epoch: number, step: number) =>
    shareDone({
      progress: {
        ...{ phase, epoch, step, epochs: 10, steps: 100, imagesPerSecond: 1 },
        ...{ loss: null, terms: {}, accuracy: null },
      },
      remainingMs: null,
    });
  it('never goes back while a run goes on, and ends at 1', () => {
    const shares = [
      at('evaluation', 0, 50),
      at('compilation', 1, 0),
      at('training', 1, 0),
      at('training', 1, 100),
      at('evaluation', 1, 50),
      at('training', 2, 0),
      at('evaluation', 10, 100),
    ];
    expect(shares).toEqual(shares.toSorted());
    expect(shares[0]).toBe(0);
    expect(shares.at(-1)).toBe(1);
    expect(shareDone(undefined)).toBeNull();
  });
});

it('has one word for where in a run something is, and for how long a run is', () => {
  expect(formatEpoch(4, 13)).toBe('Epoch 4 of 13');
  expect(formatEpoch(null, undefined)).toBe('Epoch – of –');
  expect([0, 1, 13].map(formatEpochs)).toEqual(['no epoch', '1 epoch', '13 epochs']);
});
