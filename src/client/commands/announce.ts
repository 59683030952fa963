import { err } from '../../base/result.ts';
import { notWritten } from '../core/submit-text.ts';
import type { Command } from './command.ts';
import { order } from './order.ts';

export const announce: Command = {
  name: 'announce',
  aliases: [],
  args: 'text',
  help: 'tell everybody, the offline ones too',
  operators: true,
  run: (context) => {
    const text = context.args;
    if (text === '') return err('what? Write /announce restart at noon');
    const wrong = notWritten(context.state, text);
    return wrong === undefined ? order(context, { type: 'announce', text }) : err(wrong);
  },
};
