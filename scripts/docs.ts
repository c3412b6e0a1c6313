/**
 * Writes the reference in `docs/` from what it describes: `npm run docs`. A test fails where a file there
 * is not what this would write.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { format, resolveConfig } from 'prettier';
import { writeCalls } from './docs/calls.ts';
import { writeMetrics } from './docs/metrics.ts';

const root = fileURLToPath(new URL('..', import.meta.url));

/** By their paths in the project. */
const writers: Record<string, () => string> = {
  'docs/calls.md': writeCalls,
  'docs/metrics.md': writeMetrics,
};

/** Each file of the reference with the text that it should have. */
export async function buildReference(): Promise<{ path: string; text: string }[]> {
  const options = await resolveConfig(`${root}docs/metrics.md`);
  return Promise.all(
    Object.entries(writers).map(async ([name, write]) => ({
      path: `${root}${name}`,
      text: await format(write(), { ...options, parser: 'markdown' }),
    })),
  );
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  for (const { path, text } of await buildReference()) {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
  }
}
