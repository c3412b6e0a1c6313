/** The trainer's entry as a utility process: its parent's port in place of a forked child's channel. */
import '../learning/trainerProcess.ts';
import { trainerDone } from './trainerDoneMessage.ts';

const { parentPort } = process;

process.send = (message: unknown, ...options: unknown[]) => {
  parentPort.postMessage(message);
  // A port does not say when a message has left; the last word comes after all of them.
  const posted = options.at(-1);
  if (typeof posted === 'function') (posted as (error: null) => void)(null);
  return true;
};
process.disconnect = () => {
  // The parent ends it with a SIGTERM, which meant nothing as long as it trained.
  process.removeAllListeners('SIGTERM');
  parentPort.postMessage(trainerDone);
};
parentPort.on('message', ({ data }) => {
  process.emit('message', data, undefined);
});
