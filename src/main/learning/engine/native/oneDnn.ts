import { readFile } from 'node:fs/promises';

/**
 * Whether TensorFlow has to be asked for oneDNN's kernels: on x86 processors with AVX2 alone, as in most
 * laptops, where a step without them takes a quarter longer (bench/README.md). With AVX VNNI or AVX-512 VNNI
 * TensorFlow uses them by itself; AVX-512 without VNNI was not measured and is left as it is.
 *
 * @param cpuInfo as Linux tells it in /proc/cpuinfo
 */
export function mustAskForOneDnn(cpuInfo: string): boolean {
  const flags = new Set(/^flags\s*:(.*)$/m.exec(cpuInfo)?.[1]?.split(' '));
  return flags.has('avx2') && !flags.has('avx512f') && !flags.has('avx_vnni');
}

const variable = 'TF_ENABLE_ONEDNN_OPTS';

/**
 * Asks for oneDNN in this process before TensorFlow is loaded, unless the user's own environment has said
 * whether to use it. False where that changes nothing.
 */
export async function askForOneDnn(): Promise<boolean> {
  if (process.env[variable] !== undefined) return false;
  const cpuInfo = await readFile('/proc/cpuinfo', 'utf8').catch(() => '');
  if (!mustAskForOneDnn(cpuInfo)) return false;
  process.env[variable] = '1';
  return true;
}
