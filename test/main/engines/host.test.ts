import { expect, test } from 'vitest';
import { machine } from '../../../src/main/engines/host.ts';

test('finds installed packages, and none that are not', () => {
  expect(machine.findPackage('zod')).toMatch(/node_modules.zod$/);
  expect(machine.findPackage('no-such-package')).toBeNull();
});
