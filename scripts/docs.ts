import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { format, resolveConfig } from 'prettier';
import { writeAudit } from './docs/audit.ts';
import { writeCalls } from './docs/calls.ts';
import { writeConfiguration } from './docs/configuration.ts';
import { writeExplainers } from './docs/explainers.ts';
import { writeMetrics } from './docs/metrics.ts';

/**
 * `npm run docs`: the manuals in `docs/` that are written from the code, so that they say what it does.
 * Another one is an entry here; a test fails where a file is stale.
 */
const writers: Readonly<Record<string, () => string | Promise<string>>> = {
  'docs/audit.md': writeAudit,
  'docs/calls.md': writeCalls,
  'docs/configuration.md': writeConfiguration,
  'docs/explainers.md': writeExplainers,
  'docs/metrics.md': writeMetrics,
};

const root = join(import.meta.dirname, '..');

/** Each file's path and what it is to hold. */
export async function writeManuals(): Promise<{ path: string; text: string }[]> {
  return Promise.all(
    Object.entries(writers).map(async ([name, write]) => {
      const path = join(root, name);
      const options = { ...(await resolveConfig(path)), filepath: path };
      const notice = '<!-- Written by `npm run docs`; change the code that it is written from. -->';
      return { path, text: await format(`${notice}\n\n${await write()}\n`, options) };
    }),
  );
}

if (import.meta.main) {
  for (const { path, text } of await writeManuals()) {
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, text);
  }
}
