import { squares, type TemplateCard } from '../card.ts';

export const card: TemplateCard = {
  title: 'Concepts',
  text: 'Channels by relevance, with the images that maximise each.',
  maps: true,
  mostRuns: 1,
  icon: [
    { d: squares([4, 32], 6, 11) + squares([4, 32], 22, 11), tone: 'image' },
    { d: squares([16, 44], 6, 11) + squares([16, 44], 22, 11), tone: 'map' },
  ],
};
