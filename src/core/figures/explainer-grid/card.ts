import { squares, type TemplateCard } from '../card.ts';

export const card: TemplateCard = {
  title: 'Methods × images',
  text: 'What several methods make of the same images.',
  maps: true,
  mostRuns: 1,
  icon: [
    { d: squares([4], 6, 11) + squares([4], 22, 11), tone: 'image' },
    { d: squares([17, 30, 43], 6, 11), tone: 'map' },
    { d: squares([17, 30, 43], 22, 11), tone: 'map' },
  ],
};
