import { z } from 'zod';
import type { Explainer } from './explainer.ts';
import { gradcam } from './gradcam.ts';
import { layercam } from './layercam.ts';

/** By the names that commands and calls know them by. A new one is a file here, its line, and what computes it. */
export const explainers = { gradcam, layercam } as const satisfies Record<string, Explainer>;
export type ExplainerName = keyof typeof explainers;
export const explainerNames = Object.keys(explainers) as [ExplainerName, ...ExplainerName[]];
export const explainerSchema = z.enum(explainerNames);
