import { computed } from 'vue';
import type { ComputedRef } from 'vue';
import { useRouter } from 'vue-router';
import type { Template } from '../../../core/figures/spec.ts';
import { withField } from '../../figures/draft.ts';
import type { FigureDraft } from '../../figures/draft.ts';
import { hasField } from '../../figures/formFields.ts';
import { addToDraft, startDraft } from '../../figures/newDraft.ts';
import type { Addition } from '../../figures/newDraft.ts';
import { templateCard } from '../../../core/figures/spec.ts';
import { places } from '../../router.ts';
import { useFiguresStore } from '../../stores/figures.ts';
import { useRunsStore } from '../../stores/runs.ts';
import { useToastsStore } from '../../stores/toasts.ts';
import type { MenuItem } from '../common/menuItem.ts';

/** What a place offers to put into a figure. */
export interface Offer extends Addition {
  /** The epoch that is looked at; null where the reader follows the best. */
  epoch: number | null;
  /** Kinds of figure to begin with it. */
  templates: readonly Template[];
}

/** A figure of exactly the runs, image and epoch on offer; the rest as any new figure begins. */
function draftOf(
  template: Template,
  { runs, example, epoch }: Offer,
  known: Parameters<typeof startDraft>[2],
): FigureDraft {
  const wanted = { template, runs, ...(example !== null && { examples: [example] }) };
  const rows = runs.map((run) => ({ run, example: example ?? 0 }));
  const { mostRuns: most } = templateCard(template);
  let exact = startDraft(template, wanted, known, example ?? 0);
  if (hasField(template, 'rows')) exact = withField(exact, 'rows', rows);
  else if (hasField(template, 'runs') && most > 2) exact = withField(exact, 'runs', runs);
  const isAtEpoch = epoch !== null && hasField(template, 'epoch');
  return isAtEpoch ? withField(exact, 'epoch', epoch) : exact;
}

/** The menu that puts what one looks at into the figure in work, or begins one with it. */
export function useAddToFigure(offer: () => Offer): ComputedRef<(MenuItem | 'separator')[]> {
  const router = useRouter();
  const store = useFiguresStore();
  const runs = useRunsStore();
  const toasts = useToastsStore();

  const show = (): void => {
    void router.push(places.currentFigure(store.current));
  };

  function addToCurrent(draft: FigureDraft, { example }: Offer): void {
    store.current = { id: store.current?.id ?? null, draft };
    const what = example === null ? '' : ` image ${example}`;
    toasts.show({
      message: `Added${what} to “${templateCard(draft.template).title}”`,
      kind: 'success',
      action: { label: 'Show the figure', run: show },
    });
  }

  return computed(() => {
    const offered = offer();
    const begin = offered.templates.map((template): MenuItem => ({
      label: `New: ${templateCard(template).title}`,
      icon: 'add',
      run: () => {
        void router.push(places.figures(draftOf(template, offered, runs.runs)));
      },
    }));
    const added = store.current === null ? null : addToDraft(store.current.draft, offered);
    if (added === null) return begin;
    const add: MenuItem = {
      label: `Add to “${templateCard(added.template).title}”`,
      icon: 'figure',
      run: () => {
        addToCurrent(added, offered);
      },
    };
    return [add, 'separator', ...begin];
  });
}
