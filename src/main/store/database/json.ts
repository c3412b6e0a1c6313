import { damaged } from './errors.ts';

/** JSON that this store wrote, and checked when it wrote it; `what` names it where it is none any more. */
export function parseStored(json: string, what: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    throw damaged(`${what} cannot be read`);
  }
}
