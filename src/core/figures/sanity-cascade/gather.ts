import { isReference } from '../../trust/audit.ts';
import type { ExplainerName } from '../../explainers/registry.ts';
import { estimatePoints, gatherAudits } from '../charts/gatherAudits.ts';
import type { FigureSource } from '../source.ts';
import type { SanityCascadeData } from './figure.ts';
import type { SanityCascadeSpec } from './spec.ts';

/** Lines that can be told apart. */
const mostLines = 6;

export function gather(spec: SanityCascadeSpec, source: FigureSource): SanityCascadeData {
  const { similarity } = spec;
  const gathered = gatherAudits(spec, source);
  const all = gathered[0]?.audited.map(({ method }) => method) ?? [];
  const known = all.filter((name): name is ExplainerName => !isReference(name));
  const methods = spec.methods.length > 0 ? spec.methods : known.slice(0, mostLines);
  const sides = gathered.map((side) => ({
    ...{ run: side.run, epoch: side.epoch, images: side.images },
    layers: side.audited[0]?.settings.layers ?? [],
    lines: methods.map((method) => ({
      method,
      points: estimatePoints(side, method, `cascade/${similarity}`),
    })),
  }));
  return { similarity, sides };
}
