import { constant } from './constant.ts';
import { cosine } from './cosine.ts';
import { plateau } from './plateau.ts';
import { step } from './step.ts';

/** How the learning rate changes over the epochs. */
export const schedules = [constant, step, cosine, plateau] as const;
