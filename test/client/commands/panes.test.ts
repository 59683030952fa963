import { describe, expect, test } from 'vitest';
import { tabName } from '../../../src/client/core/lookup.ts';
import { tabOfPane } from '../../../src/client/core/panes/panes.ts';
import { paneIds } from '../../../src/client/core/panes/tree.ts';
import { Drive, info } from '../core/drive.ts';

const two = (): Drive => {
  const drive = new Drive({ columns: 160, rows: 48 });
  drive.login([info('#lobby'), info('#dev')]);
  return drive;
};
const shown = ({ state }: Drive): string[] =>
  paneIds(state.panes.tree).map((id) => {
    const tab = tabOfPane(state, id);
    return tab === undefined ? '' : tabName(tab);
  });

describe('/pane', () => {
  test('does what the keys do', () => {
    const drive = two();
    drive.enter('/pane right');
    expect(shown(drive)).toEqual(['#lobby', '#dev']);
    expect(drive.active()).toBe('#dev');
    drive.enter('/pane Next');
    expect(drive.active()).toBe('#lobby');
    drive.enter('/pane only');
    expect(shown(drive)).toEqual(['#lobby']);
  });

  test.each(['', 'left-ish', 'constructor'])('says which words there are: /pane %s', (word) => {
    const drive = two();
    drive.enter(`/pane ${word}`);
    expect(drive.state.hint?.text).toMatch(/^write \/pane and one of these: right, below, .*close$/);
    expect(shown(drive)).toEqual(['#lobby']);
  });

  test('completes them', () => {
    const drive = two();
    drive.type('/pane zo');
    drive.key('tab');
    expect(drive.input()).toBe('/pane zoom ');
  });
});

describe('/bare', () => {
  test('shows only the text', () => {
    const drive = two();
    drive.enter('/bare');
    expect(drive.state.bare?.tab).toBe(drive.tab());
    expect(drive.input()).toBe('');
  });
});
