import { ok } from '../../base/result.ts';
import { openEditor } from '../core/editor.ts';
import type { Command } from './command.ts';
import { findCommand } from './find.ts';

export const edit: Command = {
  name: 'edit',
  aliases: ['editor'],
  args: '[text]',
  help: 'write in your own editor: $VISUAL or $EDITOR',
  screen: true,
  run: ({ state, tab, args, commands }) => {
    // By a key or the palette there is a draft; where the command itself stands in the line, there is none.
    const [typed = ''] = /^\/\S+/u.exec(tab.draft.text) ?? [];
    const isInLine = findCommand(commands, typed.slice(1))?.name === 'edit';
    return ok(openEditor(state, tab, args !== '' || isInLine ? args : undefined));
  },
};
