/** The parts of a run's page. */
export const runTabs = ['overview', 'errors', 'examples'] as const;
export type RunTab = (typeof runTabs)[number];
