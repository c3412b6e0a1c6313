/** The parts of a run's page. */
export const runTabs = ['overview', 'errors', 'examples', 'concepts'] as const;
export type RunTab = (typeof runTabs)[number];
