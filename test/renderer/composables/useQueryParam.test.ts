import { nextTick } from 'vue';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import {
  choiceParam,
  flagParam,
  listParam,
  numberParam,
  textParam,
  useQueryParam,
} from '../../../src/renderer/composables/useQueryParam.ts';
import { createFakeWorkbench } from '../../support/fakeWorkbench.ts';
import { connectDirectly, createRendererApp, settle } from '../../support/rendererApp.ts';
import type { RendererApp } from '../../support/rendererApp.ts';

let renderer: RendererApp;
const query = (): string => renderer.router.currentRoute.value.fullPath;

beforeEach(async () => {
  const api = connectDirectly(createFakeWorkbench({ runs: 0 }).api);
  renderer = await createRendererApp(api, '/?q=old&keep=1');
});

describe('useQueryParam', () => {
  it('reads the URL and writes it, and shows what it wrote at once', async () => {
    const text = renderer.run(() => useQueryParam('q', textParam()));
    expect(text.value).toBe('old');
    text.value = 'new';
    expect(text.value).toBe('new');
    await settle();
    expect(query()).toBe('/?q=new&keep=1');
    expect(text.value).toBe('new');
  });

  it('loses nothing of several set in one tick, or while the router is under way', async () => {
    const [text, flag, list] = renderer.run(() => [
      useQueryParam('q', textParam()),
      useQueryParam('group', flagParam),
      useQueryParam('tag', listParam),
    ]);
    text.value = 'a';
    flag.value = true;
    await nextTick();
    list.value = ['x', 'y'];
    text.value = 'ab';
    await settle();
    await settle();
    expect(renderer.router.currentRoute.value.query).toEqual({
      q: 'ab',
      keep: '1',
      group: '1',
      tag: 'x,y',
    });
  });

  it('stays the same list while other parameters change', async () => {
    const [list, flag] = renderer.run(() => [
      useQueryParam('tag', listParam),
      useQueryParam('group', flagParam),
    ]);
    list.value = ['x'];
    await settle();
    const before = list.value;
    flag.value = true;
    expect(list.value).toBe(before);
    await settle();
    expect(list.value).toBe(before);
    list.value = ['y'];
    expect(list.value).toEqual(['y']);
  });

  it('does not hold up who is leaving the page, and is there when they come back', async () => {
    const { router } = renderer;
    const arriving = Promise.withResolvers<undefined>();
    router.beforeResolve(async ({ path }) => {
      if (path === '/settings') await arriving.promise;
    });
    const text = renderer.run(() => useQueryParam('q', textParam()));
    void router.push('/settings');
    await settle();
    text.value = 'new';
    await settle();
    arriving.resolve(undefined);
    await vi.waitFor(() => {
      expect(query()).toBe('/settings');
    });
    router.back();
    await vi.waitFor(() => {
      expect(query()).toBe('/?q=new&keep=1');
    });
  });

  it('leaves a parameter out at its default', async () => {
    const text = renderer.run(() => useQueryParam('q', textParam()));
    text.value = '';
    await settle();
    expect(query()).toBe('/?keep=1');
  });

  it('lets Back undo what was pushed, and follows', async () => {
    const bin = renderer.run(() => useQueryParam('bin', flagParam, 'push'));
    bin.value = true;
    await settle();
    expect(query()).toContain('bin=1');
    renderer.router.back();
    await settle();
    expect(bin.value).toBe(false);
    expect(query()).toBe('/?q=old&keep=1');
  });
});

describe('codecs', () => {
  it('read what they write', () => {
    const items = ['a,b', '100%', '%2C', 'plain'];
    expect(listParam.parse(listParam.format(items))).toEqual(items);
    expect(numberParam(null).parse(numberParam(null).format(0.6))).toBe(0.6);
  });

  it('fall back where the URL makes no sense', () => {
    expect(choiceParam(['C', 'R'], 'C').parse('X')).toBe('C');
    expect(numberParam(5).parse('five')).toBe(5);
    expect(numberParam(null).parse('')).toBeNull();
    expect(listParam.parse('')).toEqual([]);
  });
});
