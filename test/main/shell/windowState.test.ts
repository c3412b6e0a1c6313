import { linkSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it, vi } from 'vitest';
import { loadWindowState, saveWindowState } from '../../../src/main/shell/windowState.ts';
import { makeFolder } from '../store/fixtures.ts';

const screen = { x: 0, y: 0, width: 1920, height: 1080 };
const first = { x: 10, y: 20, width: 1000, height: 700, maximized: false };
const second = { ...first, x: 30 };

it('the place of the window is another file each time, so that none is ever half written', () => {
  const folder = makeFolder();
  const path = join(folder, 'window.json');
  saveWindowState(path, first);
  linkSync(path, join(folder, 'earlier'));
  saveWindowState(path, second);
  expect(loadWindowState(path, [screen])).toEqual(second);
  expect(JSON.parse(readFileSync(join(folder, 'earlier'), 'utf8'))).toEqual(first);
  expect(readdirSync(folder).toSorted()).toEqual(['earlier', 'window.json']);
});

it('a window closes where its place cannot be kept', () => {
  const folder = makeFolder();
  rmSync(folder, { recursive: true });
  const said = vi.spyOn(console, 'error').mockImplementation(() => undefined);
  saveWindowState(join(folder, 'window.json'), first);
  expect(said).toHaveBeenCalledOnce();
});
