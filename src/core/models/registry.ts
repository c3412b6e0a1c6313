import { convnext } from './convnext.ts';
import { paperCnn } from './paperCnn.ts';
import { protopnet } from './protopnet.ts';
import { resnet } from './resnet.ts';
import { swin } from './swin.ts';

export const models = [paperCnn, resnet, convnext, swin, protopnet] as const;
export type ModelName = (typeof models)[number]['name'];

/** Terms that models bring themselves, in the order in which batches report them. */
export const modelTerms = [...protopnet.terms] as const;
export type ModelTermName = (typeof modelTerms)[number]['name'];
