import { spawnSync } from 'node:child_process';
import type { TestContext } from 'vitest';

/** The Python that tests of what it reads use. */
export const python = process.env['AFTERIMAGE_PYTHON'] ?? 'python3';

/** Modules by the packages that they come in. */
const packages: Readonly<Record<string, string>> = {
  numpy: 'numpy',
  pandas: 'pandas',
  torch: 'torch',
  pyarrow: 'pyarrow',
  onnxruntime: 'onnxruntime',
  tensorboard: 'tensorboard',
};

/** Finds a module without loading it, which for some takes seconds. */
const find = (name: string): string =>
  `import importlib.util, sys; sys.exit(importlib.util.find_spec('${name}') is None)`;

const known = new Map<string, boolean>();

/** Whether there is a Python that has modules. */
export function hasModules(...modules: readonly string[]): boolean {
  return modules.every((name) => {
    const found = known.get(name) ?? spawnSync(python, ['-c', find(name)]).status === 0;
    known.set(name, found);
    return found;
  });
}

/** Skips the test, saying why, where Python or what it needs is missing. */
export function needPython(
  { skip }: Pick<TestContext, 'skip'>,
  ...modules: readonly string[]
): void {
  const names = modules.map((name) => packages[name] ?? name).join(' ');
  skip(
    !hasModules(...modules),
    `${python} with ${names} is missing (pip install ${names}; AFTERIMAGE_PYTHON names another Python)`,
  );
}

/** What a script that is given JSON answers with, JSON too; throws with its words if it fails. */
export function runPython(script: string, input: unknown): unknown {
  const { status, stdout, stderr, error } = spawnSync(python, [script], {
    input: JSON.stringify(input),
    encoding: 'utf8',
    maxBuffer: 2 ** 28,
  });
  if (error) throw error;
  if (status !== 0) throw new Error(`${script} ended with ${String(status)}: ${stderr}`);
  return JSON.parse(stdout);
}
