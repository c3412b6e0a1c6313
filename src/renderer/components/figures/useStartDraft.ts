import type { Template } from '../../../core/figures/spec.ts';
import { orderPositions } from '../../examples/ordering.ts';
import { examplesOf, runsOf } from '../../figures/draft.ts';
import type { FigureDraft } from '../../figures/draft.ts';
import { hasField } from '../../figures/formFields.ts';
import { startDraft as buildDraft } from '../../figures/newDraft.ts';
import { useExamplesStore } from '../../stores/examples.ts';
import { useRunsStore } from '../../stores/runs.ts';
import { automaticEpoch } from '../run/runEpoch.ts';

const needsExample = (template: Template): boolean =>
  ['rows', 'example', 'examples'].some((key) => hasField(template, key));

/** Begins figures with what is in the history. */
export function useStartDraft() {
  const runs = useRunsStore();
  const examples = useExamplesStore();

  /** The image that a run is least sure of: the most telling one to begin with. */
  async function findExample(previous: FigureDraft | null): Promise<number> {
    const named = previous === null ? [] : runsOf(previous);
    const run =
      runs.runs.find(({ id }) => named.includes(id)) ?? runs.runs.find(({ last }) => last !== null);
    const epoch = run === undefined ? null : automaticEpoch(run);
    if (run === undefined || epoch === null) return 0;
    const { confidence, exampleIds } = await examples.loadEpoch(run.id, epoch);
    return exampleIds[orderPositions(confidence, exampleIds, false)[0] ?? 0] ?? 0;
  }

  /** A figure of the template, of the runs and images of the one before it where there is one. */
  async function startDraft(
    template: Template,
    previous: FigureDraft | null,
  ): Promise<FigureDraft> {
    const isOpen = previous === null || examplesOf(previous).length === 0;
    const example = needsExample(template) && isOpen ? await findExample(previous) : 0;
    return buildDraft(template, previous, runs.runs, example);
  }

  return { startDraft };
}
