import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { saveFile } from './platform/files.ts';
import type { ServedWorkbench } from './serve.ts';

/**
 * A file that leads a browser to the workbench. Programs are started with its path, as every user of
 * the machine can read a command line, but this file its owner alone. It is gone once it was used.
 */
export class OpeningPage {
  #folder: string | null = null;

  /** Writes it; its path. */
  async write(served: Pick<ServedWorkbench, 'issueAddress'>): Promise<string> {
    // For its owner alone, as mkdtemp makes it.
    this.#folder = await mkdtemp(join(tmpdir(), 'afterimage-open-'));
    const path = join(this.#folder, 'afterimage.html');
    const address = served.issueAddress(() => void this.remove());
    await saveFile(path, makePage(address), 0o600);
    return path;
  }

  async remove(): Promise<void> {
    if (this.#folder !== null) await rm(this.#folder, { recursive: true, force: true });
  }
}

const makePage = (address: string): string => `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<meta http-equiv="refresh" content="0; url=${address}">
<title>Afterimage</title>
<p><a href="${address}">Open Afterimage</a></p>
</html>
`;
