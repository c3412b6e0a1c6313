import { squares, type TemplateCard } from '../card.ts';

export const card: TemplateCard = {
  title: 'Method agreement',
  text: 'How far methods’ maps agree, method by method.',
  maps: false,
  mostRuns: 2,
  icon: [
    { d: squares([10], 5, 8) + squares([20], 15, 8) + squares([30], 25, 8), tone: 'c' },
    {
      d: squares([20, 30], 5, 8) + squares([10, 30], 15, 8) + squares([10, 20], 25, 8),
      tone: 'faint',
    },
  ],
};
