/** What a packaged application may hold and must, from the names of its files alone. */

export interface PackagedFile {
  /** From the root of the archive, with slashes. */
  path: string;
  bytes: number;
  /** Whether it lies beside the archive, where the system and compilers can read it. */
  isUnpacked: boolean;
}

/** An unpacked archive of more is a mistake: something was packed that nobody loads. */
const mostBytes = 700e6;

/** What is built for the application; the folder around it also has pictures and reports of tests. */
const built =
  /^(?:package\.json|out\/(?:main|core|shared|preload|renderer)\/.*|out\/package\.js|out\/THIRD-PARTY-NOTICES\.txt)$/;
const inPackage = /^node_modules\//;
const sources = /\.(?:ts|mts|cts|map)$/;
const isForDevelopers = (path: string): boolean =>
  sources.test(path) || !(built.test(path) || inPackage.test(path));

/** Without these the application does not start. */
const needed = [
  'package.json',
  'out/package.js',
  'out/main/index.js',
  'out/main/cli.js',
  'out/preload/index.cjs',
  'out/renderer/index.html',
  'out/main/workbench/figureThread.js',
  'out/main/workbench/exportThread.js',
  'out/main/learning/trainerProcess.js',
];

const packageOf = (path: string): string | null =>
  /^(?:.*\/)?node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(path)?.[1] ?? null;

const some = (what: string, paths: readonly string[]): string[] =>
  paths.length === 0
    ? []
    : [
        `${what}: ${paths.slice(0, 3).join(', ')}${paths.length > 3 ? `, and ${paths.length - 3} more` : ''}`,
      ];

/**
 * What is wrong with a packaged application, a line each; nothing where it is well.
 *
 * @param tools packages that only developers need
 */
export function findFaults(files: readonly PackagedFile[], tools: ReadonlySet<string>): string[] {
  const paths = files.map(({ path }) => path);
  const known = new Set(paths);
  const own = paths.filter(isForDevelopers);
  const ofTools = paths.filter((path) => tools.has(packageOf(path) ?? ''));
  const native = files.filter(({ path }) => path.endsWith('.node'));
  const bytes = files.reduce((sum, file) => sum + file.bytes, 0);
  return [
    ...some('files of development', own),
    ...some('packages of development', ofTools),
    ...some(
      'missing',
      needed.filter((path) => !known.has(path)),
    ),
    ...some(
      'native modules inside the archive, which no system loads',
      native.filter(({ isUnpacked }) => !isUnpacked).map(({ path }) => path),
    ),
    ...(native.some(({ path }) => path.includes('better-sqlite3'))
      ? []
      : ['the native module of better-sqlite3 is missing']),
    ...(bytes > mostBytes ? [`${(bytes / 1e6).toFixed(0)} MB, more than ${mostBytes / 1e6}`] : []),
  ];
}
