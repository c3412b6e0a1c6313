import { existsSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium } from 'playwright-core';
import type { Browser } from 'playwright-core';

/**
 * Unpacks the Chromium that npm brings into `folder`, with its libraries and fonts. The package
 * unpacks below the folder for temporary files, and its libraries only where this variable names the
 * runtime that it is made for; it reads both when it is loaded and when it unpacks.
 */
async function unpackChromium(folder: string): Promise<void> {
  const { env } = process;
  const before = { ...env };
  Object.assign(env, { TMPDIR: folder, AWS_LAMBDA_JS_RUNTIME: 'nodejs24.x' });
  try {
    const { default: sparticuz } = await import('@sparticuz/chromium');
    await sparticuz.executablePath();
  } finally {
    for (const name of Object.keys(env)) if (!(name in before)) Reflect.deleteProperty(env, name);
    Object.assign(env, before);
  }
}

const packageFile = join(
  import.meta.dirname,
  '../../node_modules/@sparticuz/chromium/package.json',
);

/** Folder of the unpacked Chromium, one for each version of its package. */
async function findChromium(): Promise<string> {
  const { version } = JSON.parse(readFileSync(packageFile, 'utf8')) as { version: string };
  const folder = join(tmpdir(), `afterimage-chromium-${version}`);
  if (existsSync(folder)) return folder;
  // Unpacked aside and then moved, so that nobody starts a half of it.
  const aside = mkdtempSync(`${folder}-`);
  await unpackChromium(aside);
  try {
    renameSync(aside, folder);
  } catch {
    // Another process was faster.
    rmSync(aside, { recursive: true });
  }
  return folder;
}

/** Fontconfig's file: the system's fonts where it has any, and the one that came with Chromium. */
const describeFonts = (folder: string): string => `<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <include ignore_missing="yes">/etc/fonts/fonts.conf</include>
  <dir>${join(folder, 'fonts')}</dir>
  <cachedir>${join(folder, 'font-cache')}</cachedir>
</fontconfig>
`;

/** The environment in which Chromium finds what a bare machine lacks: NSS's libraries and a font. */
function prepareEnvironment(folder: string): NodeJS.ProcessEnv {
  const fonts = join(folder, 'fonts.conf');
  if (!existsSync(fonts)) writeFileSync(fonts, describeFonts(folder));
  const { LD_LIBRARY_PATH: others } = process.env;
  const libraries = [join(folder, 'al2023', 'lib'), others].filter(Boolean).join(':');
  return { ...process.env, FONTCONFIG_FILE: fonts, LD_LIBRARY_PATH: libraries };
}

/** The browser that AFTERIMAGE_CHROMIUM names, or the one that npm brings. */
async function findBrowser(): Promise<{ executablePath: string; env: NodeJS.ProcessEnv }> {
  const named = process.env['AFTERIMAGE_CHROMIUM'];
  if (named === undefined) {
    const folder = await findChromium();
    return { executablePath: join(folder, 'chromium'), env: prepareEnvironment(folder) };
  }
  if (existsSync(named)) return { executablePath: named, env: process.env };
  throw new Error(`AFTERIMAGE_CHROMIUM names ${named}, which does not exist.`);
}

/**
 * A headless Chromium with no system package: the one that npm brings, or the one that
 * AFTERIMAGE_CHROMIUM names. Its own arguments are not taken: they switch the browser's security off.
 */
export async function launchBrowser(moreArgs: readonly string[] = []): Promise<Browser> {
  return chromium.launch({
    ...(await findBrowser()),
    headless: true,
    args: [
      '--headless=shell',
      '--no-sandbox',
      '--no-zygote',
      '--disable-background-networking',
      '--font-render-hinting=none',
      // In software: an emulated GPU keeps a scrub's every twelfth frame waiting for 170 ms.
      '--disable-gpu',
      ...moreArgs,
    ],
  });
}
