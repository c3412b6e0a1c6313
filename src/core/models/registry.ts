import { convnext } from './convnext.ts';
import { paperCnn } from './paperCnn.ts';
import { resnet } from './resnet.ts';
import { swin } from './swin.ts';

export const models = [paperCnn, resnet, convnext, swin] as const;
export type ModelName = (typeof models)[number]['name'];
