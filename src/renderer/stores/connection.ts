import { defineStore } from 'pinia';
import { ref } from 'vue';
import type { WorkbenchEvent } from '../../shared/events.ts';
import { useApi } from './client.ts';

type Listener = (event: WorkbenchEvent) => void;

/** Pause before the stream is opened again after it ended without a lost connection. */
const reopenMs = 500;

/**
 * The state of the connection, and the one subscription to the workbench's events. Stores `listen`
 * while they are set up; `start` opens the stream once, for the life of the page.
 */
export const useConnectionStore = defineStore('connection', () => {
  const { client, connection } = useApi();
  const state = ref(connection.state);
  connection.onChange((next) => (state.value = next));

  const listeners = new Set<Listener>();
  let started = false;

  function listen(listener: Listener): () => void {
    listeners.add(listener);
    return () => listeners.delete(listener);
  }

  function dispatch(event: WorkbenchEvent): void {
    for (const listener of listeners) listener(event);
  }

  async function follow(): Promise<never> {
    for (let reopened = false; ; reopened = true) {
      try {
        const events = await client.events({});
        // A stream of its own knows nothing of what the last one missed.
        if (reopened) dispatch({ type: 'reset' });
        for await (const event of events) dispatch(event);
      } catch (error) {
        console.error('The stream of events broke off.', error);
      }
      await new Promise((resolve) => setTimeout(resolve, reopenMs));
    }
  }

  function start(): void {
    if (started) return;
    started = true;
    void follow();
  }

  return { state, listen, start };
});
