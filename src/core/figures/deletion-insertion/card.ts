import { axes, type TemplateCard } from '../card.ts';

export const card: TemplateCard = {
  title: 'Deletion, insertion',
  text: 'The class’s probability while what a map calls important goes, or returns.',
  maps: false,
  mostRuns: 2,
  icon: [
    { d: 'M8 8c10 2 12 20 22 22h22', tone: 'c', line: true },
    { d: 'M8 8c18 2 22 16 30 20l14 2', tone: 'r', line: true },
    axes,
  ],
};
