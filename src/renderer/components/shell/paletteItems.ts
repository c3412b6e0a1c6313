import { paradigmOf } from '../../../core/config/objectives.ts';
import type { RunSummary } from '../../../core/records.ts';
import type { IconName } from '../common/icons.ts';

/** One line of the command palette. */
export interface PaletteItem {
  key: string;
  group: 'Example' | 'This run' | 'Runs' | 'Actions' | 'Go to' | 'Shortcuts';
  label: string;
  detail: string;
  icon: IconName;
  run: () => unknown;
}

const mostOfGroup = 50;
/** Before anything is typed, so that what else there is lies in sight. */
const mostUnasked = 8;

/** How well a word occurs in a text: 0 not at all, 3 at its beginning, 2 at that of one of its words. */
function scoreWord(word: string, text: string): number {
  if (text.startsWith(word)) return 3;
  const first = text.indexOf(word);
  for (let at = first; at !== -1; at = text.indexOf(word, at + 1)) {
    if (/[\s\-_/.]/.test(text[at - 1] ?? '')) return 2;
  }
  return first === -1 ? 0 : 1;
}

/**
 * How well `text` answers `query`, which is split into words that must all occur: 0 not at all, more
 * for words at the beginning of the text or of one of its words.
 */
export function matchScore(query: string, text: string): number {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean);
  const scores = words.map((word) => scoreWord(word, text.toLowerCase()));
  return scores.includes(0) ? 0 : scores.reduce((sum, score) => sum + score, 1);
}

/** The items that match, best first within each group, groups in the order they are given. */
export function findItems(query: string, items: readonly PaletteItem[]): PaletteItem[] {
  const groups = Map.groupBy(items, ({ group }) => group);
  return [...groups.values()].flatMap((group) =>
    group
      .map((item) => ({ item, score: scoreItem(query, item) }))
      .filter(({ score }) => score > 0)
      .toSorted((a, b) => b.score - a.score)
      .slice(0, query.trim() === '' ? mostUnasked : mostOfGroup)
      .map(({ item }) => item),
  );
}

const scoreItem = (query: string, { label, detail }: PaletteItem): number =>
  Math.max(2 * matchScore(query, label), matchScore(query, `${label} ${detail}`));

/** The example that a query such as "1234", "#1234" or "example 1234" asks for; null for none. */
export function parseExampleId(query: string): number | null {
  const match = /^(?:example\s+|#)?(\d{1,9})$/i.exec(query.trim());
  return match === null ? null : Number(match[1]);
}

/** A run's line: what tells runs of the same name apart stands in the detail. */
export function describeRun({ config, seed, status, tags }: RunSummary): string {
  return [config.data.dataset, paradigmOf(config), `seed ${seed}`, status, ...tags].join(' · ');
}
