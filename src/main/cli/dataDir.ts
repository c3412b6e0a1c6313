import { homedir } from 'node:os';
import { join } from 'node:path';

const { platform, env } = process;

/** The platform's folder for application data, as Electron chooses it. */
function applicationData(): string {
  if (platform === 'win32') return env['APPDATA'] ?? join(homedir(), 'AppData', 'Roaming');
  if (platform === 'darwin') return join(homedir(), 'Library', 'Application Support');
  return env['XDG_CONFIG_HOME'] ?? join(homedir(), '.config');
}

/** `--data-dir`, else AFTERIMAGE_DATA_DIR, else the platform's folder. */
export const chooseDataDir = (option: string | undefined): string =>
  option ?? env['AFTERIMAGE_DATA_DIR'] ?? join(applicationData(), 'Afterimage');
