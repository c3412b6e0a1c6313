import type { ImportFormat } from '../../stores/datasets.ts';

/** What formats are called. */
export const formatTitles: Readonly<Record<ImportFormat, string>> = {
  idx: 'IDX',
  npz: 'NumPy',
  folder: 'Folder',
  cifar: 'CIFAR-10',
};
