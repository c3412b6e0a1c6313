import { expect, test } from 'vitest';
import { machine } from '../../../src/main/engines/host.ts';

const node = process.execPath;

test('runs a program and keeps what it writes', async () => {
  const code = 'console.log(process.env.A_TEST); console.error("words"); process.exitCode = 3';
  const result = await machine.run(node, ['-e', code], { env: { A_TEST: 'value' } });
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
  expect(await machine.run('no-such-program', [])).toMatchObject({ code: null, notFound: true });
});

test('ends a program that takes too long, and one that is cancelled', async () => {
  const forever = ['-e', 'setInterval(() => {}, 1000)'];
  const result = await machine.run(node, forever, { timeoutMs: 300 });
  expect(result).toMatchObject({ code: null, signal: 'SIGKILL', timedOut: true });
  const signal = AbortSignal.timeout(300);
  await expect(machine.run(node, forever, { signal })).rejects.toThrow(/timeout/);
});

test('finds installed packages, and none that are not', () => {
  expect(machine.findPackage('zod')).toMatch(/node_modules.zod$/);
  expect(machine.findPackage('no-such-package')).toBeNull();
});
