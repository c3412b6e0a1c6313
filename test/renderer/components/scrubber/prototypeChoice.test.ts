// @vitest-environment jsdom
import { mount } from '@vue/test-utils';
import { expect, it } from 'vitest';
import PrototypeChoice from '../../../../src/renderer/components/scrubber/PrototypeChoice.vue';
import { readChoice } from '../../../../src/renderer/components/scrubber/explainedBy.ts';

/** What of a mounted component this test uses. */
interface Mounted {
  get: (selector: string) => {
    element: { value: string };
    setValue: (value: string) => Promise<void>;
  };
  findAll: (selector: string) => { text: () => string }[];
  emitted: () => Record<string, unknown[][]>;
}

const open = (texts: readonly string[]): Mounted =>
  mount(PrototypeChoice, { props: { method: readChoice('prototype', texts).method, count: 3 } });

it('offers each prototype of a class and the one of most likeness, which is chosen first', () => {
  const choice = open([]);
  const options = choice.findAll('option').map((option) => option.text());
  expect(options).toEqual(['most alike', '1 of 3', '2 of 3', '3 of 3']);
  expect(choice.get('select').element.value).toBe('');
});

it('asks for the one that is chosen as the command line would, and shows it', async () => {
  const choice = open([]);
  await choice.get('select').setValue('2');
  const [[texts] = []] = choice.emitted()['change'] ?? [];
  expect(readChoice('prototype', texts as string[]).method.options).toEqual({ prototype: 2 });
  const chosen = open(texts as string[]);
  expect(chosen.get('select').element.value).toBe('2');
  await chosen.get('select').setValue('');
  expect(chosen.emitted()['change']).toEqual([[[]]]);
});
