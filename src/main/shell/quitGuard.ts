import type { BrowserWindow } from 'electron';
import type { Electron } from './electron.ts';
import type { TrainingActivity } from './trainingActivity.ts';

interface Preventable {
  preventDefault: () => void;
}

/** The prompt's buttons, in order. */
const choices = ['Keep training in the background', 'Pause and quit', 'Cancel'];
const [keepTraining, pauseAndQuit, cancel] = [0, 1, 2];

/**
 * Asks what becomes of runs in training before the window closes or the shell quits. In the
 * background the shell has no window, and quits when the last run and the queue have ended.
 */
export class QuitGuard {
  readonly #electron: Electron;
  readonly #activity: TrainingActivity;
  #quitting = false;
  #asking = false;
  #inBackground = false;

  constructor(electron: Electron, activity: TrainingActivity) {
    this.#electron = electron;
    this.#activity = activity;
    electron.app.on('before-quit', (event) => {
      this.#unlessTraining(event, this.#quitting);
    });
    electron.app.on('window-all-closed', () => {
      if (!this.#inBackground) electron.app.quit();
    });
    activity.onChange(() => {
      if (this.#inBackground && activity.idle) this.#quit();
    });
  }

  /** To be called for every window that opens. */
  watch(window: BrowserWindow): void {
    this.#inBackground = false;
    window.on('close', (event) => {
      this.#unlessTraining(event, this.#quitting || this.#inBackground, window);
    });
  }

  #unlessTraining(event: Preventable, decided: boolean, window?: BrowserWindow): void {
    if (decided || this.#activity.running.length === 0) return;
    event.preventDefault();
    void this.#ask(window);
  }

  async #ask(window: BrowserWindow | undefined): Promise<void> {
    if (this.#asking) return;
    this.#asking = true;
    try {
      const answer = await this.#show(window);
      if (answer === pauseAndQuit) this.#quit();
      if (answer === keepTraining) this.#goToBackground();
    } finally {
      this.#asking = false;
    }
  }

  async #show(window: BrowserWindow | undefined): Promise<number> {
    const count = this.#activity.running.length;
    const options = {
      type: 'question' as const,
      message: count === 1 ? 'A run is training.' : `${count} runs are training.`,
      detail:
        'In the background it goes on without a window; open Afterimage again to see it. ' +
        'Paused, it can be resumed later where it was, to the bit.',
      buttons: choices,
      defaultId: keepTraining,
      cancelId: cancel,
      noLink: true,
    };
    const { dialog } = this.#electron;
    const shown = window ? dialog.showMessageBox(window, options) : dialog.showMessageBox(options);
    return (await shown).response;
  }

  #goToBackground(): void {
    // All may have ended while the prompt was open.
    if (this.#activity.idle) {
      this.#quit();
      return;
    }
    this.#inBackground = true;
    for (const window of this.#electron.BrowserWindow.getAllWindows()) window.close();
  }

  #quit(): void {
    this.#quitting = true;
    this.#electron.app.quit();
  }
}
