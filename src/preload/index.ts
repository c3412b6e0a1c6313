/** Hands the page its port to the workbench, once per request, and nothing else. */
import { ipcRenderer } from 'electron';
import { portAnswer, portChannel, portRequest } from '../shared/portHandshake.ts';

window.addEventListener('message', (event) => {
  if (event.source !== window || event.data !== portRequest) return;
  const { port1, port2 } = new MessageChannel();
  ipcRenderer.postMessage(portChannel, null, [port1]);
  window.postMessage(portAnswer, location.origin, [port2]);
});
