import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, test, vi } from 'vitest';
import { installEngine } from '../../../src/main/engines/install.ts';
import { currentEngine } from '../../../src/main/engines/layout.ts';
import type * as releases from '../../../src/main/engines/releases.ts';
import type { Host } from '../../../src/main/engines/host.ts';
import type { Answer } from './fakes.ts';
import {
  catchError,
  cpuName,
  cpuPip,
  cpuWheel,
  failed,
  fakeCompiler,
  fakeHost,
  fakePip,
  libraryFiles,
  makeFolder,
  makeWheel,
  notFound,
  readFiles,
  sha256,
  succeeded,
  writeFiles,
} from './fakes.ts';

const cudaExtra = (requirement: string): string =>
  `Requires-Dist: ${requirement}; extra == "and-cuda"`;
const gpuWheel = makeWheel({
  name: 'tensorflow',
  files: libraryFiles('for CUDA'),
  requires: [
    'Requires-Dist: numpy>=1.26.0',
    cudaExtra('nvidia-cublas-cu12<13.0,>=12.5.3.2'),
    cudaExtra('nvidia-cusolver-cu12<12.0,>=11.6.3.83'),
  ],
});

// The pinned wheels are 270 MB and more; these tests pin small ones.
vi.mock('../../../src/main/engines/releases.ts', async (importOriginal) => {
  const original = await importOriginal<typeof releases>();
  return {
    ...original,
    findWheelRelease: (host: Host, gpu: boolean) => {
      const release = original.findWheelRelease(host, gpu);
      const bytes = gpu ? gpuWheel : cpuWheel;
      return release && { ...release, bytes: bytes.length, sha256: sha256(bytes) };
    },
  };
});

const cudaWheels = {
  tensorflow: {
    fileName: 'tensorflow-2.21.0-cp312-cp312-manylinux_2_27_x86_64.whl',
    bytes: gpuWheel,
  },
  'nvidia-cublas-cu12': {
    fileName: 'nvidia_cublas_cu12-12.9.3-py3-none-manylinux_2_27_x86_64.whl',
    bytes: makeWheel({
      name: 'nvidia-cublas-cu12',
      version: '12.9.3',
      files: { 'nvidia/cublas/lib/libcublas.so.12': 'cublas', 'nvidia/cublas/include/a.h': 'a' },
    }),
  },
  'nvidia-cusolver-cu12': {
    fileName: 'nvidia_cusolver_cu12-11.7.5-py3-none-manylinux_2_27_x86_64.whl',
    bytes: makeWheel({
      name: 'nvidia-cusolver-cu12',
      version: '11.7.5',
      files: { 'nvidia/cusolver/lib/libcusolver.so.11': 'cusolver' },
    }),
  },
};
const newFolder = 'native-2.21.0-cpu';

let dataDir: string;
beforeEach(() => {
  dataDir = makeFolder();
});

const currentFolder = (): unknown =>
  JSON.parse(readFileSync(join(dataDir, 'engines/current.json'), 'utf8'));

describe('an engine that is installed elsewhere', () => {
  const install = async (): Promise<string> => {
    const { folder } = await installEngine(
      { dataDir: makeFolder() },
      fakeHost({ python3: cpuPip() }),
    );
    return folder;
  };

  test('is copied as it is, without compiler and pip, and checked', async () => {
    const from = await install();
    const dataDir = makeFolder();
    const host = fakeHost({ 'g++': () => notFound, python3: () => notFound });
    const { folder, manifest } = await installEngine({ dataDir, from }, host);
    const original = JSON.parse(readFileSync(join(from, 'manifest.json'), 'utf8')) as object;
    expect({ ...manifest, installedAt: '' }).toEqual({ ...original, installedAt: '' });
    for (const name of Object.keys(manifest.files)) {
      expect(readFileSync(join(folder, name))).toEqual(readFileSync(join(from, name)));
    }
    expect(await currentEngine(dataDir)).toEqual(manifest);
  });

  test('is refused where a file has changed, is another build, or its manifest leads elsewhere', async () => {
    const from = await install();
    const attempt = (gpu?: boolean): Promise<unknown> =>
      catchError(installEngine({ dataDir: makeFolder(), from, gpu }, fakeHost()));
    expect(await attempt(true)).toMatchObject({ code: 'INVALID_ARGUMENT' });
    const path = join(from, 'manifest.json');
    const manifest = readFileSync(path, 'utf8');
    writeFileSync(path, manifest.replace('tfjs_binding.node', '../tfjs_binding.node'));
    expect(await attempt()).toMatchObject({ code: 'CORRUPT_INPUT' });
    writeFileSync(path, manifest);
    writeFileSync(join(from, 'tfjs_binding.node'), 'another');
    expect(await attempt()).toMatchObject({ code: 'CORRUPT_INPUT' });
  });
});

