import { expect, test } from 'vitest';
import { mustAskForOneDnn } from '../../../../../src/main/learning/engine/native/oneDnn.ts';

const cpuInfo = (flags: string): string =>
  `processor\t: 0\nmodel name\t: Some CPU\nflags\t\t: fpu ${flags} hypervisor\nbugs\t\t: none\n`;

test.each([
  ['AVX2 alone', cpuInfo('avx avx2'), true],
  ['AVX VNNI, where TensorFlow uses it by itself', cpuInfo('avx avx2 avx_vnni'), false],
  ['AVX-512 VNNI, likewise', cpuInfo('avx2 avx512f avx512_vnni'), false],
  ['AVX-512 without VNNI, which was not measured', cpuInfo('avx avx2 avx512f'), false],
  ['AVX alone, which was not measured', cpuInfo('avx'), false],
  ['a processor that is no x86', 'processor\t: 0\nFeatures\t: fp asimd\n', false],
  ['no Linux', '', false],
])('oneDNN is asked for: %s', (_, text, expected) => {
  expect(mustAskForOneDnn(text)).toBe(expected);
});
