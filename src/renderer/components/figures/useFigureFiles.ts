import { computed, shallowReactive } from 'vue';
import type { Ref } from 'vue';
import type { FigureFile } from '../../../shared/figureCalls.ts';
import { saveFile } from '../../composables/saveFile.ts';
import type { FigureDraft } from '../../figures/draft.ts';
import { fileStem, latexSnippet } from '../../figures/snippets.ts';
import { useFiguresStore } from '../../stores/figures.ts';
import { useToastsStore } from '../../stores/toasts.ts';
import type { MenuItem } from '../common/menuItem.ts';
import type { Preview } from './usePreview.ts';

/** Wider than this, a figure spans both columns of a page, pt. */
const oneColumnPt = 300;

const endings: Record<FigureFile, string> = {
  svg: 'svg',
  pdf: 'pdf',
  png: 'png',
  csv: 'csv',
  json: 'figure.json',
  zip: 'zip',
};

interface Parts {
  draft: Readonly<Ref<FigureDraft | null>>;
  preview: Readonly<Ref<Preview | undefined>>;
  name: Readonly<Ref<string>>;
  caption: Readonly<Ref<string>>;
}

/** What an export ends with that its user no longer wants. */
const cancelled = new Error('cancelled');

/** Files that are being made, all of which can be cancelled. */
function useExports() {
  const store = useFiguresStore();
  const toasts = useToastsStore();
  const underWay = shallowReactive(new Set<AbortController>());
  return {
    exporting: computed(() => underWay.size > 0),
    make: async (specification: FigureDraft, file: FigureFile, stem: string): Promise<Blob> => {
      const controller = new AbortController();
      underWay.add(controller);
      try {
        return await store.exportFile(specification, file, stem, controller.signal);
      } finally {
        underWay.delete(controller);
      }
    },
    cancel: (): void => {
      for (const controller of underWay) controller.abort(cancelled);
    },
    tellUnlessCancelled: (error: unknown): void => {
      if (error !== cancelled) toasts.showError(error);
    },
  };
}

/** A figure as files, and on the clipboard. */
export function useFigureFiles({ draft, preview, name, caption }: Parts) {
  const toasts = useToastsStore();
  const { exporting, make, cancel, tellUnlessCancelled } = useExports();
  const stem = computed(() => fileStem(name.value));

  async function save(file: FigureFile): Promise<void> {
    const specification = draft.value;
    if (specification === null) return;
    const fileName = `${stem.value}.${endings[file]}`;
    try {
      saveFile(await make(specification, file, stem.value), fileName);
    } catch (error) {
      tellUnlessCancelled(error);
    }
  }

  async function copyText(text: string, what: string): Promise<void> {
    const done = await toasts.attempt(() =>
      navigator.clipboard.writeText(text).then(() => true as const),
    );
    if (done === true) toasts.show({ message: `Copied ${what}`, kind: 'success' });
  }

  /** The blob is a promise of one, because a page may write only while it answers a click. */
  async function copyPng(): Promise<void> {
    const specification = draft.value;
    if (specification === null) return;
    const png = make(specification, 'png', stem.value);
    try {
      await navigator.clipboard.write([new ClipboardItem({ 'image/png': png })]);
      toasts.show({ message: 'Copied the PNG', kind: 'success' });
    } catch (error) {
      // Of a picture that could not be made, the clipboard says only that there is none.
      tellUnlessCancelled(
        await png.then(
          () => error,
          (reason: unknown) => reason,
        ),
      );
    }
  }

  const copySvg = (): Promise<void> => copyText(preview.value?.svg ?? '', 'the SVG');
  const copyLatex = (): Promise<void> => {
    const isWide = (preview.value?.widthPt ?? 0) > oneColumnPt;
    return copyText(latexSnippet(stem.value, caption.value, isWide), 'the LaTeX snippet');
  };

  const item = (label: string, run: () => unknown): MenuItem => ({ label, run });
  const exports: (MenuItem | 'separator')[] = [
    item('PDF', () => save('pdf')),
    item('SVG', () => save('svg')),
    item('PNG', () => save('png')),
    'separator',
    item('Data (CSV)', () => save('csv')),
    item('Record (figure.json)', () => save('json')),
    item('All files (zip)', () => save('zip')),
  ];
  const copies: MenuItem[] = [
    item('LaTeX \\includegraphics', copyLatex),
    item('SVG', copySvg),
    item('PNG', copyPng),
  ];
  const copyCaption = (): Promise<void> => copyText(caption.value, 'the caption');
  return { exports, copies, copyCaption, exporting, cancel };
}
