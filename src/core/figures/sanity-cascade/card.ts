import { axes, type TemplateCard } from '../card.ts';

export const card: TemplateCard = {
  title: 'Sanity cascade',
  text: 'How far maps stay alike while a network’s layers become random.',
  maps: false,
  mostRuns: 2,
  icon: [
    { d: 'M8 8l10 12 12 6 12 2 10 1', tone: 'c', line: true },
    { d: 'M8 8l10 3 12 2 12 3 10 1', tone: 'r', line: true },
    axes,
  ],
};
