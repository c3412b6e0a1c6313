// @vitest-environment jsdom
import { mount } from '@vue/test-utils';
import { expect, it } from 'vitest';
import { defineComponent, h, nextTick, ref, withDirectives } from 'vue';
import { vTyped } from '../../../src/renderer/composables/vTyped.ts';

/** A field beside a count, with which it is drawn again. */
async function open() {
  const [value, count] = [ref<string | number>(3), ref(0)];
  const Field = defineComponent(
    () => () => h('div', [withDirectives(h('input'), [[vTyped, value.value]]), count.value]),
  );
  const field = mount(Field).find('input').element;
  const redraw = async (): Promise<void> => {
    count.value += 1;
    await nextTick();
  };
  await redraw();
  const type = (text: string): void => {
    field.value = text;
    field.dispatchEvent(new Event('input'));
  };
  return { field, value, redraw, type };
}

it('shows the value, and the next one', async () => {
  const { field, value } = await open();
  expect(field.value).toBe('3');
  value.value = 'four';
  await nextTick();
  expect(field.value).toBe('four');
});

it('leaves what is being typed alone, whatever is drawn around it', async () => {
  const { field, value, redraw, type } = await open();
  type('12');
  await redraw();
  expect(field.value).toBe('12');
  value.value = 5;
  await nextTick();
  expect(field.value).toBe('12');
});

it('goes back to the value that it has once the text was told and not taken', async () => {
  const { field, redraw, type } = await open();
  type('no number');
  field.dispatchEvent(new Event('change'));
  await redraw();
  expect(field.value).toBe('3');
});
