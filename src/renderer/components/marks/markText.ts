import type { ExampleMark } from '../../../core/records.ts';

/** What people say of an image, in words; empty where they say nothing. */
export function describeMark(mark: ExampleMark | undefined): string {
  if (mark === undefined) return '';
  const tags = mark.tags.length === 0 ? [] : [`tagged ${mark.tags.join(', ')}`];
  return [...tags, ...(mark.note === '' ? [] : [`note: ${mark.note}`])].join(' · ');
}
