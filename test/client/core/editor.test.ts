import { describe, expect, test } from 'vitest';
import { err, ok } from '../../../src/base/result.ts';
import type { Effect } from '../../../src/client/core/event.ts';
import { MAX_INPUT } from '../../../src/client/core/input-line.ts';
import { Drive, info } from './drive.ts';

const online = (): Drive => {
  const drive = new Drive();
  drive.login([info('#lobby'), info('#dev')]);
  return drive;
};
const opened = (effects: readonly Effect[]) => effects.filter((effect) => effect.do === 'editor');

describe('the editor', () => {
  test('gets the draft by its key, and what it leaves is the draft, not yet sent', () => {
    const drive = online();
    drive.type('a draft');
    drive.key('alt-e');
    expect(opened(drive.effects)).toEqual([{ do: 'editor', tab: '#lobby', text: 'a draft' }]);
    drive.event({ type: 'edited', tab: drive.tab().room, result: ok('edited\nin two lines') });
    expect(drive.input()).toBe('edited\nin two lines');
    expect(drive.tab().pending).toEqual([]);
    drive.key('ctrl-_');
    expect(drive.input()).toBe('a draft');
  });

  test('/edit begins with what follows on it, and leaves no word of the command in the line', () => {
    const drive = online();
    drive.enter('/edit dear all,');
    expect(opened(drive.effects)).toEqual([{ do: 'editor', tab: '#lobby', text: 'dear all,' }]);
    expect(drive.input()).toBe('');
    drive.event({ type: 'edited', tab: drive.tab().room, result: ok('dear all, hello') });
    expect(drive.input()).toBe('dear all, hello');
  });

  test('takes a paste that is asked about along', () => {
    const drive = online();
    drive.paste('1\n2\n3\n4\n5\n6\n7');
    drive.key('alt-e');
    expect(opened(drive.effects)).toMatchObject([{ text: '1\n2\n3\n4\n5\n6\n7' }]);
  });

  test('by the palette gets the draft, and what a question has in its hands', () => {
    const drive = online();
    drive.type('a draft');
    drive.key('ctrl-k');
    drive.type('/edit');
    drive.key('enter');
    if (drive.state.overlay !== undefined) drive.key('enter');
    expect(opened(drive.effects)).toMatchObject([{ text: 'a draft' }]);
    drive.event({ type: 'edited', tab: drive.tab().room, result: ok('a draft') });
    drive.paste('\n1\n2\n3\n4\n5\n6\n7');
    drive.key('ctrl-k');
    drive.type('/edit other words');
    drive.key('enter');
    expect(opened(drive.effects).at(-1)).toMatchObject({ text: 'other words' });
    drive.event({ type: 'edited', tab: drive.tab().room, result: ok('other words') });
    drive.key('ctrl-_');
    expect(drive.input()).toBe('a draft\n1\n2\n3\n4\n5\n6\n7');
  });

  test('that fails leaves the draft as it was, and says why in one line', () => {
    const drive = online();
    drive.type('a draft');
    drive.key('alt-e');
    drive.event({ type: 'edited', tab: drive.tab().room, result: err('no editor is chosen') });
    expect(drive.input()).toBe('a draft');
    expect(drive.state.hint).toEqual({ text: 'no editor is chosen', bad: true });
  });

  test('is asked for once at a time', () => {
    const drive = online();
    drive.key('alt-e', 'alt-e');
    expect(opened(drive.effects)).toHaveLength(1);
    drive.event({ type: 'edited', tab: drive.tab().room, result: ok('') });
    drive.key('alt-e');
    expect(opened(drive.effects)).toHaveLength(2);
  });

  test('is not there while a password is asked for', () => {
    const drive = online();
    drive.enter('/password');
    drive.key('alt-e');
    expect(opened(drive.effects)).toEqual([]);
  });

  test('gives its text to the tab that it came from, also where another is in front', () => {
    const drive = online();
    drive.key('alt-e', 'alt-2');
    drive.event({ type: 'edited', tab: drive.tab().room, result: ok('for the lobby') });
    expect(drive.input()).toBe('');
    expect(drive.tab().draft.text).toBe('for the lobby');
    expect(drive.state.hint?.text).toBe('what you wrote is in the line of #lobby');
  });

  test('whose tab was closed meanwhile loses nothing, and tells nobody', () => {
    const drive = online();
    drive.key('alt-2', 'alt-e');
    const dev = drive.tab('#dev').room;
    drive.get({ type: 'left', room: dev, user: drive.state.self!.name } as never);
    expect(drive.tabs()).toEqual(['#lobby']);
    drive.event({ type: 'edited', tab: dev, result: ok('a long story') });
    expect(drive.input()).toBe('');
    expect(drive.notices().at(-1)).toBe('#dev was closed while you wrote: Up brings your text into the line');
    drive.key('up');
    expect(drive.input()).toBe('a long story');
  });

  test('whose tab was a private one gives the text back in that tab alone', () => {
    const drive = online();
    drive.enter('/msg bob');
    drive.key('alt-e');
    drive.enter('/leave');
    expect(drive.tabs()).not.toContain('bob');
    drive.event({ type: 'edited', tab: 'bob' as never, result: ok('between us') });
    drive.key('up');
    expect(drive.input()).not.toBe('between us');
    drive.key('ctrl-e', 'ctrl-u');
    drive.enter('/msg bob');
    drive.key('up', 'up');
    expect(drive.input()).toBe('between us');
  });

  test('never brings more into the line than it holds, nor control characters', () => {
    const drive = online();
    drive.key('alt-e');
    drive.event({ type: 'edited', tab: drive.tab().room, result: ok(`a\u001bb\r\nc${'x'.repeat(MAX_INPUT)}`) });
    expect(drive.input()).toHaveLength(MAX_INPUT);
    expect(drive.input().startsWith('ab\nc')).toBe(true);
  });
});
