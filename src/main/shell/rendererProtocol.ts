import type { Protocol } from 'electron';
import { shellOrigin, shellScheme } from '../../shared/portHandshake.ts';
import { findRendererFile } from '../transports/rendererFiles.ts';
import type { RendererFiles } from '../transports/rendererFiles.ts';
import { securityHeaders } from '../transports/securityHeaders.ts';

/** Gives the renderer an origin of its own. To be called before Electron is ready. */
export function declareRendererScheme(protocol: Protocol): void {
  protocol.registerSchemesAsPrivileged([
    { scheme: shellScheme, privileges: { standard: true, secure: true, supportFetchAPI: true } },
  ]);
}

/** Serves the built renderer, with the headers that it has on loopback, and nothing else. */
export function serveRendererScheme(protocol: Protocol, files: RendererFiles): void {
  protocol.handle(shellScheme, (request) => answer(request, files));
}

function answer(request: Request, files: RendererFiles): Response {
  const refuse = (status: number): Response =>
    new Response(null, { status, headers: securityHeaders });
  const url = new URL(request.url);
  if (request.method !== 'GET') return refuse(405);
  if (`${url.protocol}//${url.host}` !== shellOrigin) return refuse(404);
  const file = findRendererFile(files, url.pathname);
  if (file === null) return refuse(404);
  return new Response(file.bytes, { headers: { ...securityHeaders, ...file.headers } });
}
