import { afterEach, expect, it, vi } from 'vitest';
import { throttleLog } from '../../../src/main/platform/throttledLog.ts';

afterEach(() => {
  vi.useRealTimers();
});

it('logs a line at a time, and says how many it left out', () => {
  vi.useFakeTimers({ toFake: ['performance'] });
  const lines: string[] = [];
  const log = throttleLog(1000, (line) => lines.push(line));
  for (let k = 0; k < 5; k += 1) log(`line ${k}`);
  expect(lines).toEqual(['line 0']);
  vi.advanceTimersByTime(1001);
  log('line 5');
  vi.advanceTimersByTime(1001);
  log('line 6');
  expect(lines).toEqual(['line 0', 'line 5 (4 like it were not logged)', 'line 6']);
});
