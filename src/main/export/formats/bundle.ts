import type { WriteRuns } from './format.ts';

/** What another Afterimage imports. */
export const writeBundle: WriteRuns = async ({ writeBundle }, { out }) => {
  await writeBundle(out);
  return [out];
};
