import { configParts } from './runConfig.ts';
import { allSettings, findSetting } from './settings.ts';

/** What a person calls a setting: a term's with the term, another by its part where titles repeat. */
export function settingTitle(path: string): string {
  const { title, part, component } = findSetting(path);
  const holder = configParts.find(({ key }) => key === part);
  if (holder?.isSet === true && component !== null) return `${component}: ${title.toLowerCase()}`;
  const isShared = allSettings.some((other) => other.title === title && other.path !== path);
  return isShared ? `${holder?.title ?? part}: ${title.toLowerCase()}` : title;
}
