import { axes, severalRuns, type TemplateCard } from '../card.ts';

export const card: TemplateCard = {
  title: 'Training curves',
  text: 'Metrics over the epochs, seeds as bands.',
  maps: false,
  mostRuns: severalRuns,
  icon: [
    axes,
    { d: 'M8 10c6 16 14 19 44 20', tone: 'c', line: true },
    { d: 'M8 6c8 11 18 14 44 16', tone: 'r', line: true },
  ],
};
