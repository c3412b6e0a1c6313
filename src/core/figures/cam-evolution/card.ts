import { squares, type TemplateCard } from '../card.ts';

export const card: TemplateCard = {
  title: 'Evolution',
  text: 'Maps over the epochs, a row for each run and image.',
  maps: true,
  mostRuns: 60,
  icon: [
    { d: squares([4], 6, 11) + squares([4], 22, 11), tone: 'image' },
    { d: squares([18, 30, 42], 6, 11), tone: 'c' },
    { d: squares([18, 30, 42], 22, 11), tone: 'r' },
  ],
};
