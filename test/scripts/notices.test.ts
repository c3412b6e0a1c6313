import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { configuration } from '../../electron-builder.config.ts';
import { collectNotices, noticesPath, printNotices } from '../../scripts/notices.ts';
import { makeFolder } from '../support/digits.ts';

const root = join(import.meta.dirname, '../..');

/** A folder with one installed package of the given files. */
function install(files: Record<string, string>, locked: object): string {
  const folder = makeFolder();
  const home = join(folder, 'node_modules/some-package');
  mkdirSync(home, { recursive: true });
  const packages = { '': {}, 'node_modules/some-package': { version: '1.2.3', ...locked } };
  writeFileSync(join(folder, 'package-lock.json'), JSON.stringify({ packages }));
  for (const [name, text] of Object.entries({ 'package.json': '{}', ...files }))
    writeFileSync(join(home, name), text);
  return folder;
}

describe('what is shipped', () => {
  it('has a licence text for every package that is installed and no tool, direct or not', () => {
    const text = printNotices(collectNotices(root));
    const { dependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
      dependencies: Record<string, string>;
    };
    const { packages } = JSON.parse(
      readFileSync(join(root, 'node_modules/.package-lock.json'), 'utf8'),
    ) as { packages: Record<string, { version: string; dev?: boolean }> };
    for (const name of Object.keys(dependencies)) {
      expect(text).toContain(`\n${name} ${packages[`node_modules/${name}`]?.version ?? '?'} (`);
    }
    const indirect = Object.entries(packages).filter(([, { dev }]) => dev !== true);
    for (const [path, { version }] of indirect) {
      expect(text).toContain(`${path.replace(/^.*node_modules\//, '')} ${version}`);
    }
    for (const { name, text: licence } of collectNotices(root)) {
      expect(licence.length, name).toBeGreaterThan(150);
      expect(licence, name).toMatch(/permission|permitted|licen[cs]e|copyright|public domain/i);
    }
  });

  it('names the notices and the licence beside the binary', () => {
    expect(configuration.extraFiles).toEqual([
      { from: noticesPath, to: 'THIRD-PARTY-NOTICES.txt' },
      { from: 'LICENSE', to: 'LICENSE' },
    ]);
    expect(existsSync(join(root, 'LICENSE'))).toBe(true);
  });
});

describe('a package', () => {
  it('is quoted in its own words', () => {
    const files = { 'LICENSE.md': 'Do as you like.', NOTICE: 'Made by me.', 'index.js': '' };
    const [notice] = collectNotices(install(files, { license: 'MIT' }));
    expect(notice).toEqual({
      name: 'some-package 1.2.3',
      licence: 'MIT',
      text: 'Do as you like.\n\nMade by me.',
    });
  });

  it('that only names its licence gets the standard text, with what it says of holders', () => {
    const files = {
      'package.json': JSON.stringify({ author: { name: 'A. Person' } }),
      'README.md':
        '# Some package\n\nText.\n\n## License\n\nCopyright 2011 A. Person.\n\n## Use\n\nThus.',
    };
    const [notice] = collectNotices(install(files, { license: '(MIT OR Apache-2.0)' }));
    expect(notice?.text).toMatch(
      /^By A\. Person\.\n\n## License\n\nCopyright 2011 A\. Person\.\n\n/,
    );
    expect(notice?.text).not.toContain('Thus.');
    expect(notice?.text).toContain('Permission is hereby granted, free of charge');
    expect(notice?.text).toContain('TERMS AND CONDITIONS FOR USE, REPRODUCTION, AND DISTRIBUTION');
  });

  it('without a text or a known licence cannot be shipped', () => {
    for (const license of ['SEE LICENSE IN nowhere', '', 'Own-1.0']) {
      expect(() => collectNotices(install({}, { license }))).toThrow('some-package 1.2.3');
    }
  });

  it('that is a tool or is not installed is none of it', () => {
    expect(collectNotices(install({}, { license: '', dev: true }))).toEqual([]);
    const folder = makeFolder();
    const packages = { 'node_modules/of-another-platform': { version: '1', optional: true } };
    writeFileSync(join(folder, 'package-lock.json'), JSON.stringify({ packages }));
    expect(collectNotices(folder)).toEqual([]);
  });
});
