import { spawn } from 'node:child_process';
import { availableParallelism } from 'node:os';

/**
 * `npm run check:static`: types, lint and format. Each of them works on one thread, so as many run side by
 * side as there are cores; what one says is printed in one piece, and all have said it before this fails.
 */

/** The longest first. */
const commands = [
  ...['eslint .', 'prettier --check .', 'vue-tsc -p src/renderer', 'oxlint --type-aware'],
  'tsc -p .',
];

/** Runs a command of a package to its end. @returns whether it was content */
function run(command: string): Promise<boolean> {
  const child = spawn(command, { shell: true, stdio: ['ignore', 'pipe', 'pipe'] });
  const said: Buffer[] = [];
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk: Buffer) => said.push(chunk));
  }
  return new Promise((resolve) => {
    child.on('close', (code) => {
      process.stdout.write(`> ${command}\n${Buffer.concat(said).toString()}`);
      resolve(code === 0);
    });
  });
}

/** Takes commands until none is left. @returns whether all were content */
async function work(): Promise<boolean> {
  let areContent = true;
  for (let next = commands.shift(); next !== undefined; next = commands.shift()) {
    areContent = (await run(next)) && areContent;
  }
  return areContent;
}

const workers = Array.from({ length: Math.min(commands.length, availableParallelism()) }, work);
if ((await Promise.all(workers)).includes(false)) process.exitCode = 1;
