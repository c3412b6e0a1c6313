import { setImmediate as nextTurn } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { EventLog } from '../../../src/main/eventLog.ts';
import { followRuns } from '../../../src/main/training/followRuns.ts';

it('tells all from what begins runs to the last that was published, and then nothing more', async () => {
  const log = new EventLog();
  const { promise: idle, resolve } = Promise.withResolvers<undefined>();
  const seen: string[] = [];
  const publish = (runId: string): void => {
    log.publish({ type: 'purged', runId });
  };
  publish('before');
  const following = followRuns(
    { training: { idle }, events: log },
    (event) => seen.push(event.type === 'purged' ? event.runId : event.type),
    () => {
      publish('begun');
    },
  );
  expect(seen).toEqual([]);
  publish('first');
  await nextTurn();
  expect(seen).toEqual(['begun', 'first']);
  publish('last but one');
  resolve(undefined);
  publish('last');
  await following;
  expect(seen).toEqual(['begun', 'first', 'last but one', 'last']);
  publish('later');
  await nextTurn();
  expect(seen).toHaveLength(4);
});

it('follows what runs already', async () => {
  const log = new EventLog();
  const seen: string[] = [];
  const { promise: idle, resolve } = Promise.withResolvers<undefined>();
  const following = followRuns({ training: { idle }, events: log }, ({ type }) => seen.push(type));
  log.publish({ type: 'datasets' });
  resolve(undefined);
  await following;
  expect(seen).toEqual(['datasets']);
});

it('fails at once where what is told cannot be taken, while runs still train', async () => {
  const log = new EventLog();
  const see = (): void => {
    throw new Error('the screen is gone');
  };
  const training = { idle: new Promise<undefined>(() => undefined) };
  const following = followRuns({ training, events: log }, see, () => {
    log.publish({ type: 'datasets' });
  });
  await expect(following).rejects.toThrow('the screen is gone');
});
