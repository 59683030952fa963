import type { Frame, Role } from '../../src/client/view/cells.ts';

/** A frame as text, without the blanks at the ends of its lines. */
export const renderFrame = (frame: Frame): string =>
  frame.rows
    .map((row) =>
      row
        .map(({ text }) => text)
        .join('')
        .trimEnd(),
    )
    .join('\n');

/** What a frame shows in one role, piece by piece from the top left. */
export const inRole = (frame: Frame, role: Role): string[] =>
  frame.rows.flatMap((row) =>
    row.filter((run) => run.role === role && run.text.trim() !== '').map(({ text }) => text.trim()),
  );
