// @vitest-environment jsdom
import { mount } from '@vue/test-utils';
import { describe, expect, it } from 'vitest';
import ChoiceInput from '../../../../src/renderer/components/newRun/ChoiceInput.vue';

const choices = ['matched', 'correctness', 'inBatch'];
/** What of a mounted component these tests use: `mount` cannot tell a .vue file's type here. */
interface Mounted {
  find: (selector: string) => { text: () => string };
  findAll: (selector: string) => {
    text: () => string;
    trigger: (event: string) => Promise<void>;
    attributes: (name: string) => string | undefined;
  }[];
  emitted: (event: string) => unknown[][] | undefined;
  setProps: (props: object) => Promise<void>;
}
const open = (text: string): Mounted =>
  mount(ChoiceInput, { props: { choices, text, labelledBy: 'name', describedBy: 'help' } });

async function click(input: Mounted, word: string): Promise<string | undefined> {
  const before = input.emitted('change')?.length ?? 0;
  await input
    .findAll('button')
    .find((button) => button.text() === word)
    ?.trigger('click');
  const [text] = input.emitted('change')?.[before] ?? [];
  if (typeof text !== 'string') return undefined;
  await input.setProps({ text });
  return text;
}

const roles = (input: Mounted): (string | undefined)[] =>
  input.findAll('button').map((button) => button.attributes('role'));

describe('ChoiceInput', () => {
  it('is a radio group that takes one word', async () => {
    const input = open('matched');
    expect(roles(input)).toEqual(['radio', 'radio', 'radio', undefined]);
    expect(await click(input, 'inBatch')).toBe('inBatch');
    expect(input.find('[aria-checked=true]').text()).toBe('inBatch');
  });

  it('takes several in their own order, and at least one', async () => {
    const input = open('inBatch');
    await click(input, 'several');
    expect(roles(input)).toEqual(['checkbox', 'checkbox', 'checkbox', undefined]);
    expect(await click(input, 'matched')).toBe('matched, inBatch');
    expect(await click(input, 'inBatch')).toBe('matched');
    expect(await click(input, 'matched')).toBeUndefined();
  });

  it('goes back to the first of several', async () => {
    const input = open('matched, inBatch');
    expect(roles(input)[0]).toBe('checkbox');
    expect(await click(input, 'several')).toBe('matched');
  });
});
