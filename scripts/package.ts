/**
 * `npm run package`: installers for this platform in dist; `-- --dir` makes only the unpacked
 * application, `-- --check` says what is wrong with what would be packed, without Electron's binary. Each platform
 * packages for itself, because native modules come for the platform that they were installed on.
 */
import { dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import { build } from 'electron-builder';
import { configuration } from '../electron-builder.config.ts';
import { ensureShell } from './builds.ts';
import { checkPackage } from './checkPackage.ts';
import { electronAdvice, findElectron } from './electronBinary.ts';
import { writeNotices } from './notices.ts';

const { values } = parseArgs({
  options: {
    dir: { type: 'boolean', default: false },
    check: { type: 'boolean', default: false },
  },
});
const root = join(import.meta.dirname, '..');

const needs = `Packaging needs
- Electron's binary for this platform: ${electronAdvice}
- for installers (not with --dir), tools that electron-builder fetches from github.com at first use
- on macOS, a Developer ID certificate in the keychain for a signed application (else it is unsigned)`;

/** The folder that Electron is unpacked in: on macOS its binary lies inside the application. */
const distOf = (binary: string): string =>
  process.platform === 'darwin' ? binary.replace(/\/Electron\.app\/.*$/, '') : dirname(binary);

async function check(): Promise<void> {
  const { faults, bytes } = await checkPackage();
  console.error(
    `${(bytes / 1e6).toFixed(0)} MB without Electron. ${faults.length === 0 ? 'Nothing is wrong.' : ''}`,
  );
  for (const fault of faults) console.error(`- ${fault}`);
  if (faults.length > 0) process.exitCode = 1;
}

const electron = findElectron();
if (values.check) {
  await check();
} else if (electron === null) {
  console.error(`Electron's binary is not here.\n\n${needs}`);
  process.exitCode = 1;
} else {
  await ensureShell();
  writeNotices(root);
  try {
    const made = await build({
      config: { ...configuration, electronDist: distOf(electron) },
      dir: values.dir,
    });
    console.error(made.map((path) => `Made ${path}`).join('\n'));
  } catch (error) {
    console.error(`${error instanceof Error ? error.message : String(error)}\n\n${needs}`);
    process.exitCode = 1;
  }
}
