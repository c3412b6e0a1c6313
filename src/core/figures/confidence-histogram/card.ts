import { axes, bars, type TemplateCard } from '../card.ts';

export const card: TemplateCard = {
  title: 'Confidence histogram',
  text: 'How sure the runs are, with the unsure counted.',
  maps: false,
  mostRuns: 8,
  icon: [
    { d: bars([3, 2, 3, 4, 8, 26], 8, 3.5, 4), tone: 'c' },
    { d: bars([4, 5, 6, 8, 12, 19], 12, 3.5, 4), tone: 'r' },
    axes,
  ],
};
