import { axes, type TemplateCard } from '../card.ts';

export const card: TemplateCard = {
  title: 'Accuracy and fidelity',
  text: 'What a better map costs, over a swept setting.',
  maps: false,
  mostRuns: 500,
  icon: [
    axes,
    { d: 'M10 9c16 0 34 4 40 20', tone: 'faint', line: true },
    { d: 'M10 9m-2 0a2 2 0 1 0 4 0a2 2 0 1 0-4 0z', tone: 'c' },
    {
      d: 'M30 12.500m-2 0a2 2 0 1 0 4 0a2 2 0 1 0-4 0zM45 20m-2 0a2 2 0 1 0 4 0a2 2 0 1 0-4 0z',
      tone: 'r',
    },
  ],
};