describe('from pip', () => {
  test('puts library and binding in place with their checksums and keeps nothing else', async () => {
    const requests: string[] = [];
    const host = fakeHost({ python3: cpuPip(requests) });
    const { folder, manifest } = await installEngine({ dataDir }, host);

    expect(folder).toBe(join(dataDir, 'engines', newFolder));
    expect(currentFolder()).toEqual({ folder: newFolder });
    expect(readdirSync(join(dataDir, 'engines')).sort()).toEqual(['current.json', newFolder]);
    const { 'manifest.json': written, ...files } = readFiles(folder);
    expect(files).toEqual({
      'tensorflow/libtensorflow_cc.so.2': 'the C interface ',
      'tensorflow/libtensorflow_framework.so.2': 'the framework ',
      'tfjs_binding.node': 'backend,binding',
    });
    expect(JSON.parse(written ?? '')).toEqual(manifest);
    expect(await currentEngine(dataDir)).toEqual(manifest);
    expect(manifest).toMatchObject({
      tensorflow: '2.21.0',
      gpu: false,
      platform: 'linux',
      arch: 'x64',
      source: cpuName,
      versions: {
        '@tensorflow/tfjs-node-gpu': '4.22.0',
        'node-api-headers': '1.9.0',
        compiler: 'g++ (Fake) 12.2.0',
      },
      files: {
        'tfjs_binding.node': { bytes: 15, sha256: sha256('backend,binding') },
      },
    });
    expect(requests).toEqual([`tensorflow-cpu==2.21.0 --hash=sha256:${sha256(cpuWheel)}`]);
  });

  test('asks for a fixed Python version, so that the machine’s own does not matter', async () => {
    const host = fakeHost({ python3: cpuPip() });
    await installEngine({ dataDir }, host);
    const download = host.calls.find((call) => call.includes('download')) ?? [];
    expect(download.join(' ')).toContain('--implementation cp --python-version 3.12');
    expect(download).toContain('manylinux_2_27_x86_64');
  });

  test('compiles against the unpacked headers with an rpath to the library', async () => {
    let headers: string[] = [];
    const compiler: Answer = (args, options) => {
      const include = args.find((arg) => arg.endsWith('build/include'));
      if (include !== undefined) headers = Object.keys(readFiles(include)).sort();
      return fakeCompiler(args, options);
    };
    const host = fakeHost({ python3: cpuPip(), 'g++': compiler });
    await installEngine({ dataDir }, host);
    expect(headers).toEqual([
      'tensorflow/c/c_api.h',
      'tensorflow/c/eager/c_api.h',
      'xla/tsl/c/tsl_status.h',
    ]);
    const compile = host.calls.find(([name, arg]) => name === 'g++' && arg === '-O2') ?? [];
    expect(compile).toContain('-Wl,-rpath,$ORIGIN/tensorflow');
    expect(compile).toContain('-DNAPI_VERSION=8');
  });

  test('reports its steps in order', async () => {
    const steps: string[] = [];
    const lines: string[] = [];
    await installEngine(
      {
        dataDir,
        onProgress: ({ step, done, total }) => {
          expect(done).toBeLessThanOrEqual(total ?? Infinity);
          if (steps.at(-1) !== step) steps.push(step);
        },
        onMessage: (line) => lines.push(line),
      },
      fakeHost({ python3: cpuPip() }),
    );
    expect(steps).toEqual([
      expect.stringMatching(/^unpack .*\.whl$/) as string,
      'compile g++',
      'check checksums',
    ]);
    expect(lines[0]).toContain('from pip');
  });

  test('a second installation replaces the first', async () => {
    const host = fakeHost({ python3: cpuPip() });
    await installEngine({ dataDir }, host);
    const { folder } = await installEngine({ dataDir }, host);
    expect(folder).toBe(join(dataDir, 'engines', `${newFolder}-2`));
    expect(currentFolder()).toEqual({ folder: `${newFolder}-2` });
    expect(existsSync(join(dataDir, 'engines', newFolder))).toBe(false);
  });

  test('keeps the download of a failed attempt and does not ask for it again', async () => {
    const broken = fakeHost({ python3: cpuPip(), engine: () => failed('', 3) });
    await catchError(installEngine({ dataDir }, broken));
    expect(readdirSync(join(dataDir, 'engines/downloads'))).toEqual([cpuName]);
    const host = fakeHost({ python3: () => failed('must not be asked') });
    await installEngine({ dataDir }, host);
    expect(existsSync(join(dataDir, 'engines/downloads'))).toBe(false);
  });

  test('does not use a download that was cut short', async () => {
    writeFiles(dataDir, { [`engines/downloads/${cpuName}`]: 'PK cut short' });
    const requests: string[] = [];
    await installEngine({ dataDir }, fakeHost({ python3: cpuPip(requests) }));
    expect(requests).toHaveLength(1);
  });
});

