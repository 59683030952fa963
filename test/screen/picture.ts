/** A picture of an xterm's screen: SVG as text, and PNG of the same cells. */
import { existsSync } from 'node:fs';
import { createCanvas, GlobalFonts } from '@napi-rs/canvas';
import type { IBufferCell, Terminal } from '@xterm/headless';

const CELL = { width: 9, height: 20, baseline: 15, font: 15 } as const;
const PADDING = 12;
const BACKGROUND = '#16181d';
const FOREGROUND = '#d4d7dd';
const CURSOR = '#8fb8e8';
/** The sixteen of the terminal, calm and dark. */
const BASE = [
  '#16181d',
  '#d0605e',
  '#7fae6b',
  '#c8a05a',
  '#5f8fc9',
  '#a87fc0',
  '#5fb0b0',
  '#c4c8cf',
  '#5c6370',
  '#e57a77',
  '#9ac784',
  '#e2c07a',
  '#82aee6',
  '#c29ad8',
  '#82cbcb',
  '#ffffff',
] as const;
const FONTS = [
  ['/usr/share/fonts/truetype/dejavu/DejaVuSansMono.ttf', 'Picture Mono'],
  ['/usr/share/fonts/truetype/dejavu/DejaVuSansMono-Bold.ttf', 'Picture Mono'],
  ['/usr/share/fonts/truetype/noto/NotoColorEmoji.ttf', 'Picture Emoji'],
  ['/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc', 'Picture CJK'],
] as const;
const FAMILY =
  '"Picture Mono", "DejaVu Sans Mono", "Picture Emoji", "Noto Color Emoji", "Picture CJK", "Noto Sans CJK SC", monospace';
const LEVELS = [0, 95, 135, 175, 215, 255] as const;

/** xterm's 256 colours: 16 of the theme, a cube of 6 x 6 x 6, 24 greys. */
function color(index: number): string {
  const base = BASE[index];
  if (base !== undefined) return base;
  if (index >= 232) {
    const grey = 8 + (index - 232) * 10;
    return `rgb(${grey},${grey},${grey})`;
  }
  const at = index - 16;
  const [red, green, blue] = [Math.floor(at / 36), Math.floor(at / 6) % 6, at % 6].map((level) => LEVELS[level]);
  return `rgb(${red},${green},${blue})`;
}

interface Glyph {
  readonly x: number;
  readonly y: number;
  readonly text: string;
  readonly width: number;
  readonly fg: string;
  readonly bg: string | undefined;
  readonly bold: boolean;
  readonly underline: boolean;
}

/** What a terminal has where a program says nothing. */
export interface Own {
  readonly background: string;
  readonly foreground: string;
}

const DARK: Own = { background: BACKGROUND, foreground: FOREGROUND };

function glyphOf(cell: IBufferCell, x: number, y: number, own: Own): Glyph {
  const rgb = (value: number): string => `#${value.toString(16).padStart(6, '0')}`;
  const fg = cell.isFgDefault() ? own.foreground : cell.isFgRGB() ? rgb(cell.getFgColor()) : color(cell.getFgColor());
  const bg = cell.isBgDefault() ? undefined : cell.isBgRGB() ? rgb(cell.getBgColor()) : color(cell.getBgColor());
  const isInverse = cell.isInverse() !== 0;
  return {
    x,
    y,
    text: cell.getChars(),
    width: cell.getWidth(),
    fg: isInverse ? (bg ?? own.background) : fg,
    bg: isInverse ? fg : bg,
    bold: cell.isBold() !== 0,
    underline: cell.isUnderline() !== 0,
  };
}

/** Lines that must meet at the edges of their cells, which a font's own don't: the arms from the middle. */
const LINES: Readonly<Record<string, string>> = {
  '─': 'left right',
  '│': 'up down',
  '┴': 'left right up',
  '┬': 'left right down',
  '├': 'up down right',
  '┤': 'up down left',
  '┼': 'left right up down',
};

function arms({ x, y, text }: Glyph): { x: number; y: number; width: number; height: number }[] {
  const [left, top] = [PADDING + x * CELL.width, PADDING + y * CELL.height];
  const [middleX, middleY] = [left + CELL.width / 2 - 0.5, top + CELL.height / 2 - 0.5];
  return (LINES[text] ?? '').split(' ').flatMap((arm) => {
    if (arm === 'left') return [{ x: left, y: middleY, width: CELL.width / 2 + 0.5, height: 1 }];
    if (arm === 'right') return [{ x: middleX, y: middleY, width: CELL.width / 2 + 0.5, height: 1 }];
    if (arm === 'up') return [{ x: middleX, y: top, width: 1, height: CELL.height / 2 + 0.5 }];
    if (arm === 'down') return [{ x: middleX, y: middleY, width: 1, height: CELL.height / 2 + 0.5 }];
    return [];
  });
}

