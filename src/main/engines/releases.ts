import type { Host } from './host.ts';

/** A wheel of TensorFlow that holds its C library, pinned. The library does not depend on Python. */
export interface WheelRelease {
  /** `name==version` for pip. */
  requirement: string;
  fileName: string;
  /** Platform tags for pip, the preferred first. */
  platformTags: readonly string[];
  bytes: number;
  sha256: string;
}

/** A tarball of TensorFlow's C library as its makers publish it. */
export interface TarballRelease {
  url: string;
  sha256: string;
}

/** Any interpreter version may download the wheels of this one. */
export const wheelPythonVersion = '3.12';

/** CUDA's wheels ask for any C library between glibc 2.17 and the 2.27 that TensorFlow needs. */
const linuxTags = (arch: string): string[] => [
  ...Array.from({ length: 11 }, (_, i) => `manylinux_2_${27 - i}_${arch}`),
  `manylinux2014_${arch}`,
];

const wheel = (
  name: string,
  platformTags: readonly string[],
  bytes: number,
  sha256: string,
): WheelRelease => ({
  requirement: `${name}==2.21.0`,
  fileName: `${name.replaceAll('-', '_')}-2.21.0-cp312-cp312-${platformTags[0] ?? ''}.whl`,
  platformTags,
  bytes,
  sha256,
});

const wheels: Record<string, WheelRelease> = {
  'linux-x64-cpu': wheel(
    'tensorflow-cpu',
    linuxTags('x86_64'),
    274_000_871,
    'dcc8afd32930e42d5296b6ee19078b773706830af4ea97fbe503b9f5e0f820cb',
  ),
  'linux-x64-gpu': wheel(
    'tensorflow',
    linuxTags('x86_64'),
    572_611_111,
    'b3b95643c4e70eb925839938fb35cbe142f317ec84af6844ee61513713bb13c0',
  ),
  'linux-arm64-cpu': wheel(
    'tensorflow',
    linuxTags('aarch64'),
    281_946_471,
    'b07d15737406533898e36c7ef7944b1be18e9028dc521b9229952c537bbc5552',
  ),
  'darwin-arm64-cpu': wheel(
    'tensorflow',
    ['macosx_12_0_arm64'],
    223_488_205,
    '56ecd7d47429acbe1df2694d50b75bf9fc3995ac92cb367cd9af6c4780ead712',
  ),
};

const tarball = (name: string, sha256: string): TarballRelease => ({
  url: `https://storage.googleapis.com/tensorflow/versions/2.18.0/libtensorflow-${name}.tar.gz`,
  sha256,
});

/** 2.18 is the last version that TensorFlow's makers published as a C library. */
const tarballs: Record<string, TarballRelease> = {
  'linux-x64-cpu': tarball(
    'cpu-linux-x86_64',
    '605bfcb370c7e7ec981eabada880f60784e3de018395be95c95c3e5592c3d9a2',
  ),
  'linux-x64-gpu': tarball(
    'gpu-linux-x86_64',
    '6ca25aae03548cf76f6f68f00bdf53ec39710f08cee23bf6419b9e6e27feca5c',
  ),
  'darwin-arm64-cpu': tarball(
    'cpu-darwin-arm64',
    '462257d2792730dcb131fcf21bc826192ae5a2c418535f6347d051f10fc8be8a',
  ),
};

const keyOf = (host: Host, gpu: boolean): string =>
  `${host.platform}-${host.arch}-${gpu ? 'gpu' : 'cpu'}`;

/** The wheel for a machine; undefined where TensorFlow publishes none. */
export const findWheelRelease = (host: Host, gpu: boolean): WheelRelease | undefined =>
  wheels[keyOf(host, gpu)];

/** The tarball for a machine; undefined where TensorFlow publishes none. */
export const findTarballRelease = (host: Host, gpu: boolean): TarballRelease | undefined =>
  tarballs[keyOf(host, gpu)];

/** TensorFlow publishes CUDA builds for this platform only. */
export const supportsGpu = (host: Host): boolean => findWheelRelease(host, true) !== undefined;

interface LibraryNames {
  /** The C interface, the first that is there. */
  main: readonly string[];
  framework: string;
}

/** File names of TensorFlow's library: a wheel's, then a tarball's. */
export const libraryNames = (host: Host): LibraryNames =>
  host.platform === 'darwin'
    ? {
        main: ['libtensorflow_cc.2.dylib', 'libtensorflow.2.dylib'],
        framework: 'libtensorflow_framework.2.dylib',
      }
    : {
        main: ['libtensorflow_cc.so.2', 'libtensorflow.so.2'],
        framework: 'libtensorflow_framework.so.2',
      };
