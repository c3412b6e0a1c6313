import { createPinia, setActivePinia } from 'pinia';
import { beforeEach, expect, it, vi } from 'vitest';
import { useToastsStore } from '../../../src/renderer/stores/toasts.ts';

beforeEach(() => {
  setActivePinia(createPinia());
});

it('takes back the last thing that can be taken back, and no other', () => {
  const toasts = useToastsStore();
  expect(toasts.undo()).toBe(false);
  const [first, second, open] = [vi.fn(), vi.fn(), vi.fn()];
  toasts.show({ message: 'one', action: { label: 'Undo', run: first, undoes: true } });
  toasts.show({ message: 'two', action: { label: 'Undo', run: second, undoes: true } });
  toasts.show({ message: 'three', action: { label: 'Open', run: open } });

  expect(toasts.undo()).toBe(true);
  expect(toasts.toasts.map(({ message }) => message)).toEqual(['one', 'three']);
  expect(toasts.undo()).toBe(true);
  expect(toasts.undo()).toBe(false);
  for (const called of [first, second]) expect(called).toHaveBeenCalledOnce();
  expect(open).not.toHaveBeenCalled();
});

it('says a failure once, however many calls fail of it, and again once it was closed', () => {
  const toasts = useToastsStore();
  const fail = (): number => toasts.show({ message: 'lost', detail: 'wait', kind: 'error' });
  const first = fail();
  expect([fail(), fail()]).toEqual([first, first]);
  toasts.show({ message: 'lost', detail: 'another remedy', kind: 'error' });
  expect(toasts.toasts).toHaveLength(2);
  toasts.close(first);
  expect(fail()).not.toBe(first);
});