/** The backgrounds, neighbours of one colour in one piece. */
function grounds(all: readonly Glyph[]): { x: number; y: number; width: number; bg: string }[] {
  const pieces: { x: number; y: number; width: number; bg: string }[] = [];
  for (const { x, y, width, bg } of all) {
    const last = pieces.at(-1);
    if (bg === undefined) continue;
    if (last !== undefined && last.bg === bg && last.y === y && last.x + last.width === x) last.width += width;
    else pieces.push({ x, y, width, bg });
  }
  return pieces;
}

function glyphs(terminal: Terminal, own: Own): Glyph[] {
  const { active } = terminal.buffer;
  const found: Glyph[] = [];
  for (let y = 0; y < terminal.rows; y += 1) {
    const line = active.getLine(active.baseY + y);
    for (let x = 0; x < terminal.cols; x += 1) {
      const cell = line?.getCell(x);
      if (cell !== undefined && cell.getWidth() > 0) found.push(glyphOf(cell, x, y, own));
    }
  }
  return found;
}

const sizeOf = ({ cols, rows }: Terminal): { width: number; height: number } => ({
  width: cols * CELL.width + 2 * PADDING,
  height: rows * CELL.height + 2 * PADDING,
});

const escaped = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

export function svgOf(terminal: Terminal): string {
  const { width, height } = sizeOf(terminal);
  const parts = [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}">`,
    `<rect width="100%" height="100%" rx="8" fill="${BACKGROUND}"/>`,
    `<g font-family="${FAMILY.replaceAll('"', "'")}" font-size="${CELL.font}" xml:space="preserve">`,
  ];
  const all = glyphs(terminal, DARK);
  for (const { x, y, width: cells, bg } of grounds(all)) {
    const [left, top] = [PADDING + x * CELL.width, PADDING + y * CELL.height];
    parts.push(`<rect x="${left}" y="${top}" width="${cells * CELL.width}" height="${CELL.height}" fill="${bg}"/>`);
  }
  for (const glyph of all) {
    const { x, y, text, fg, bold, underline, width: cells } = glyph;
    const lines = arms(glyph);
    for (const arm of lines) {
      parts.push(`<rect x="${arm.x}" y="${arm.y}" width="${arm.width}" height="${arm.height}" fill="${fg}"/>`);
    }
    const [left, base] = [PADDING + x * CELL.width, PADDING + y * CELL.height + CELL.baseline];
    if (underline)
      parts.push(`<rect x="${left}" y="${base + 2}" width="${cells * CELL.width}" height="1" fill="${fg}"/>`);
    if (lines.length > 0 || text.trim() === '') continue;
    parts.push(
      `<text x="${left}" y="${base}" fill="${fg}"${bold ? ' font-weight="bold"' : ''}>${escaped(text)}</text>`,
    );
  }
  return `${parts.join('\n')}\n</g></svg>\n`;
}

let hasFonts = false;

function loadFonts(): void {
  if (hasFonts) return;
  hasFonts = true;
  for (const [file, name] of FONTS) if (existsSync(file)) GlobalFonts.registerFromPath(file, name);
}

/** @param scale pixels per unit: 2 for screens with small pixels. */
export function pngOf(terminal: Terminal, scale = 2, own = DARK): Buffer {
  loadFonts();
  const { width, height } = sizeOf(terminal);
  const canvas = createCanvas(width * scale, height * scale);
  const context = canvas.getContext('2d');
  context.scale(scale, scale);
  context.fillStyle = own.background;
  context.fillRect(0, 0, width, height);
  const all = glyphs(terminal, own);
  for (const { x, y, width: cells, bg } of grounds(all)) {
    context.fillStyle = bg;
    context.fillRect(PADDING + x * CELL.width, PADDING + y * CELL.height, cells * CELL.width, CELL.height);
  }
  for (const glyph of all) {
    const { x, y, text, fg, bold, underline, width: cells } = glyph;
    context.fillStyle = fg;
    const lines = arms(glyph);
    for (const arm of lines) context.fillRect(arm.x, arm.y, arm.width, arm.height);
    const [left, top] = [PADDING + x * CELL.width, PADDING + y * CELL.height];
    // Under blanks too: a field that waits to be filled in.
    if (underline) context.fillRect(left, top + CELL.baseline + 2, cells * CELL.width, 1);
    if (lines.length > 0 || text.trim() === '') continue;
    context.font = `${bold ? 'bold ' : ''}${CELL.font}px ${FAMILY}`;
    context.fillText(text, left, top + CELL.baseline);
  }
  const { cursorX, cursorY } = terminal.buffer.active;
  context.fillStyle = CURSOR;
  context.fillRect(PADDING + cursorX * CELL.width, PADDING + cursorY * CELL.height + 1, 2, CELL.height - 2);
  return canvas.toBuffer('image/png');
}
