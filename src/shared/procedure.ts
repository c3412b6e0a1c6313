import { oc } from '@orpc/contract';
import { z } from 'zod';
import { errorCodes } from '../core/errors.ts';

/** Errors cross with one of `errorCodes`, a message and a remedy; nothing else survives. */
const errorData = z.object({ remedy: z.string() });
/** What every call of the contract begins with. */
export const procedure = oc.errors(
  Object.fromEntries(errorCodes.map((code) => [code, { data: errorData }])) as Record<
    (typeof errorCodes)[number],
    { data: typeof errorData }
  >,
);
