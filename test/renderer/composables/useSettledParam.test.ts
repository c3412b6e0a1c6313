import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { effectScope, ref } from 'vue';
import { useSettledParam } from '../../../src/renderer/composables/useSettledParam.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

it('follows at once and writes when it has come to rest', () => {
  const param = ref(0);
  const value = useSettledParam(param, 100);
  for (let i = 1; i <= 5; i += 1) {
    value.value = i;
    vi.advanceTimersByTime(50);
  }
  expect([value.value, param.value]).toEqual([5, 0]);
  vi.advanceTimersByTime(100);
  expect(param.value).toBe(5);
});

it('takes what the URL says, whatever was to be written', () => {
  const param = ref(0);
  const value = useSettledParam(param, 100);
  value.value = 7;
  param.value = 3;
  expect(value.value).toBe(3);
  vi.advanceTimersByTime(1000);
  expect(param.value).toBe(3);
});

it('writes nothing once its view is gone', () => {
  const param = ref(0);
  const scope = effectScope();
  const value = scope.run(() => useSettledParam(param, 100));
  if (value === undefined) throw new Error('no value');
  value.value = 7;
  scope.stop();
  vi.advanceTimersByTime(1000);
  expect(param.value).toBe(0);
});
