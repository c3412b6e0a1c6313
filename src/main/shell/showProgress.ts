import type { App, BrowserWindow } from 'electron';
import type { TrainingActivity } from './trainingActivity.ts';

/** Shows how far training is in the dock or taskbar, and how many runs train on the icon. */
export function showProgress(
  activity: TrainingActivity,
  app: App,
  findWindow: () => BrowserWindow | null,
): void {
  activity.onChange(() => {
    // -1 takes the bar away.
    findWindow()?.setProgressBar(activity.progress ?? -1);
    app.setBadgeCount(activity.running.length);
  });
}
