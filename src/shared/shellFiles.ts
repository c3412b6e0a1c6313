/** What the preload gives the shell's page besides its port, under `shellFilesKey` of the window. */
export interface ShellFiles {
  /** Where a file lies that was dropped on the page; empty for one that lies nowhere. */
  pathOf: (file: File) => string;
}

export const shellFilesKey = 'afterimageFiles';
