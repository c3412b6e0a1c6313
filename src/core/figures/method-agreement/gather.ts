import { isReference } from '../../trust/audit.ts';
import type { ExplainerName } from '../../explainers/registry.ts';
import { agreementOf, gatherAudits } from '../charts/gatherAudits.ts';
import type { FigureSource } from '../source.ts';
import type { MethodAgreementData } from './figure.ts';
import type { MethodAgreementSpec } from './spec.ts';

export function gather(spec: MethodAgreementSpec, source: FigureSource): MethodAgreementData {
  const sides = gatherAudits(spec, source).map(({ run, epoch, images, audited }) => {
    const methods = audited
      .map(({ method }) => method)
      .filter((name): name is ExplainerName => !isReference(name));
    const matrix = methods.map((a) =>
      methods.map((b) => (a === b ? 1 : agreementOf(audited, a, b))),
    );
    return { run, epoch, images, methods, matrix };
  });
  return { sides };
}
