/**
 * From `npm start` to the first paint, and what the page is made of: `npx node bench/window/startUp.ts`
 * (about 2 min). Figures: bench/window.md.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { build } from 'vite';
import type { Rolldown } from 'vite';
import { ensureRenderer } from '../../scripts/builds.ts';
import { launchBrowser } from '../../test/support/browser.ts';
import { startWorkbenchServer } from '../../test/support/workbenchServer.ts';
import { print, printHead, printMachine, repeat, spread } from '../measure.ts';
import { fillFolder } from './folder.ts';
import { installMeter } from './meter.ts';

const starts = 10;
const root = join(import.meta.dirname, '../..');
const inKb = (bytes: number): string => (bytes / 1000).toFixed(1);

/** Times of one start, ms from the command; the browser is there already, as a researcher's is. */
async function startOnce(
  dataDir: string,
): Promise<{ address: number; paint: number; whole: number }> {
  const browser = await launchBrowser();
  const page = await browser.newPage();
  await page.addInitScript(installMeter);
  const began = performance.now();
  const server = await startWorkbenchServer(dataDir);
  const address = performance.now() - began;
  await page.goto(server.url);
  await page
    .getByText(/experiment|seed \d/)
    .first()
    .waitFor();
  const whole = performance.now() - began;
  const paint = await page.evaluate(
    () => performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? 0,
  );
  await browser.close();
  await server.stop();
  return { address, paint: address + paint, whole };
}

async function measureStarts(name: string, dataDir: string): Promise<void> {
  const times = [];
  for (let i = 0; i < starts; i += 1) times.push(await startOnce(dataDir));
  print(`npm start to its address, ${name}`, spread(times.map(({ address }) => address)));
  print(`npm start to the first paint, ${name}`, spread(times.map(({ paint }) => paint)));
  print(`npm start to what is stored, ${name}`, spread(times.map(({ whole }) => whole)));
}

/** Scripts and styles that the page has loaded when its first view stands, by file name. */
async function listFirstLoad(dataDir: string): Promise<Set<string>> {
  const server = await startWorkbenchServer(dataDir);
  const browser = await launchBrowser();
  const page = await browser.newPage();
  await page.goto(server.url);
  await page
    .getByText(/experiment|seed \d/)
    .first()
    .waitFor();
  const names = await page.evaluate(() =>
    performance.getEntriesByType('resource').map(({ name }) => name.split('/').at(-1) ?? ''),
  );
  await browser.close();
  await server.stop();
  return new Set(names);
}

/** Where a module comes from: the name of a package, or our own part. */
function originOf(module: string): string {
  const packages = module.split('node_modules/').slice(1);
  const own = /src\/(renderer|shared)/.exec(module)?.[1];
  const name = /^(@[^/]+\/[^/]+|[^/]+)/.exec(packages.at(-1) ?? '')?.[1];
  return name ?? (own === undefined ? 'bundler’s own' : `src/${own}`);
}

interface Sizes {
  first: number;
  all: number;
}

/** Minified bytes by origin: of what the first view loads, and of everything. */
async function listOrigins(firstLoad: ReadonlySet<string>): Promise<Map<string, Sizes>> {
  const built = (await build({
    configFile: join(root, 'vite.config.ts'),
    logLevel: 'silent',
    build: { write: false },
  })) as Rolldown.RolldownOutput;
  const origins = new Map<string, Sizes>();
  for (const part of built.output) {
    if (part.type !== 'chunk') continue;
    const modules = Object.entries(part.modules);
    const rendered = modules.reduce((sum, [, { renderedLength }]) => sum + renderedLength, 0);
    for (const [id, { renderedLength }] of modules) {
      const sizes = origins.get(originOf(id)) ?? { first: 0, all: 0 };
      // Modules are counted before minification: each gets its share of the chunk's bytes after it.
      const bytes = rendered === 0 ? 0 : (renderedLength / rendered) * part.code.length;
      sizes.all += bytes;
      if (firstLoad.has(part.fileName.split('/').at(-1) ?? '')) sizes.first += bytes;
      origins.set(originOf(id), sizes);
    }
  }
  return origins;
}

function reportFiles(firstLoad: ReadonlySet<string>): void {
  const folder = join(root, 'out/renderer/assets');
  const files = readdirSync(folder).map((name) => {
    const bytes = readFileSync(join(folder, name));
    return { name, plain: bytes.length, packed: gzipSync(bytes).length };
  });
  const sum = (kind: string, chosen: (name: string) => boolean): [string, string] => {
    const own = files.filter(({ name }) => name.endsWith(kind) && chosen(name));
    const total = (key: 'plain' | 'packed'): number =>
      own.reduce((all, file) => all + file[key], 0);
    return [inKb(total('plain')), inKb(total('packed'))];
  };
  printHead('Built page', 'kB', 'kB, gzip');
  const isFirst = (name: string): boolean => firstLoad.has(name);
  print('scripts of the first view', ...sum('.js', isFirst));
  print('styles of the first view', ...sum('.css', isFirst));
  print('all scripts', ...sum('.js', () => true));
  print('all styles', ...sum('.css', () => true));
  const largest = files
    .filter(({ name }) => name.endsWith('.js') && !isFirst(name))
    .toSorted((a, b) => b.packed - a.packed)
    .slice(0, 5);
  for (const { name, plain, packed } of largest) {
    print(`later: ${name.replace(/-[^-]+\.js$/, '')}`, inKb(plain), inKb(packed));
  }
}

await ensureRenderer();
const folder = mkdtempSync(join(tmpdir(), 'afterimage-bench-'));
const [empty, full] = [join(folder, 'empty'), join(folder, 'full')];
await fillFolder(full, { runs: 1000, epochs: 30, exampleEpochs: 0 });
printMachine();
printHead('Start', 'ms, p50 / p95');
const bare = repeat(starts, () => spawnSync(process.execPath, ['--eval', '0']));
print('Node itself, to its end', spread(bare));
await measureStarts('nothing stored', empty);
await measureStarts('1,000 runs', full);
const firstLoad = await listFirstLoad(full);
reportFiles(firstLoad);
printHead('By origin', 'first view, kB', 'all, kB');
const origins = [...(await listOrigins(firstLoad))].toSorted(([, a], [, b]) => b.all - a.all);
for (const [name, { first, all }] of origins.filter(([, sizes]) => sizes.all >= 2000)) {
  print(name, inKb(first), inKb(all));
}
rmSync(folder, { recursive: true });
console.log('');
printMachine();
