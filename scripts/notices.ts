import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import spdx from 'spdx-license-list/full.js';

/** Where the packaged application finds it, and electron-builder what to put beside the binary. */
export const noticesPath = 'out/THIRD-PARTY-NOTICES.txt';

interface LockedPackage {
  version?: string;
  license?: string;
  dev?: boolean;
  link?: boolean;
}

export interface Notice {
  /** Name and version. */
  name: string;
  licence: string;
  text: string;
}

const licenceFile = /^(licen[cs]e|copying|copyright|notice)/i;

const readJson = (path: string): unknown => JSON.parse(readFileSync(path, 'utf8'));

/** What the package itself says, in files of its own; empty where it says nothing. */
function readOwnText(folder: string): string {
  const names = readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isFile() && licenceFile.test(entry.name))
    .map(({ name }) => name);
  return names.map((name) => readFileSync(join(folder, name), 'utf8').trim()).join('\n\n');
}

/** The part of a README that is about the licence: there some name the holder, and others' parts. */
function readReadmeSection(folder: string): string {
  const name = readdirSync(folder).find((file) => /^readme(\.md)?$/i.test(file));
  if (name === undefined) return '';
  const text = readFileSync(join(folder, name), 'utf8');
  return /^#+ *licen[cs].*$[\s\S]*?(?=^#+ |(?![\s\S]))/im.exec(text)?.[0].trim() ?? '';
}

type Author = string | { name?: string } | undefined;

function describeHolder(folder: string): string {
  const { author, contributors = [] } = readJson(join(folder, 'package.json')) as {
    author?: Author;
    contributors?: Author[];
  };
  const nameOf = (one: Author): string => (typeof one === 'string' ? one : (one?.name ?? ''));
  const names = [author, ...contributors].map(nameOf).filter((name) => name !== '');
  return names.length > 0 ? `By ${names.join(', ')}.` : '';
}

/** The standard text of every licence in an SPDX expression; empty where one of them is unknown. */
function findStandardText(expression: string): string {
  const ids = expression.match(/[\w.+-]+/g)?.filter((word) => !/^(AND|OR|WITH)$/.test(word)) ?? [];
  const texts = ids.map((id) => spdx[id]?.licenseText.trim() ?? '');
  return texts.includes('') ? '' : texts.join('\n\n');
}

function readText(folder: string, licence: string): string {
  const own = readOwnText(folder);
  if (own !== '') return own;
  const standard = findStandardText(licence);
  if (standard === '') return '';
  return [describeHolder(folder), readReadmeSection(folder), standard].filter(Boolean).join('\n\n');
}

/**
 * The licence text of every package that is shipped, as installed here, in the lockfile's order.
 * Throws where a package comes with none, and names none that is known.
 */
export function collectNotices(root: string): Notice[] {
  const { packages } = readJson(join(root, 'package-lock.json')) as {
    packages: Record<string, LockedPackage>;
  };
  const shipped = Object.entries(packages).filter(
    ([path, { dev, link }]) => path !== '' && dev !== true && link !== true,
  );
  return shipped.flatMap(([path, { version = '', license = '' }]) => {
    const folder = join(root, path);
    // Optional packages of other platforms are not here, and not shipped from here.
    if (!existsSync(folder)) return [];
    const name = `${path.slice(path.lastIndexOf('node_modules/') + 13)} ${version}`;
    const text = readText(folder, license);
    if (text === '')
      throw new Error(`${name} has no licence text, and ${license || 'none'} is no known licence.`);
    return [{ name, licence: license, text }];
  });
}

const rule = '='.repeat(80);

/** One text for all that share it. */
export function printNotices(notices: readonly Notice[]): string {
  const byText = new Map<string, string[]>();
  for (const { name, licence, text } of notices) {
    const names = byText.get(text) ?? [];
    byText.set(text, [...names, licence === '' ? name : `${name} (${licence})`]);
  }
  const sections = [...byText].map(([text, names]) => `${rule}\n${names.join('\n')}\n\n${text}\n`);
  return `Afterimage contains these packages of others, under these licences.\n\n${sections.join('\n')}`;
}

/** Writes the notices of what is installed, for the packaged application. */
export function writeNotices(root: string): void {
  const path = join(root, noticesPath);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, printNotices(collectNotices(root)));
}
