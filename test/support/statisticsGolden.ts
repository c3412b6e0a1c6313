import { readFileSync } from 'node:fs';
import { z } from 'zod';

/** What test/golden/make_statistics.py wrote. */
const schema = z.object({
  ssim: z.array(z.object({ name: z.string(), size: z.number(), ssim: z.number() })),
  mcnemar: z.array(
    z.object({
      onlyA: z.number(),
      onlyB: z.number(),
      pValue: z.number(),
      share: z.tuple([z.number(), z.number()]).nullable(),
    }),
  ),
  paired: z.array(
    z.object({
      name: z.string(),
      differences: z.array(z.number()),
      t: z.number(),
      degrees: z.number(),
      tP: z.number(),
      mean: z.number(),
      low: z.number(),
      high: z.number(),
      w: z.number(),
      wP: z.number(),
      cohensD: z.number(),
    }),
  ),
  bootstrap: z.object({ low: z.number(), high: z.number(), standardError: z.number() }),
  holm: z.array(z.object({ pValues: z.array(z.number()), adjusted: z.array(z.number()) })),
  tQuantiles: z.array(z.tuple([z.number(), z.number()])),
});

const path = new URL('../golden/statistics.json', import.meta.url);

export const statisticsGolden = schema.parse(JSON.parse(readFileSync(path, 'utf8')));

/** Runs a computation that yields its progress to its end. */
export function finish<Result>(work: Generator<number, Result, void>): Result {
  for (;;) {
    const step = work.next();
    if (step.done === true) return step.value;
  }
}
