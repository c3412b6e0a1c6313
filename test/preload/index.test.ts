// @vitest-environment jsdom
import { expect, it, vi } from 'vitest';
import { shellFiles } from '../../src/renderer/composables/shellFiles.ts';

const electron = vi.hoisted(() => ({
  ipcRenderer: { postMessage: vi.fn() },
  contextBridge: {
    exposeInMainWorld: (key: string, value: object) => Object.assign(globalThis, { [key]: value }),
  },
  webUtils: { getPathForFile: ({ name }: File) => `/home/ada/${name}` },
}));
vi.mock('electron', () => electron);

it('tells the page where a dropped file lies, which a browser does not', async () => {
  expect(shellFiles()).toBeNull();
  await import('../../src/preload/index.ts');
  const files = shellFiles();
  expect(files?.pathOf(new File([], 'set.npz'))).toBe('/home/ada/set.npz');
  // And nothing else of the system.
  expect(Object.keys(files ?? {})).toEqual(['pathOf']);
});
