/** A paste of several lines as what is said. */
import { type InputLine, replacePart } from './input-line.ts';
import { isCommand } from './submit-text.ts';

/** Nobody pastes a command of many lines; they are words that begin with a slash, and Enter must not do them. */
export const asText = (line: InputLine): InputLine =>
  isCommand(line.text) && line.text.includes('\n') ? replacePart(line, 0, 0, '/', 'stay') : line;
