import { shellFilesKey, type ShellFiles } from '../../shared/shellFiles.ts';

/** What the shell's preload gives; null in a browser, which does not say where files lie. */
export const shellFiles = (): ShellFiles | null =>
  (window as unknown as Record<string, ShellFiles | undefined>)[shellFilesKey] ?? null;
