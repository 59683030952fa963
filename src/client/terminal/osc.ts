/** Operating system commands: what a terminal does beyond its screen. Sources: xterm's ctlseqs, OSC 2, 8, 52; iTerm2, OSC 9; rxvt-unicode, OSC 777. */
import { sanitizeLine } from '../../base/text/sanitize.ts';
import { truncate } from '../../base/text/wrap.ts';
import { type Kind, notification } from './kind.ts';

/** Cells of a window's title, and of a notification's. */
const MAX_TITLE = 100;
/** Cells of a notification's text: more than any of them shows. */
const MAX_NOTICE = 200;
/**
 * Bytes that are copied at once: in base64, and with what stands around it, 100,000 characters, which is the shortest
 * limit among terminals (hterm's and those that follow it).
 */
export const MAX_COPY = 74_994;
/** Characters of one piece for GNU screen, which in its oldest versions takes 256 with what stands around it. */
const SCREEN_PIECE = 240;
/** Characters of a link: what browsers and VTE take. */
const MAX_LINK = 2083;

const command = (text: string): string => `\x1b]${text}\x07`;

/** Terminals cut titles at controls, and some at what they can't show. */
const cut = (text: string, cells: number): string => truncate(sanitizeLine(text), cells);

/** Handed on by what stands between us and the terminal. tmux does so only with allow-passthrough. */
function through({ inside }: Kind, text: string): string {
  switch (inside) {
    case 'tmux':
      return `\x1bPtmux;${text.replaceAll('\x1b', '\x1b\x1b')}\x1b\\`;
    case 'screen': {
      let passed = '';
      for (let i = 0; i < text.length; i += SCREEN_PIECE) passed += `\x1bP${text.slice(i, i + SCREEN_PIECE)}\x1b\\`;
      return passed;
    }
    case undefined:
      return text;
  }
}

export const titleCommand = (title: string): string => command(`2;${cut(title, MAX_TITLE)}`);

/** @returns undefined where the terminal would not take it, or not that much. */
export function copyCommand(kind: Kind, text: string): string | undefined {
  const bytes = Buffer.from(text);
  if (!kind.commands || bytes.length === 0 || bytes.length > MAX_COPY) return undefined;
  const copy = command(`52;c;${bytes.toString('base64')}`);
  // tmux takes it itself where it is set so (set-clipboard on), and elsewhere may hand it on: the same twice is once.
  return kind.inside === 'tmux' ? copy + through(kind, copy) : through(kind, copy);
}

/** @returns undefined where the terminal has no way to tell. */
export function noticeCommand(kind: Kind, title: string, text: string): string | undefined {
  const number = notification(kind);
  const head = cut(title, MAX_TITLE);
  const body = cut(text, MAX_NOTICE);
  // A semicolon ends the title; a number at the start of a text is a command of its own to some (progress).
  if (number === 777) return through(kind, command(`777;notify;${head.replaceAll(';', ',')};${body}`));
  return number === 9 ? through(kind, command(`9;${head.replace(/^(?=\d)/, '- ')}: ${body}`)) : undefined;
}

/** What a link may be: nothing that ends a command, and no scheme that does more than show something. */
const LINK = /^(?:https?:\/\/|mailto:)[\x21-\x7e]+$/i;

/** @param id the same for all parts of one link, so that it is shown as one. Undefined: no link from here on. */
export function linkCommand(link: string | undefined, id: number): string {
  return link === undefined ? '\x1b]8;;\x1b\\' : `\x1b]8;id=u${id};${link}\x1b\\`;
}

/** A link as it may be sent; undefined where it may not. */
export function safeLink(link: string | undefined): string | undefined {
  return link !== undefined && link.length <= MAX_LINK && LINK.test(link) ? link : undefined;
}
