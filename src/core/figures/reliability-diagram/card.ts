import { axes, bars, type TemplateCard } from '../card.ts';

export const card: TemplateCard = {
  title: 'Reliability',
  text: 'Confidence against accuracy, with the calibration error.',
  maps: false,
  mostRuns: 12,
  icon: [
    { d: bars([4, 8, 11, 17, 20, 27], 8, 6, 1.5), tone: 'c' },
    axes,
    { d: 'M6 33L52 4', tone: 'axis', line: true },
  ],
};
