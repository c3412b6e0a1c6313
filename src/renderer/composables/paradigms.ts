import type { Paradigm } from '../../core/config/objectives.ts';

interface ParadigmLook {
  /** The design token of its colour; null for one that wears a series colour in a chart. */
  token: string | null;
  title: string;
}

const looks: Readonly<Record<Paradigm, ParadigmLook>> = {
  C: { token: '--paradigm-c', title: 'C: cross-entropy' },
  R: { token: '--paradigm-r', title: 'R: cross-entropy and map' },
};

/** How the window shows a paradigm; one without a name of its own is called by its terms. */
export const lookOf = (paradigm: Paradigm): ParadigmLook =>
  looks[paradigm] ?? { token: null, title: `Cross-entropy and ${paradigm.replaceAll('+', ', ')}` };
