import { z } from 'zod';
import { datasetRecordSchema } from '../core/records.ts';

/** In the order of the classes. */
const classNames = z.array(z.string().max(1000)).min(1).max(256);

/** What becomes of images on the way into the library; as they are, unless given. */
export const imageChoices = z.strictObject({
  /** Height and width that they are brought to, pixels. */
  resize: z.number().int().min(8).max(224).nullable().optional(),
  /** 1: luminance, 3: red, green and blue. */
  channels: z
    .union([z.literal(1), z.literal(3)])
    .nullable()
    .optional(),
});

const importFormat = z.enum(['idx', 'npz', 'folder', 'cifar']);

export const datasetImport = imageChoices.extend({
  format: importFormat,
  /** A path on the machine that the workbench runs on. */
  path: z.string().min(1).max(4096),
  name: z.string().min(1).max(200),
  /** In the order of the classes; what the source calls them unless given. */
  classNames: classNames.optional(),
});

/** What lies at a path of the machine that the workbench runs on. */
export const placeSchema = z.object({
  /** In full. */
  path: z.string(),
  isFolder: z.boolean(),
  /** The folder that it lies in; null for the topmost. */
  parent: z.string().nullable(),
  /** Names of the folders in it, and of the files that could be imported; of a file none. */
  folders: z.array(z.string()),
  files: z.array(z.string()),
  /** Whether there are more than are listed. */
  isCut: z.boolean(),
  /** What `import` would take for it, as far as names tell. */
  found: z.object({ format: importFormat, path: z.string() }).nullable(),
});
export type Place = z.infer<typeof placeSchema>;

export const datasetPreviewSchema = datasetRecordSchema
  .pick({
    imageSize: true,
    channels: true,
    classNames: true,
    trainCounts: true,
    testCounts: true,
    masks: true,
    source: true,
  })
  .extend({
    /**
     * A few training images of each class: a safetensors file in base64 with images U8 [N, S, S] or
     * [N, S, S, 3] and labels U8 [N].
     */
    samples: z.string(),
  });
export type DatasetPreview = z.infer<typeof datasetPreviewSchema>;

/** A set that `datasets.fetch` can download. */
export const publishedEntrySchema = datasetRecordSchema
  .pick({ name: true, imageSize: true, channels: true })
  .extend({
    title: z.string(),
    /** Where its makers tell of it. */
    page: z.string(),
    /** Null where its makers state none. */
    licence: z.string().nullable(),
    images: z.number().int(),
    /** Of the download, about; null: not more than `storedBytes`. */
    downloadBytes: z.number().nullable(),
    /** In the library, as its images are. */
    storedBytes: z.number(),
    /** Where that is more than can be stored: the size that images must be scaled to at most, pixels. */
    largestSize: z.number().int().nullable(),
    /** Whether the download holds other sets as well, and stays until the last of them is here. */
    isShared: z.boolean(),
  });
export type PublishedEntry = z.infer<typeof publishedEntrySchema>;
