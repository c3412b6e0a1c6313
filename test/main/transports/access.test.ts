import { expect, it, describe } from 'vitest';
import {
  findForeign,
  hasSession,
  Keys,
  sessionCookie,
} from '../../../src/main/transports/access.ts';

describe('the tokens of addresses', () => {
  it('are as many as are asked for, each exchanged once, which whoever issued it is told', () => {
    const keys = new Keys();
    const used: string[] = [];
    const tokens = ['a', 'b', 'c'].map((name) => keys.issue(() => used.push(name)));
    expect(new Set([...tokens, keys.session]).size).toBe(4);
    for (const token of [...tokens, keys.session]) expect(token).toMatch(/^[\w-]{43}$/);
    expect(keys.redeem(tokens[1] ?? '')).toBe(true);
    expect(used).toEqual(['b']);
    expect(keys.redeem(tokens[1] ?? '')).toBe(false);
    expect(tokens.map((token) => keys.knows(token))).toEqual([true, true, true]);
    expect([tokens[2], tokens[0]].map((token) => keys.redeem(token ?? ''))).toEqual([true, true]);
    expect(used).toEqual(['b', 'c', 'a']);
  });

  it('are no others', () => {
    const keys = new Keys();
    const token = keys.issue(() => undefined);
    const others = [
      '',
      keys.session,
      new Keys().issue(() => undefined),
      token.slice(1),
      `${token}A`,
    ];
    for (const other of others) {
      expect(keys.redeem(other)).toBe(false);
      expect(keys.knows(other)).toBe(false);
    }
    expect(keys.redeem(token)).toBe(true);
  });
});

describe('where a request comes from', () => {
  const host = '127.0.0.1:4000';

  it.each(['127.0.0.1', host, 'localhost:1', 'localhost', '[::1]:65535', '[::1]'])(
    'may be %s',
    (name) => {
      expect(findForeign({ host: name }, false)).toBeNull();
      expect(findForeign({ host: name, origin: `http://${name}` }, true)).toBeNull();
    },
  );

  it.each([
    undefined,
    '',
    'evil.example',
    'evil.example:4000',
    '127.0.0.1.evil.example',
    'evil.localhost',
    '127.0.0.1:',
    '127.0.0.1:123456',
    '127a0.0.1',
    '127.0b0.1',
  ])('is no name that somebody else may have: %s', (name) => {
    const headers = name === undefined ? {} : { host: name, origin: `http://${name}` };
    expect(findForeign(headers, false)).toBe('The Host is not this machine.');
  });

  it('is told by its Origin, which must be there where something changes', () => {
    expect(findForeign({ host }, true)).toBe('The Origin is not this server.');
    expect(findForeign({ host }, false)).toBeNull();
    for (const strict of [true, false]) {
      for (const origin of ['http://127.0.0.1:4001', 'http://localhost:4000', `https://${host}`]) {
        expect(findForeign({ host, origin }, strict)).toBe('The Origin is not this server.');
      }
    }
  });

  it.each(['cross-site', 'same-site'])('is told as %s, which may only open a page', (site) => {
    const from = (destination: string) =>
      findForeign({ host, 'sec-fetch-site': site, 'sec-fetch-dest': destination }, false);
    expect(from('image')).toBe('Another site asked for this.');
    expect(from('document')).toBeNull();
    for (const own of ['same-origin', 'none']) {
      expect(findForeign({ host, 'sec-fetch-site': own }, false)).toBeNull();
    }
  });
});

describe('the cookie', () => {
  it('is named for the port that the browser sees, and lets in whoever has it', () => {
    const keys = new Keys();
    const headers = { host: 'localhost:4000' };
    const [given = '', ...attributes] = sessionCookie(headers, keys).split('; ');
    expect(given).toBe(`afterimage-4000=${keys.session}`);
    expect(attributes).toEqual(['HttpOnly', 'SameSite=Strict', 'Path=/']);
    const isLetIn = (cookie: string, host = 'localhost:4000'): boolean =>
      hasSession({ host, cookie }, keys);
    expect(isLetIn(given)).toBe(true);
    expect(isLetIn(`theme=dark;  ${given} ;other=1`)).toBe(true);
    expect(isLetIn(`afterimage-4000=stale; ${given}`)).toBe(true);
    expect(isLetIn(given, 'localhost:4001')).toBe(false);
    expect(isLetIn(`x${given}`)).toBe(false);
    expect(isLetIn(`afterimage-4000=${new Keys().session}`)).toBe(false);
    expect(isLetIn('')).toBe(false);
    expect(hasSession(headers, keys)).toBe(false);
  });

  it('is that of port 80 where the Host says none', () => {
    const keys = new Keys();
    const cookie = sessionCookie({ host: 'localhost' }, keys).split(';')[0] ?? '';
    expect(cookie).toBe(`afterimage-80=${keys.session}`);
    expect(hasSession({ host: '127.0.0.1', cookie }, keys)).toBe(true);
    expect(hasSession({ cookie }, keys)).toBe(true);
    expect(sessionCookie({}, keys)).toContain('afterimage-80=');
  });
});
