import { squares, type TemplateCard } from '../card.ts';

export const card: TemplateCard = {
  title: 'C, R and difference',
  text: 'Images with the maps of two runs and what differs.',
  maps: true,
  mostRuns: 2,
  icon: [
    { d: squares([4], 6, 11) + squares([4], 22, 11), tone: 'image' },
    { d: squares([17], 6, 11) + squares([17], 22, 11), tone: 'c' },
    { d: squares([30], 6, 11) + squares([30], 22, 11), tone: 'r' },
    { d: squares([43], 6, 11) + squares([43], 22, 11), tone: 'faint' },
  ],
};
