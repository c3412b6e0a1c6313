import { paperCnn } from './paperCnn.ts';

export const models = [paperCnn] as const;
export type ModelName = (typeof models)[number]['name'];
