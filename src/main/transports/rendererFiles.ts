import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { extname, join, relative, sep } from 'node:path';
import { AfterimageError } from '../../core/errors.ts';

export interface RendererFile {
  bytes: Uint8Array<ArrayBuffer>;
  headers: { 'content-type': string; 'cache-control': string; etag: string };
}

/** The built renderer by URL path, `/index.html` for example. */
export type RendererFiles = ReadonlyMap<string, RendererFile>;

const contentTypes: Readonly<Record<string, string>> = {
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.ico': 'image/x-icon',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.ttf': 'font/ttf',
  '.txt': 'text/plain; charset=utf-8',
  '.wasm': 'application/wasm',
  '.woff2': 'font/woff2',
};

/**
 * Reads the whole built renderer (a few MB) into memory. Only what is in the map can be served, so
 * that no path in a request ever reaches the file system.
 */
export async function loadRendererFiles(directory: string): Promise<RendererFiles> {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true }).catch(
    () => [],
  );
  const paths = entries.filter((entry) => entry.isFile()).map((e) => join(e.parentPath, e.name));
  const files = new Map<string, RendererFile>();
  for (const path of paths) {
    const urlPath = `/${relative(directory, path).split(sep).join('/')}`;
    files.set(urlPath, describeFile(urlPath, new Uint8Array(await readFile(path))));
  }
  if (!files.has('/index.html')) {
    throw new AfterimageError(
      'NOT_FOUND',
      `The workbench's pages are not built: ${directory} has no index.html.`,
      'Run `npm run build:renderer`.',
    );
  }
  return files;
}

/**
 * The file of a URL path. The renderer keeps its state in the path, so that a path that names no file
 * is one of its views; null where a file is meant (it has an extension) and there is none.
 */
export function findRendererFile(files: RendererFiles, urlPath: string): RendererFile | null {
  const file = files.get(urlPath);
  if (file !== undefined) return file;
  return extname(urlPath) === '' ? (files.get('/index.html') ?? null) : null;
}

function describeFile(urlPath: string, bytes: Uint8Array<ArrayBuffer>): RendererFile {
  const hashed = urlPath.startsWith('/assets/');
  return {
    bytes,
    headers: {
      'content-type': contentTypes[extname(urlPath)] ?? 'application/octet-stream',
      // What lies in assets has its content's hash in its name; the rest is asked for anew.
      'cache-control': hashed ? 'private, max-age=31536000, immutable' : 'no-cache',
      etag: `"${createHash('sha256').update(bytes).digest('base64url')}"`,
    },
  };
}
