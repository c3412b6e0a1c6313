import type { RunFormat } from './format.ts';

/** What another Afterimage imports. */
export const bundle: RunFormat = {
  name: 'bundle',
  description: 'a file with everything that the runs stored, for "runs import"',
  isOfOneRun: false,
  takes: ['withData'],
  write: async ({ writeBundle }, { out }) => {
    await writeBundle(out);
    return [out];
  },
};
