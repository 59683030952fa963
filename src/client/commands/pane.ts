import { err, ok } from '../../base/result.ts';
import { actOnPanes, type PaneAction } from '../core/panes/actions.ts';
import type { Command } from './command.ts';

/** Cells that a border moves with one command. */
const STEP = 5;

const DEEDS: ReadonlyMap<string, PaneAction> = new Map<string, PaneAction>([
  ['right', { kind: 'splitPane', side: 'right' }],
  ['below', { kind: 'splitPane', side: 'below' }],
  ['next', { kind: 'focusPane', to: 'next' }],
  ['last', { kind: 'focusPane', to: 'last' }],
  ['swap', { kind: 'swapPane', to: 'next' }],
  ['wider', { kind: 'resizePane', to: 'right', cells: STEP }],
  ['narrower', { kind: 'resizePane', to: 'left', cells: STEP }],
  ['lower', { kind: 'resizePane', to: 'up', cells: STEP }],
  ['higher', { kind: 'resizePane', to: 'down', cells: STEP }],
  ['zoom', { kind: 'zoomPane' }],
  ['even', { kind: 'evenPanes' }],
  ['only', { kind: 'onlyPane' }],
  ['close', { kind: 'closePane' }],
]);
const WORDS = [...DEEDS.keys()];

export const pane: Command = {
  name: 'pane',
  aliases: ['split'],
  args: 'right | below | next | zoom | only | close | ...',
  help: 'divide the screen, each part with a chat',
  screen: true,
  complete: () => WORDS,
  run: ({ state, args }) => {
    const deed = DEEDS.get(args.toLowerCase());
    if (deed === undefined) return err(`write /pane and one of these: ${WORDS.join(', ')}`);
    actOnPanes(state, deed);
    return ok([]);
  },
};
