import { readFileSync } from 'node:fs';
import type { Rectangle } from 'electron';
import { z } from 'zod';
import { saveFileAtOnce } from '../platform/files.ts';

const stateSchema = z.object({
  x: z.number().int(),
  y: z.number().int(),
  width: z.number().int().min(1),
  height: z.number().int().min(1),
  maximized: z.boolean(),
});
/** Where the window was, in device-independent pixels. */
export type WindowState = z.infer<typeof stateSchema>;

/** Parts of a window that must be on a screen so that the user can get hold of it, in pixels. */
const grip = 48;

/** The window's last place; null where there is none, or where no screen shows it any more. */
export function loadWindowState(path: string, workAreas: readonly Rectangle[]): WindowState | null {
  let stored: unknown;
  try {
    stored = JSON.parse(readFileSync(path, 'utf8'));
  } catch {
    return null;
  }
  const parsed = stateSchema.safeParse(stored);
  if (!parsed.success) return null;
  const state = parsed.data;
  return workAreas.some((area) => showsTitle(area, state)) ? state : null;
}

/** Keeps the window's place, before what closes it ends the process. A window closes without it, too. */
export function saveWindowState(path: string, state: WindowState): void {
  try {
    saveFileAtOnce(path, JSON.stringify(state));
  } catch (error) {
    console.error('The place of the window was not kept:', error);
  }
}

function showsTitle(area: Rectangle, { x, y, width }: WindowState): boolean {
  const shownWidth = Math.min(x + width, area.x + area.width) - Math.max(x, area.x);
  const titleInside = y >= area.y && y + grip <= area.y + area.height;
  return shownWidth >= grip && titleInside;
}
