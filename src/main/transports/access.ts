/**
 * Who may talk to the loopback server.
 *
 * Binding to 127.0.0.1 keeps other machines out, but not the pages of other sites in the user's own
 * browser, nor other users of this machine. What keeps those out:
 *
 * - Other users, and anything that is not the user's browser, know neither the token of an address nor
 *   the cookie that it is exchanged for (256 random bits each). A token is exchanged once: whoever
 *   reads it later, in a terminal's history or a browser's, has nothing. It is in no command line,
 *   which every user may read.
 * - A page of another site: its requests lack the cookie (SameSite=Strict), and carry an Origin that
 *   is not the Host's. A WebSocket handshake always carries an Origin, and must have both right.
 * - DNS rebinding: a page of evil.example whose name is made to point to 127.0.0.1 is same-origin
 *   with itself, so that Origin equals Host; but both say evil.example, which is no loopback name. The
 *   names that are accepted resolve in the browser and the hosts file, never in an attacker's DNS.
 *   Its port may be any, because `ssh -L` may map this server to another; the port adds no safety
 *   here, since Origin (port included) must equal Host and no page can set either. The cookie was set
 *   for another host name, and would not be sent either.
 * - A page of another local server, on another port: for cookies that is the same site, so its
 *   requests do carry the cookie; but its Origin has the other port, and requests without Origin
 *   (images, scripts) are told by Sec-Fetch-Site, and their answers unreadable by CORP. The server
 *   behind such a page also receives the cookie when the user visits it: who opens pages of other
 *   users' servers as localhost trusts them.
 */
import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';

const loopbackHost = /^(?:127\.0\.0\.1|localhost|\[::1\])(?::(\d{1,5}))?$/;

const secret = (): string => randomBytes(32).toString('base64url');

interface Token {
  text: string;
  /** Called when it is exchanged; null afterwards. */
  onUse: (() => void) | null;
}

/** The secrets of one server: tokens for addresses, each good once, and the cookie's session. */
export class Keys {
  readonly session = secret();
  readonly #tokens: Token[] = [];

  issue(onUse: () => void): string {
    const token = { text: secret(), onUse };
    this.#tokens.push(token);
    return token.text;
  }

  /** Exchanges a token, once; false for one that was used or is none of these. */
  redeem(text: string): boolean {
    const token = this.#find(text);
    const onUse = token?.onUse ?? null;
    if (!token || onUse === null) return false;
    token.onUse = null;
    onUse();
    return true;
  }

  /** Whether it was a token once, be it used. */
  knows(text: string): boolean {
    return this.#find(text) !== undefined;
  }

  #find(given: string): Token | undefined {
    return this.#tokens.find(({ text }) => isSecret(given, text));
  }
}

/** Compares in a time that does not tell how much of it was right. */
function isSecret(given: string, expected: string): boolean {
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(given), digest(expected));
}

/**
 * Why a request is refused for where it comes from; null where it may go on. `strict` (WebSocket
 * upgrades, methods that change things) wants an Origin.
 */
export function findForeign(headers: IncomingHttpHeaders, strict: boolean): string | null {
  const { host = '', origin } = headers;
  if (!loopbackHost.test(host)) return 'The Host is not this machine.';
  if (origin === undefined ? strict : origin !== `http://${host}`) {
    return 'The Origin is not this server.';
  }
  const site = headers['sec-fetch-site'];
  const foreign = site === 'cross-site' || site === 'same-site';
  if (foreign && headers['sec-fetch-dest'] !== 'document') return 'Another site asked for this.';
  return null;
}

/**
 * Cookies do not tell ports apart, but servers are told apart by the port that the browser sees them
 * at, which two tunnels to equal ports cannot share: so it is part of the name.
 */
function cookieName(headers: IncomingHttpHeaders): string {
  const port = loopbackHost.exec(headers.host ?? '')?.[1] ?? '80';
  return `afterimage-${port}`;
}

export function sessionCookie(headers: IncomingHttpHeaders, keys: Keys): string {
  return `${cookieName(headers)}=${keys.session}; HttpOnly; SameSite=Strict; Path=/`;
}

export function hasSession(headers: IncomingHttpHeaders, keys: Keys): boolean {
  const prefix = `${cookieName(headers)}=`;
  const cookies = (headers.cookie ?? '').split(';').map((cookie) => cookie.trim());
  return cookies.some(
    (cookie) => cookie.startsWith(prefix) && isSecret(cookie.slice(prefix.length), keys.session),
  );
}
