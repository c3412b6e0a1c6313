// @vitest-environment jsdom
import { mount } from '@vue/test-utils';
import { describe, expect, it } from 'vitest';
import SetInput from '../../../../src/renderer/components/newRun/SetInput.vue';

const components = ['contrastive', 'triplet', 'ssim'].map((name) => ({
  ...{ name, title: `The ${name}`, description: `What ${name} does.`, source: `who made ${name}` },
  ...{ formula: `f(${name})`, fields: {} },
}));

interface Found {
  text: () => string;
  trigger: (event: string) => Promise<void>;
  attributes: (name: string) => string | undefined;
  element: { checked: boolean };
}
/** What of a mounted component these tests use: `mount` cannot tell a .vue file's type here. */
interface Mounted {
  text: () => string;
  findAll: (selector: string) => Found[];
  emitted: (event: string) => unknown[][] | undefined;
  setProps: (props: object) => Promise<void>;
}
const open = (text: string): Mounted =>
  mount(SetInput, { props: { components, text, labelledBy: 'name', describedBy: 'help' } });

/** Clicks the nth of what is found, and gives back what the input then holds. */
async function act(input: Mounted, selector: string, at = 0, event = 'click'): Promise<string> {
  await input.findAll(selector)[at]?.trigger(event);
  const text = String(input.emitted('change')?.at(-1)?.[0]);
  await input.setProps({ text });
  return text;
}

const toggle = (input: Mounted, at: number): Promise<string> => act(input, 'input', at, 'change');
const checked = (input: Mounted): boolean[] =>
  input.findAll('input').map(({ element }) => element.checked);

describe('SetInput', () => {
  it('joins what is chosen in the order of the components, and names the empty set', async () => {
    const input = open('ssim');
    expect(checked(input)).toEqual([false, false, true]);
    expect(await toggle(input, 0)).toBe('contrastive+ssim');
    expect(checked(input)).toEqual([true, false, true]);
    await toggle(input, 0);
    expect(await toggle(input, 2)).toBe('none');
  });

  it('holds several sets, of which one is changed at a time', async () => {
    const input = open('contrastive');
    expect(await act(input, '.sets > .tab')).toBe('contrastive, none');
    expect(checked(input)).toEqual([false, false, false]);
    expect(await toggle(input, 1)).toBe('contrastive, triplet');
    await input.findAll('.set .tab')[0]?.trigger('click');
    expect(checked(input)).toEqual([true, false, false]);
    expect(await act(input, '.set button[aria-label^=Without]')).toBe('triplet');
    expect(checked(input)).toEqual([false, true, false]);
  });

  it('says what each component is, and its formula when asked', async () => {
    const input = open('none');
    expect(input.text()).toContain('What triplet does.');
    expect(input.text()).not.toContain('f(triplet)');
    await input.findAll('[aria-expanded]')[1]?.trigger('click');
    expect(input.text()).toContain('f(triplet)');
    expect(input.text()).toContain('Source: who made triplet.');
    expect(input.findAll('[aria-expanded=true]')).toHaveLength(1);
  });
});
