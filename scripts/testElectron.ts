/** `npm run test:electron`: the end-to-end suite in Electron itself, wherever its binary is. */
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { ensureShell } from './builds.ts';
import { electronAdvice, findElectron } from './electronBinary.ts';

if (findElectron() === null) {
  console.error(`Skipped: Electron's binary is not here. ${electronAdvice}`);
} else {
  await ensureShell();
  const vitest = fileURLToPath(import.meta.resolve('vitest/vitest.mjs'));
  const { status } = spawnSync(process.execPath, [vitest, 'run', '-c', 'vitest.e2e.config.ts'], {
    stdio: 'inherit',
    env: { ...process.env, AFTERIMAGE_HOST: 'electron' },
  });
  process.exitCode = status ?? 1;
}
