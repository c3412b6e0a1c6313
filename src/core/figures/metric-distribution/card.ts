import { axes, type TemplateCard } from '../card.ts';

export const card: TemplateCard = {
  title: 'Metric, paired',
  text: 'One measure of every image, run against run.',
  maps: false,
  mostRuns: 2,
  icon: [
    { d: 'M6 33c8 0 8-22 15-22s7 22 15 22z', tone: 'c' },
    { d: 'M24 33c8 0 8-27 15-27s7 27 15 27z', tone: 'r' },
    axes,
  ],
};
