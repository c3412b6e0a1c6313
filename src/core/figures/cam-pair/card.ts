import { square, type TemplateCard } from '../card.ts';

export const card: TemplateCard = {
  title: 'Image and map',
  text: 'One test image beside its map.',
  maps: true,
  mostRuns: 1,
  icon: [
    { d: square(6, 8, 22), tone: 'image' },
    { d: square(32, 8, 22), tone: 'map' },
  ],
};
