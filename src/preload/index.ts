/** Hands the page its port to the workbench, once per request, and the places of dropped files: nothing else. */
import { contextBridge, ipcRenderer, webUtils } from 'electron';
import { portAnswer, portChannel, portRequest } from '../shared/portHandshake.ts';
import { shellFilesKey, type ShellFiles } from '../shared/shellFiles.ts';

window.addEventListener('message', (event) => {
  if (event.source !== window || event.data !== portRequest) return;
  const { port1, port2 } = new MessageChannel();
  ipcRenderer.postMessage(portChannel, null, [port1]);
  window.postMessage(portAnswer, location.origin, [port2]);
});

const files: ShellFiles = { pathOf: (file) => webUtils.getPathForFile(file) };
contextBridge.exposeInMainWorld(shellFilesKey, files);
