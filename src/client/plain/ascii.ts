/** For terminals without UTF-8: what there is in ASCII for a text. */

const STAND_INS: Readonly<Record<string, string>> = {
  '…': '...',
  '·': '-',
  '↳': '>',
  '’': "'",
  '‘': "'",
  '“': '"',
  '”': '"',
  '–': '-',
  '—': '-',
  ß: 'ss',
  æ: 'ae',
  ø: 'o',
  ł: 'l',
  đ: 'd',
  œ: 'oe',
};

/** Letters lose their accents; what has no letter of ASCII is a question mark. Newlines stay. */
export const ascii = (text: string): string =>
  text
    .replaceAll(/[^\0-\x7f]/gu, (character) => STAND_INS[character] ?? character)
    .normalize('NFKD')
    .replaceAll(/\p{M}/gu, '')
    .replaceAll(/[^\0-\x7f]/gu, '?');
