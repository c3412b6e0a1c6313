import type { IpcMain, IpcMainEvent, WebContents } from 'electron';
import { portChannel, shellOrigin } from '../../shared/portHandshake.ts';
import type { Handler } from '../router.ts';
import { servePort } from '../transports/messagePort.ts';

/**
 * Answers calls through the ports that the window's own page sends; a port from anywhere else is
 * closed, and that is logged. `isWindow` tells the shell's windows from other contents.
 */
export function servePorts(
  ipcMain: IpcMain,
  handler: Handler,
  isWindow: (contents: WebContents) => boolean,
): void {
  ipcMain.on(portChannel, (event) => {
    const [port] = event.ports;
    if (port === undefined) return;
    const refusal = findRefusal(event, isWindow);
    if (refusal === null) {
      servePort(handler, port);
      return;
    }
    port.close();
    console.error(`A port was refused: ${refusal}`);
  });
}

function findRefusal(
  { sender, senderFrame }: IpcMainEvent,
  isWindow: (contents: WebContents) => boolean,
): string | null {
  if (!isWindow(sender)) return 'it came from contents that are no window of the workbench.';
  if (senderFrame === null) return 'its page is gone.';
  if (senderFrame !== sender.mainFrame) return 'it came from a frame inside the page.';
  if (senderFrame.origin !== shellOrigin) return `it came from ${senderFrame.origin}.`;
  return null;
}
