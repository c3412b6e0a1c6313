import { spawnSync } from 'node:child_process';
import type { TestContext } from 'vitest';

/** Programs that check our files, and the Debian packages that they come in. */
const packages = {
  pdfinfo: 'poppler-utils',
  pdffonts: 'poppler-utils',
  pdftoppm: 'poppler-utils',
  pdftotext: 'poppler-utils',
  mutool: 'mupdf-tools',
  xmllint: 'libxml2-utils',
  identify: 'imagemagick',
  pdflatex: 'texlive-latex-recommended, texlive-latex-extra',
} as const;
export type Tool = keyof typeof packages;

/** Skips the test, saying why, where a program is missing. */
export function needTool({ skip }: Pick<TestContext, 'skip'>, tool: Tool): void {
  const { error } = spawnSync(tool, ['--version']);
  skip(error !== undefined, `${tool} is missing (Debian: ${packages[tool]})`);
}

/** What a program prints; throws with its words if it fails. */
export function runTool(tool: Tool, args: readonly string[], cwd?: string): string {
  const { status, stdout, stderr, error } = spawnSync(tool, args, { cwd, encoding: 'utf8' });
  if (error) throw error;
  if (status !== 0) throw new Error(`${tool} ended with ${String(status)}: ${stderr}${stdout}`);
  return stdout;
}
