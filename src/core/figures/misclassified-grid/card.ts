import { squares, type TemplateCard } from '../card.ts';

export const card: TemplateCard = {
  title: 'Misclassified',
  text: 'The images that are most surely wrong.',
  maps: true,
  mostRuns: 1,
  icon: [
    { d: squares([5, 31], 6, 11) + squares([5, 31], 22, 11), tone: 'image' },
    { d: squares([17, 43], 6, 11) + squares([17, 43], 22, 11), tone: 'r' },
  ],
};
