/**
 * Text from others made harmless to show: what comes out can't move the cursor, start an escape sequence, change the
 * direction of what stands beside it, pretend to be another text, or hide. What a reader would miss is shown as U+FFFD;
 * what no reader sees is removed.
 *
 * One stand-in, U+FFFD, for all that can't be shown, not the pictures of control characters (␛): it means one thing only,
 * nobody types it, and most terminal fonts have it.
 *
 * Direction controls are removed, not balanced: terminals treat them each in their own way, a line may be cut anywhere by
 * a narrow window, and the letters of right-to-left scripts carry their direction themselves.
 */
import { graphemes } from './graphemes.ts';
import { clusterWidth } from './width.ts';

/** Cells a tab is replaced by. */
const TAB = '    ';
const STAND_IN = '\ufffd';
/** Carries marks that have nothing before them on their line, so that they don't sit on what the screen shows there. */
const MARK_CARRIER = '\u25cc';

/** Marks on one character: Vietnamese needs 2, pointed Hebrew 5, a Tibetan stack 8; beyond is only mischief. */
export const MAX_MARKS = 8;
/** Joiners in one emoji: the longest in use, a family of four or a kiss, has 3; a fifth picture would hide in two cells. */
const MAX_EMOJI_JOINERS = 3;

const PLAIN_LINE = /^[\x20-\x7e]*$/;
const PLAIN_TEXT = /^[\n\x20-\x7e]*$/;
/** Whatever one of the steps below would touch, and what decides about its neighbours. */
const SUSPECT = /[\p{C}\p{M}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\u1160-\u11ff\ud7b0-\ud7ff]/u;

/** CR LF, CR, LF, VT, FF, NEL, LS, PS: all that Unicode (UAX #14, BK CR LF NL) breaks lines at. */
const LINE_END = /\r\n|[\r\n\v\f\x85\u2028\u2029]/g;

/**
 * Unseen: format characters and all that is ignorable by definition (bidi controls, zero-width spaces, soft hyphen, word
 * joiner, byte order mark, Hangul fillers, language tag …), but for the visible number signs, and for joiners, emoji
 * variation selectors and tags, about which the steps after this one decide.
 */
const UNSEEN =
  /[[\p{Cf}\p{Default_Ignorable_Code_Point}]--[\u0600-\u0605\u06dd\u070f\u0890\u0891\u08e2\u{110bd}\u{110cd}]--[\ufe0e-\ufe0f\u200c-\u200d\u{e0020}-\u{e007f}]]/gv;
/** Controls, lone surrogates, private use, unassigned and noncharacters: not to be shown, or of unknown width. */
const UNSHOWABLE = /[[\p{Cc}\p{Cs}\p{Co}\p{Cn}]--[\n]]/gv;
/** Tags spell a region's flag in the three sequences that are in use (England, Scotland, Wales), else hidden text. */
const TAGS = /\p{RGI_Emoji_Tag_Sequence}|[\u{e0020}-\u{e007f}]/gv;
/** A variation selector chooses between text and picture right after a pictograph, and makes a keycap; else it is unseen. */
const SELECTORS = /(?<!\p{ExtPict})\ufe0e|(?<!\p{ExtPict})(?<![0-9#*](?=\ufe0f\u20e3))\ufe0f/gu;
/** Marks, and what else joins the character before without a cell of its own. */
const MARKS = new RegExp(
  `([\\p{M}\\u200c\\u200d\\u1160-\\u11ff\\ud7b0-\\ud7ff]{${MAX_MARKS}})[\\p{M}\\u200c\\u200d\\u1160-\\u11ff\\ud7b0-\\ud7ff]+`,
  'gu',
);

const PICTURE = '\\p{ExtPict}(?:\\ufe0f|\\p{EMod})?';
/** Scripts whose letters change shape by their neighbours, so that a joiner between two of them is part of the spelling. */
const JOINED = `Arabic Syriac Nko Mandaic Mongolian Phags_Pa Adlam Hanifi_Rohingya
  Devanagari Bengali Gurmukhi Gujarati Oriya Tamil Telugu Kannada Malayalam Sinhala
  Myanmar Khmer Tibetan Balinese Javanese Grantha Tirhuta Chakma`
  .split(/\s+/)
  .map((script) => `\\p{scx=${script}}`)
  .join('');
const LETTER = `[[${JOINED}]&&[\\p{L}\\p{M}]]`;
const JOINERS = new RegExp(
  `${PICTURE}(?:\\u200d${PICTURE})+|(?<=${LETTER})[\\u200c\\u200d](?=${LETTER})|([\\u200c\\u200d])`,
  'gv',
);
const LEADING_MARK = /^(?=\p{M})/gmu;
const JAMO = /[\u1160-\u11ff\ud7b0-\ud7ff]/;

function joiners(match: string, stray: string | undefined): string {
  if (stray !== undefined) return '';
  const pictures = match.split('\u200d');
  // Not joined, the pictures stand side by side: nothing is hidden.
  return pictures.length - 1 > MAX_EMOJI_JOINERS ? pictures.join('') : match;
}

/** Every cluster that would take no cell at all is shown as one that does. */
function giveCells(text: string): string {
  return graphemes(text)
    .map((cluster) => (cluster !== '\n' && clusterWidth(cluster) === 0 ? STAND_IN : cluster))
    .join('');
}

function clean(text: string, lineEnd: string): string {
  if (!SUSPECT.test(text)) return text;
  const shown = text
    .replace(LINE_END, lineEnd)
    .replaceAll('\t', TAB)
    .replace(UNSEEN, '')
    .replace(UNSHOWABLE, STAND_IN)
    .replace(TAGS, (match) => (match.length > 2 ? match : ''))
    .replace(SELECTORS, '')
    .replace(MARKS, '$1')
    .replace(JOINERS, joiners)
    .replace(LEADING_MARK, MARK_CARRIER);
  return JAMO.test(shown) ? giveCells(shown) : shown;
}

/** One line: line ends become spaces. */
export const sanitizeLine = (text: string): string => (PLAIN_LINE.test(text) ? text : clean(text, ' '));

/** Several lines: every line end becomes `\n`, the only control character that is left. */
export const sanitizeText = (text: string): string => (PLAIN_TEXT.test(text) ? text : clean(text, '\n'));