describe('with CUDA', () => {
  test('unpacks the run-time libraries where TensorFlow looks for them', async () => {
    const requests: string[] = [];
    const host = fakeHost({ python3: fakePip(cudaWheels, requests) });
    const { folder, manifest } = await installEngine({ dataDir, gpu: true }, host);
    expect(folder).toBe(join(dataDir, 'engines/native-2.21.0-gpu'));
    expect(manifest.gpu).toBe(true);
    expect(Object.keys(manifest.files)).toEqual([
      'nvidia/cublas/lib/libcublas.so.12',
      'nvidia/cusparse/lib/libcusolver.so.11',
      'tensorflow/libtensorflow_cc.so.2',
      'tensorflow/libtensorflow_framework.so.2',
      'tfjs_binding.node',
    ]);
    expect(requests.slice(1)).toEqual([
      'nvidia-cublas-cu12<13.0,>=12.5.3.2',
      'nvidia-cusolver-cu12<12.0,>=11.6.3.83',
    ]);
  });

  test('continues after the wheels that an interrupted attempt downloaded', async () => {
    const { tensorflow, 'nvidia-cublas-cu12': cublas } = cudaWheels;
    const first = fakeHost({ python3: fakePip({ tensorflow, 'nvidia-cublas-cu12': cublas }) });
    const error = await catchError(installEngine({ dataDir, gpu: true }, first));
    expect(error.message).toContain('nvidia-cusolver-cu12');
    const requests: string[] = [];
    const second = fakeHost({ python3: fakePip(cudaWheels, requests) });
    await installEngine({ dataDir, gpu: true }, second);
    expect(requests).toEqual(['nvidia-cusolver-cu12<12.0,>=11.6.3.83']);
  });

  test('is the default where nvidia-smi lists a GPU', async () => {
    const python3 = fakePip({
      ...cudaWheels,
      'tensorflow-cpu': { fileName: cpuName, bytes: cpuWheel },
    });
    const card = succeeded('NVIDIA RTX 5000, 16384, 550.1, 7.5\n');
    const withCard = fakeHost({ python3, 'nvidia-smi': () => card });
    expect((await installEngine({ dataDir }, withCard)).manifest.gpu).toBe(true);
    const broken = fakeHost({ python3, 'nvidia-smi': () => failed('no driver', 9) });
    expect((await installEngine({ dataDir }, broken)).manifest.gpu).toBe(false);
  });

  test('is refused where TensorFlow publishes no CUDA build', async () => {
    const host = fakeHost({ python3: cpuPip() }, { arch: 'arm64' });
    const error = await catchError(installEngine({ dataDir, gpu: true }, host));
    expect(error.code).toBe('ENGINE_UNAVAILABLE');
    expect(error.message).toContain('linux arm64');
  });
});

