import { convnext } from './convnext.ts';
import { paperCnn } from './paperCnn.ts';
import { resnet } from './resnet.ts';

export const models = [paperCnn, resnet, convnext] as const;
export type ModelName = (typeof models)[number]['name'];
