import { paperCnn } from './paperCnn.ts';
import { resnet } from './resnet.ts';

export const models = [paperCnn, resnet] as const;
export type ModelName = (typeof models)[number]['name'];
