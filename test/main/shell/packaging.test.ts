import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { configuration } from '../../../electron-builder.config.ts';

const root = join(import.meta.dirname, '../../..');
const read = (path: string): string => readFileSync(join(root, path), 'utf8');

function sources(folder: string): string[] {
  return readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.ts'))
    .map((path) => read(join(folder, path)));
}

describe('the packaged application', () => {
  it('leaves out only packages that nothing but the renderer imports', () => {
    const files = configuration.files as string[];
    const left = files.flatMap((path) => /^!node_modules\/(.+)\/\*\*$/.exec(path)?.[1] ?? []);
    expect(left).toContain('vue');
    const text = ['src/main', 'src/core', 'src/shared'].flatMap(sources).join('\n');
    for (const name of left) expect(text).not.toMatch(new RegExp(`from '${name}['/]`));
  });

  it('starts with the entry that the build makes', () => {
    const { main } = JSON.parse(read('package.json')) as { main: string };
    expect(main).toBe('out/main/index.js');
    expect(read('electron.vite.config.ts')).toContain("'src/main/index.ts'");
  });

  it('holds every process and thread that is started by the path of its source', () => {
    const config = read('electron.vite.config.ts');
    const folder = join(root, 'src/main');
    const text = sources('src/main').join('\n');
    const started = readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter((path) => path.endsWith('.ts'))
      .flatMap((path) =>
        [
          ...read(join('src/main', path)).matchAll(
            /new URL\('(\.[^']*\.ts)', import\.meta\.url\)/g,
          ),
        ].map(([, entry = '']) => join('src/main', dirname(path), entry)),
      );
    expect(started).toContain('src/main/store/integrity/verifyThread.ts');
    // What another module imports is built with it.
    const isImported = (path: string): boolean =>
      new RegExp(`^import '[^']*/${basename(path)}';`, 'm').test(text);
    expect(started.filter((path) => !config.includes(`'${path}'`) && !isImported(path))).toEqual(
      [],
    );
  });

  it('finds its icon and entitlements', () => {
    const { linux, mac, win } = configuration;
    for (const path of [linux?.icon, mac?.icon, win?.icon, mac?.entitlements]) {
      expect(existsSync(join(root, path as string))).toBe(true);
    }
  });
});
