import type { Session, Shell, WebContents } from 'electron';
import { shellOrigin } from '../../shared/portHandshake.ts';

/** Whether an address is one of the renderer's own. */
export function isOwnAddress(address: string): boolean {
  return address === shellOrigin || address.startsWith(`${shellOrigin}/`);
}

/**
 * Keeps a page where it is: it cannot be led to another origin, open windows or embed pages. Links to
 * the web open in the user's browser.
 */
export function guardContents(contents: WebContents, shell: Shell): void {
  contents.on('will-frame-navigate', (event) => {
    if (!event.isMainFrame || !isOwnAddress(event.url)) event.preventDefault();
  });
  contents.on('will-redirect', (event) => {
    if (!isOwnAddress(event.url)) event.preventDefault();
  });
  contents.on('will-attach-webview', (event) => {
    event.preventDefault();
  });
  contents.setWindowOpenHandler(({ url }) => {
    if (URL.parse(url)?.protocol === 'https:') void shell.openExternal(url);
    return { action: 'deny' };
  });
}

/** Copying what the user chose to copy; every other permission is denied. */
const copying = 'clipboard-sanitized-write';

/** Addresses that a page of the shell never has a reason to ask for. */
const outside = ['http://*/*', 'https://*/*', 'ws://*/*', 'wss://*/*', 'ftp://*/*', 'file://*/*'];

/** Denies pages the network and all permissions. */
export function guardSession(session: Session): void {
  const allows = (permission: string, address: string): boolean =>
    permission === copying && isOwnAddress(address);
  session.setPermissionRequestHandler((_contents, permission, callback, details) => {
    callback(allows(permission, details.requestingUrl));
  });
  session.setPermissionCheckHandler((_contents, permission, origin) =>
    allows(permission, origin.replace(/\/$/, '')),
  );
  session.setDevicePermissionHandler(() => false);
  session.webRequest.onBeforeRequest({ urls: outside }, (_details, callback) => {
    callback({ cancel: true });
  });
}
