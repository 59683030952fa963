import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { linksIn, MAX_LINK_CHARS } from '../../../src/base/text/links.ts';
import { sanitizeText } from '../../../src/base/text/sanitize.ts';

/** The addresses as they stand in the text. */
const found = (text: string): string[] => linksIn(text).map(({ start, end }) => text.slice(start, end));

const NAUGHTY = JSON.parse(
  readFileSync(new URL('../../data/naughty-strings.json', import.meta.url), 'utf8'),
) as readonly string[];

describe('an address', () => {
  test('is found wherever it stands, several in a line', () => {
    expect(found('https://box/log/4012')).toEqual(['https://box/log/4012']);
    expect(found('see http://a.example/x?y=1#z and HTTPS://B.example, then ftp://c/d')).toEqual([
      'http://a.example/x?y=1#z',
      'HTTPS://B.example',
      'ftp://c/d',
    ]);
    expect(found('no address: a://b, https://, xhttp://a, mailto:bob@box, //box/log')).toEqual([]);
  });

  test.each([
    ['(https://a.example/b)', 'https://a.example/b'],
    ['(see https://a.example/b).', 'https://a.example/b'],
    ['https://en.example/wiki/Disk_(disambiguation)', 'https://en.example/wiki/Disk_(disambiguation)'],
    ['(https://en.example/wiki/Disk_(disambiguation))', 'https://en.example/wiki/Disk_(disambiguation)'],
    ['[log](https://a.example/b)', 'https://a.example/b'],
    ['<https://a.example/b>', 'https://a.example/b'],
    ['"https://a.example/b"', 'https://a.example/b'],
    ['**https://a.example/b**', 'https://a.example/b'],
    ['is it https://a.example/b?', 'https://a.example/b'],
    ['https://a.example/b...', 'https://a.example/b'],
    ['https://a.example/b!?', 'https://a.example/b'],
    ['https://a.example/?q=[1]', 'https://a.example/?q=[1]'],
    ['https://a.example:8443/b;', 'https://a.example:8443/b'],
    ['http://[::1]:8080/x', 'http://[::1]:8080/x'],
    ['見て：https://a.example/b。次', 'https://a.example/b'],
    ['「https://a.example/b」', 'https://a.example/b'],
    ['https://a.example/b…', 'https://a.example/b'],
  ])('in %s ends where the sentence goes on', (text, address) => {
    expect(found(text)).toEqual([address]);
  });

  test('leads where it says, in plain ASCII', () => {
    expect(linksIn('https://bücher.example/ä?q=ö')).toEqual([
      { start: 0, end: 28, href: 'https://xn--bcher-kva.example/%C3%A4?q=%C3%B6' },
    ]);
  });

  test('of a scheme that opens what lies here, or runs it, is none', () => {
    expect(found('file:///etc/passwd javascript://a.example/%0aalert(1) data://a,b vbscript://x ssh://a/b')).toEqual(
      [],
    );
  });

  test('that no terminal takes is none', () => {
    const long = `https://a.example/${'x'.repeat(MAX_LINK_CHARS)}`;
    expect(found(`${long} https://b.example`)).toEqual(['https://b.example']);
    expect(found('https://a b https://999.999.1.1:x/ http://:80')).toEqual(['https://a']);
  });
});

describe('whatever the text', () => {
  const text = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 200 }),
    fc.constantFrom(...NAUGHTY),
    fc
      .array(
        fc.constantFrom('http://', 'https://', 'a', '.', '(', ')', ']', '[', '://', '\u0301', '\u202e', '%', ' ', '👍'),
        {
          maxLength: 60,
        },
      )
      .map((parts) => parts.join('')),
  );

  test('its addresses lie one after the other inside it, and are printable ASCII', () => {
    fc.assert(
      fc.property(text, (raw) => {
        const safe = sanitizeText(raw);
        let last = 0;
        for (const { start, end, href } of linksIn(safe)) {
          expect(start).toBeGreaterThanOrEqual(last);
          expect(end).toBeGreaterThan(start);
          expect(end).toBeLessThanOrEqual(safe.length);
          expect(href).toMatch(/^[a-z]+:\/\/[\x21-\x7e]+$/);
          expect(safe.slice(start, end)).not.toMatch(/\s/);
          last = end;
        }
      }),
      { numRuns: 2000 },
    );
  });

  test('a text of brackets alone costs no more than any other', () => {
    expect(found(`http://a${')'.repeat(8000)}`)).toEqual(['http://a']);
    expect(found(`http://a${'('.repeat(900)}${')'.repeat(900)}`)).toHaveLength(1);
  });
});
