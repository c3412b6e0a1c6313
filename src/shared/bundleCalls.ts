import { z } from 'zod';
import { datasetRecordSchema, runIdSchema } from '../core/records.ts';
import { longTaskSchema } from './longTask.ts';

/**
 * The longest piece that a bundle crosses in, bytes. A bundle is as long as its runs, hundreds of MB;
 * a message is built and read in one turn of an event loop, and a piece takes it some milliseconds.
 */
export const bundlePieceBytes = 2 ** 21;

/** What came of importing a bundle: run ids, and the data sets of new runs whose images are not here. */
export const importResultSchema = z.object({
  imported: z.array(runIdSchema),
  /** Were here already, be it in the bin, and stay as they are. */
  skipped: z.array(runIdSchema),
  /** Those of them in the bin. */
  inBin: z.array(runIdSchema),
  absent: z.array(datasetRecordSchema),
});
export type ImportResult = z.infer<typeof importResultSchema>;

/** What carrying a bundle yields: `ready` once, when its pieces may cross under the given id. */
export const bundleStepSchema = z.discriminatedUnion('type', [
  longTaskSchema.extend({ type: z.literal('progress') }),
  z.object({ type: z.literal('ready'), bundleId: z.string(), bytes: z.number().int() }),
]);
export type BundleStep = z.infer<typeof bundleStepSchema>;
