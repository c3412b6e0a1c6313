import { squares, type TemplateCard } from '../card.ts';

export const card: TemplateCard = {
  title: 'Confusion matrix',
  text: 'Which class is taken for which.',
  maps: false,
  mostRuns: 1,
  icon: [
    { d: squares([15], 4, 9) + squares([25], 14, 9) + squares([35], 24, 9), tone: 'c' },
    {
      d: squares([25, 35], 4, 9) + squares([15, 35], 14, 9) + squares([15, 25], 24, 9),
      tone: 'faint',
    },
  ],
};
