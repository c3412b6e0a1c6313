import { extname, join } from 'node:path';
import type { App, FileFilter, Session } from 'electron';
import { shellOrigin } from '../../shared/portHandshake.ts';

const kinds: Readonly<Record<string, string>> = {
  '.afterimage': 'Afterimage bundle',
  '.csv': 'Comma-separated values',
  '.json': 'JSON document',
  '.md': 'Markdown',
  '.pdf': 'PDF document',
  '.png': 'PNG image',
  '.svg': 'SVG image',
  '.tex': 'LaTeX table',
  '.zip': 'Archive',
};

/** Asks by the system's own dialog where to save what a page made; nothing else is downloaded. */
export function askWhereToSave(session: Session, app: App): void {
  session.on('will-download', (event, item) => {
    if (!item.getURL().startsWith(`blob:${shellOrigin}/`)) {
      event.preventDefault();
      return;
    }
    const name = item.getFilename();
    item.setSaveDialogOptions({
      title: `Save ${name}`,
      defaultPath: join(app.getPath('downloads'), name),
      filters: filtersOf(name),
    });
  });
}

function filtersOf(name: string): FileFilter[] {
  const extension = extname(name);
  const kind = kinds[extension];
  const all = { name: 'All files', extensions: ['*'] };
  return kind === undefined ? [all] : [{ name: kind, extensions: [extension.slice(1)] }, all];
}
