import { expect, test } from 'vitest';
import { runCommand } from '../../../src/main/platform/commands.ts';

const node = process.execPath;

test('runs a program and keeps what it writes', async () => {
  const code = 'console.log(process.env.A_TEST); console.error("words"); process.exitCode = 3';
  const result = await runCommand(node, ['-e', code], { env: { A_TEST: 'value' } });
  expect(result).toEqual({
    code: 3,
    signal: null,
    stdout: 'value\n',
    stderr: 'words\n',
    notFound: false,
    timedOut: false,
  });
});

test('a program that is not there', async () => {
  expect(await runCommand('no-such-program', [])).toMatchObject({ code: null, notFound: true });
});

test('ends a program that takes too long, and one that is cancelled', async () => {
  const forever = ['-e', 'setInterval(() => {}, 1000)'];
  const result = await runCommand(node, forever, { timeoutMs: 300 });
  expect(result).toMatchObject({ code: null, signal: 'SIGKILL', timedOut: true });
  const signal = AbortSignal.timeout(300);
  await expect(runCommand(node, forever, { signal })).rejects.toThrow(/timeout/);
});
