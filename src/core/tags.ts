import { z } from 'zod';
import { invalidArgument } from './errors.ts';

/** Characters of a tag, and tags of a run or an image, at most. */
export const tagLength = 50;
export const mostTags = 50;

/** Words that people give to a run or an image. */
export const tagsSchema = z.array(z.string().min(1).max(tagLength)).max(mostTags);

/** Each word by itself, never the whole list: what another gave meanwhile stays. */
export const tagChangeSchema = z.strictObject({
  add: tagsSchema.default([]),
  remove: tagsSchema.default([]),
});
export type TagChange = z.input<typeof tagChangeSchema>;

/**
 * @returns the tags after a change, each once, in alphabetical order; one in both is added.
 * INVALID_ARGUMENT where they are more than `mostTags`
 */
export function changeTags(
  tags: readonly string[],
  { add = [], remove = [] }: TagChange,
): string[] {
  const kept = tags.filter((tag) => !remove.includes(tag));
  const changed = [...new Set([...kept, ...add])].sort();
  if (changed.length <= mostTags) return changed;
  throw invalidArgument(
    `With those it would have ${changed.length} tags; ${mostTags} is the most.`,
    'Remove a tag that is not needed.',
  );
}
