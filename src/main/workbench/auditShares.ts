import type { AuditedMethod, AuditRequest } from '../../core/trust/audit.ts';
import { valuesPerImage } from '../../core/pixels.ts';

/** Fewer images are not worth a thread's start. */
const leastImages = 32;

/** A request as several of about as many images each, in order; one where there are few. */
export function splitRequest(request: AuditRequest, threads: number): AuditRequest[] {
  const count = request.exampleIds.length;
  const shares = Math.max(1, Math.min(threads, Math.ceil(count / leastImages)));
  const length = valuesPerImage(request);
  return Array.from({ length: shares }, (_, i) => {
    const [from, to] = [i, i + 1].map((k) => Math.floor((k * count) / shares)) as [number, number];
    return {
      ...request,
      exampleIds: request.exampleIds.slice(from, to),
      images: request.images.slice(from * length, to * length),
      epochs: request.epochs.map((epoch) => ({ ...epoch, targets: epoch.targets.slice(from, to) })),
    };
  });
}

const joinUints = (arrays: readonly Uint32Array[]): Uint32Array =>
  Uint32Array.from(arrays.flatMap((array) => [...array]));

function joinColumn(columns: readonly Float32Array[]): Float32Array {
  const joined = new Float32Array(columns.reduce((sum, { length }) => sum + length, 0));
  columns.reduce((offset, column) => (joined.set(column, offset), offset + column.length), 0);
  return joined;
}

/** What the shares of a request gave, as one. */
export function joinAudits(parts: readonly (readonly AuditedMethod[])[]): AuditedMethod[] {
  const [first = []] = parts;
  return first.map((one, k) => {
    const same = parts.map((part) => part[k] as AuditedMethod);
    const columns = Object.fromEntries(
      Object.keys(one.columns).map((name) => [
        name,
        joinColumn(same.map((share) => share.columns[name] as Float32Array)),
      ]),
    );
    return {
      ...one,
      columns,
      exampleIds: joinUints(same.map(({ exampleIds }) => exampleIds)),
      targets: joinUints(same.map(({ targets }) => targets)),
    };
  });
}