describe('from what the user names', () => {
  const tarballFiles = {
    'lib/libtensorflow.so.2': 'the C interface',
    'lib/libtensorflow_framework.so.2': 'the framework',
    'include/tensorflow/c/c_api.h': '// C interface',
    'include/tensorflow/core/other.h': '// not needed',
  };

  test.each(['folder', 'tarball', 'wheel'])('a %s', async (kind) => {
    const given = makeFolder();
    let from = join(given, 'unpacked');
    writeFiles(from, tarballFiles);
    if (kind === 'tarball') {
      execFileSync('tar', ['-czf', join(given, 'libtensorflow.tar.gz'), '-C', from, '.']);
      from = join(given, 'libtensorflow.tar.gz');
    }
    if (kind === 'wheel') {
      from = join(given, cpuName);
      writeFileSync(from, cpuWheel);
    }
    const { folder, manifest } = await installEngine({ dataDir, from }, fakeHost());
    expect(manifest.source).toBe(kind === 'folder' ? from : from.slice(given.length + 1));
    const name = kind === 'wheel' ? 'libtensorflow_cc.so.2' : 'libtensorflow.so.2';
    expect(Object.keys(manifest.files)).toEqual([
      `tensorflow/${name}`,
      'tensorflow/libtensorflow_framework.so.2',
      'tfjs_binding.node',
    ]);
    expect(readFileSync(join(folder, 'tensorflow', name), 'utf8')).toContain('the C interface');
  });

  test('a folder of Python packages', async () => {
    const from = makeFolder();
    writeFiles(from, libraryFiles());
    const { manifest } = await installEngine({ dataDir, from }, fakeHost());
    expect(Object.keys(manifest.files)).toContain('tensorflow/libtensorflow_cc.so.2');
  });

  test('nothing else is taken if it is of no use', async () => {
    const python3 = cpuPip();
    const empty = makeFolder();
    const host = fakeHost({ python3 });
    const error = await catchError(installEngine({ dataDir, from: empty }, host));
    expect(error.code).toBe('INVALID_ARGUMENT');
    expect(error.message).toContain(empty);
    expect(error.message).toContain('libtensorflow_cc.so.2');
    expect(host.calls.some(([name]) => name === 'python3')).toBe(false);
  });

  test('a path that is not there, or is something else', async () => {
    const folder = makeFolder();
    writeFiles(folder, { 'notes.txt': 'text' });
    const missing = await catchError(
      installEngine({ dataDir, from: join(folder, 'no.whl') }, fakeHost()),
    );
    expect(missing.code).toBe('NOT_FOUND');
    const other = await catchError(
      installEngine({ dataDir, from: join(folder, 'notes.txt') }, fakeHost()),
    );
    expect(other.code).toBe('INVALID_ARGUMENT');
  });
});

describe('what is missing', () => {
  test.each([
    ['linux', 'ID=ubuntu\nID_LIKE=debian', 'sudo apt install g++ python3-pip'],
    ['linux', 'ID="fedora"\n', 'sudo dnf install gcc-c++ python3-pip'],
    ['darwin', '', 'xcode-select --install'],
  ] as const)('no compiler on %s %j: %s', async (platform, release, command) => {
    const host = fakeHost(
      { 'g++': () => notFound, python3: cpuPip() },
      { platform, osRelease: () => Promise.resolve(release) },
    );
    const error = await catchError(installEngine({ dataDir }, host));
    expect(error.code).toBe('ENGINE_UNAVAILABLE');
    expect(error.message).toContain('no C++ compiler');
    expect(error.remedy).toContain(command);
    expect(host.calls.some(([name]) => name === 'python3')).toBe(false);
  });

  test('no Python and no network: both reasons, and the command that installs Python', async () => {
    const lines: string[] = [];
    const error = await catchError(
      installEngine({ dataDir, onMessage: (line) => lines.push(line) }, fakeHost()),
    );
    expect(error.code).toBe('ENGINE_UNAVAILABLE');
    expect(error.message).toContain('pip: There is no Python with pip');
    expect(error.message).toContain('libtensorflow: https://');
    expect(error.message).toContain('no route');
    expect(error.remedy).toContain('sudo apt install g++ python3-pip');
    expect(lines.filter((line) => line.startsWith('Taking'))).toHaveLength(2);
  });

  test('no network at all', async () => {
    const offline: Answer = (args) =>
      args.includes('--version')
        ? succeeded('pip')
        : failed(
            'WARNING: Retrying after connection broken by NewConnectionError\nERROR: No matching distribution found for tensorflow-cpu==2.21.0',
          );
    const error = await catchError(installEngine({ dataDir }, fakeHost({ python3: offline })));
    expect(error.code).toBe('NO_NETWORK');
    expect(error.remedy).toContain('--from');
  });

  test('the binding’s package', async () => {
    const host = fakeHost({ python3: cpuPip() }, { findPackage: () => null });
    const error = await catchError(installEngine({ dataDir }, host));
    expect(error.code).toBe('ENGINE_UNAVAILABLE');
    expect(error.message).toContain('@tensorflow/tfjs-node-gpu is not installed');
  });
});

describe('on Windows', () => {
  test('says that the embedded engine stays', async () => {
    const error = await catchError(installEngine({ dataDir }, fakeHost({}, { platform: 'win32' })));
    expect(error.code).toBe('ENGINE_UNAVAILABLE');
    expect(error.message).toContain('embedded engine');
  });

  test('takes the package’s own library', async () => {
    const home = makeFolder();
    writeFiles(home, {
      'lib/napi-v8/tfjs_binding.node': 'binding',
      'lib/napi-v8/tensorflow.dll': 'library',
    });
    const host = fakeHost({}, { platform: 'win32', findPackage: () => home });
    const { manifest } = await installEngine({ dataDir }, host);
    expect(Object.keys(manifest.files)).toEqual(['tensorflow.dll', 'tfjs_binding.node']);
    expect(manifest.platform).toBe('win32');
  });
});
