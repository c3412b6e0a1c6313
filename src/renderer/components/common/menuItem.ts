import type { IconName } from './icons.ts';

/** One action of a menu. */
export interface MenuItem {
  label: string;
  run: () => void;
  icon?: IconName;
  shortcut?: string;
  disabled?: boolean;
  danger?: boolean;
  /** Whether it changes what is stored: it cannot be chosen where nothing can be written. */
  writes?: boolean;
}
