import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { WebSocketServer } from 'ws';
import { AfterimageError } from '../core/errors.ts';
import { createHandler } from './router.ts';
import type { WorkbenchApi } from './router.ts';
import { findForeign, hasSession, Keys, sessionCookie } from './transports/access.ts';
import { findRendererFile, loadRendererFiles } from './transports/rendererFiles.ts';
import type { RendererFiles } from './transports/rendererFiles.ts';
import { securityHeaders } from './transports/securityHeaders.ts';
import { maxMessageBytes, serveSocket } from './transports/webSocket.ts';

export interface ServeOptions {
  api: WorkbenchApi;
  /** 0 takes any free port. */
  port: number;
  /** Where the built renderer lies. */
  rendererDir: string;
  version: string;
}

export interface ServedWorkbench {
  port: number;
  /** An address with a token that opens the workbench once; `onUse` is called when it has. */
  issueAddress: (onUse?: () => void) => string;
  /** Cuts every connection and frees the port. */
  close: () => Promise<void>;
}

/**
 * Serves the workbench to browsers on this machine, and through a tunnel (`ssh -L`) to others. Throws
 * CONFLICT where the port is taken, NOT_FOUND where the renderer is not built.
 */
export async function serveWorkbench(options: ServeOptions): Promise<ServedWorkbench> {
  const files = await loadRendererFiles(options.rendererDir);
  const keys = new Keys();
  const server = createServer((request, response) => {
    answer(request, response, { files, keys, version: options.version });
  });
  const sockets = acceptSockets(server, keys, options.api);
  await listen(server, options.port);
  const { port } = server.address() as AddressInfo;
  return {
    port,
    issueAddress: (onUse = () => undefined) =>
      `http://127.0.0.1:${port}/?token=${keys.issue(onUse)}`,
    close: async () => {
      for (const socket of sockets.clients) socket.terminate();
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
    },
  };
}

interface Site {
  files: RendererFiles;
  keys: Keys;
  version: string;
}

function answer(request: IncomingMessage, response: ServerResponse, site: Site): void {
  const { headers } = request;
  const reading = request.method === 'GET' || request.method === 'HEAD';
  const refuse = (status: number, reason: string): void => {
    // What the request may still send is not read.
    response.writeHead(status, { ...securityHeaders, ...plainText, connection: 'close' });
    response.end(`${reason}\n`);
  };
  const foreign = findForeign(headers, !reading);
  if (foreign !== null) return refuse(403, foreign);
  if (!reading) return refuse(405, 'Only GET is answered; calls go through the WebSocket.');
  if (hasBody(request)) return refuse(413, 'Requests have no body here.');
  const url = URL.parse(request.url ?? '', 'http://localhost');
  if (url === null) return refuse(400, 'The address is malformed.');

  const token = url.searchParams.get('token');
  if (token !== null) return answerToken(token, { request, response, url, site });
  if (!hasSession(headers, site.keys)) return turnAway(response, site.version);
  const file = findRendererFile(site.files, url.pathname);
  if (file === null) return refuse(404, 'There is no such file.');
  const unchanged = headers['if-none-match'] === file.headers.etag;
  response.writeHead(unchanged ? 304 : 200, { ...securityHeaders, ...file.headers });
  response.end(unchanged || request.method === 'HEAD' ? undefined : file.bytes);
}

const plainText = { 'content-type': 'text/plain; charset=utf-8', 'cache-control': 'no-store' };

function hasBody({ headers }: IncomingMessage): boolean {
  const length = headers['content-length'];
  return headers['transfer-encoding'] !== undefined || (length !== undefined && length !== '0');
}

interface Exchange {
  request: IncomingMessage;
  response: ServerResponse;
  url: URL;
  site: Site;
}

/**
 * Exchanges the token for the cookie. A token that was used opens nothing, but who comes back to its
 * address with the cookie is let in by that. Only what asks for a page uses a token up.
 */
function answerToken(token: string, exchange: Exchange): void {
  const { request, response, site } = exchange;
  const { keys, version } = site;
  if (request.method === 'GET' && keys.redeem(token)) return leadOn(exchange);
  if (keys.knows(token) && hasSession(request.headers, keys)) return leadOn(exchange);
  turnAway(response, version);
}

/** Gives the cookie, and sends the browser to the same address without the token. */
function leadOn({ request, response, url, site }: Exchange): void {
  url.searchParams.delete('token');
  // A second slash in front would be another host's address.
  const clean = url.pathname.replace(/^\/+/, '/') + url.search;
  const cookie = sessionCookie(request.headers, site.keys);
  const headers = { ...securityHeaders, ...plainText, 'set-cookie': cookie };
  if (request.headers['sec-fetch-site'] === 'cross-site') {
    // After a link on another site, a redirect still counts as that site's, and would lack the
    // cookie; what this page itself goes on to does not.
    response.writeHead(200, { ...headers, refresh: `0; url=${clean}` });
  } else {
    response.writeHead(303, { ...headers, location: clean });
  }
  response.end();
}

function turnAway(response: ServerResponse, version: string): void {
  const headers = { 'content-type': 'text/html; charset=utf-8', 'cache-control': 'no-store' };
  response.writeHead(403, { ...securityHeaders, ...headers });
  response.end(`<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="color-scheme" content="light dark">
<title>Afterimage: address without a key</title>
<h1>This address has no key, or one that was used</h1>
<p>Afterimage ${version} runs here, and opens with an address that it prints in the terminal where it
was started: it ends in <code>/?token=…</code>, and each of them opens one browser, once.</p>
<p>Copy the last one from the terminal. Through <code>ssh -L</code>, put the port of your side into
it.</p>
</html>
`);
}

/** More tabs than anyone looks at; each may have answers on their way. */
const mostSockets = 64;

function acceptSockets(server: Server, keys: Keys, api: WorkbenchApi): WebSocketServer {
  const handler = createHandler(api);
  const sockets = new WebSocketServer({
    noServer: true,
    maxPayload: maxMessageBytes,
    perMessageDeflate: false,
  });
  server.on('upgrade', (request: IncomingMessage, connection: Duplex, head: Buffer) => {
    connection.on('error', () => connection.destroy());
    const refuse = (status: string): void => {
      connection.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
    };
    const isForeign = findForeign(request.headers, true) !== null;
    if (isForeign || !hasSession(request.headers, keys)) return refuse('403 Forbidden');
    if (sockets.clients.size >= mostSockets) return refuse('503 Service Unavailable');
    sockets.handleUpgrade(request, connection, head, (socket) => {
      serveSocket(handler, socket);
    });
  });
  return sockets;
}

async function listen(server: Server, port: number): Promise<void> {
  try {
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(port, '127.0.0.1', resolve);
    });
  } catch (error) {
    const reason = (error as NodeJS.ErrnoException).code === 'EADDRINUSE' ? 'taken' : String(error);
    throw new AfterimageError(
      'CONFLICT',
      `Port ${port} cannot be used: ${reason}.`,
      'Choose another port, or 0 for any that is free.',
      error,
    );
  }
}
