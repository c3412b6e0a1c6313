// @vitest-environment jsdom
import { beforeEach, expect, it, vi } from 'vitest';
import { createApp, defineComponent, h, ref } from 'vue';
import { useFrameEffect } from '../../../src/renderer/composables/useFrameEffect.ts';
import { useWindowKeys } from '../../../src/renderer/composables/useWindowKeys.ts';

let frames: (() => void)[] = [];
beforeEach(() => {
  frames = [];
  vi.stubGlobal('requestAnimationFrame', (frame: () => void) => frames.push(frame));
  vi.stubGlobal('cancelAnimationFrame', (id: number) => {
    frames[id - 1] = () => undefined;
  });
});
const nextFrame = (): void => {
  const due = frames;
  frames = [];
  for (const frame of due) frame();
};

function mount(setup: () => void) {
  const app = createApp(defineComponent({ setup: () => (setup(), () => h('div')) }));
  app.mount(document.createElement('div'));
  return app;
}

it('draws once a frame, with what is newest', () => {
  const epoch = ref(0);
  const drawn: number[] = [];
  const app = mount(() => {
    useFrameEffect(() => drawn.push(epoch.value));
  });
  expect(drawn).toEqual([0]);
  for (const next of [1, 2, 3]) epoch.value = next;
  expect(drawn).toEqual([0]);
  nextFrame();
  expect(drawn).toEqual([0, 3]);
  nextFrame();
  expect(drawn).toEqual([0, 3]);
  epoch.value = 4;
  app.unmount();
  nextFrame();
  expect(drawn).toEqual([0, 3]);
});

it('gives keys to the view unless they are wanted where the focus is', () => {
  const pressed: string[] = [];
  const app = mount(() => {
    useWindowKeys({
      ArrowLeft: () => pressed.push('left'),
      ' ': () => pressed.push('space'),
      x: () => false,
    });
  });
  const press = (element: Element, key: string, options = {}): boolean => {
    document.body.append(element);
    const event = new KeyboardEvent('keydown', {
      key,
      bubbles: true,
      cancelable: true,
      ...options,
    });
    return !element.dispatchEvent(event);
  };
  const [plain, field, button] = ['div', 'input', 'button'].map((tag) =>
    document.createElement(tag),
  );
  if (!plain || !field || !button) throw new Error('no elements');
  expect([press(plain, 'ArrowLeft'), press(field, 'ArrowLeft')]).toEqual([true, false]);
  expect([press(button, 'ArrowLeft'), press(button, ' '), press(plain, ' ')]).toEqual([
    true,
    false,
    true,
  ]);
  expect(press(plain, 'ArrowLeft', { ctrlKey: true })).toBe(false);
  expect(press(plain, 'x')).toBe(false);
  app.unmount();
  press(plain, 'ArrowLeft');
  expect(pressed).toEqual(['left', 'left', 'space']);
});
