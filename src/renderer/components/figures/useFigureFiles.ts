import { computed, ref } from 'vue';
import type { Ref } from 'vue';
import type { FigureFile } from '../../../shared/contract.ts';
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

/** A figure as files, and on the clipboard. */
export function useFigureFiles({ draft, preview, name, caption }: Parts) {
  const store = useFiguresStore();
  const toasts = useToastsStore();
  /** Files that are being made. */
  const exporting = ref(0);
  const stem = computed(() => fileStem(name.value));

  async function save(file: FigureFile): Promise<void> {
    const specification = draft.value;
    if (specification === null) return;
    exporting.value += 1;
    const blob = await toasts.attempt(() => store.exportFile(specification, file, stem.value));
    exporting.value -= 1;
    if (blob !== undefined) saveFile(blob, `${stem.value}.${endings[file]}`);
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
    const png = store.exportFile(specification, 'png', stem.value);
    const done = await toasts.attempt(() =>
      navigator.clipboard
        .write([new ClipboardItem({ 'image/png': png })])
        .then(() => true as const),
    );
    if (done === true) toasts.show({ message: 'Copied the PNG', kind: 'success' });
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
  return { exports, copies, copyCaption, exporting };
}
