import { expect, test } from 'vitest';
import { type Entry, EventLog, MAX_ENTRIES } from '../../../../src/server/console/dashboard/event-log.ts';
import { LogFilter } from '../../../../src/server/console/dashboard/log-filter.ts';
import { cameOnline, NOW, said } from './scene.ts';

const entry = (event: Entry['event']): Entry => ({ event, time: NOW });
const hello = entry(said('bob', 'Hello there'));
const dave = entry(cameOnline('dave'));
const refused = entry({ kind: 'refused', who: '10.0.0.9', code: 'server_full', text: 'no room' });
const typed = entry({ kind: 'typed', text: '/who' });
const all = [hello, dave, refused, typed];

test('each kind leaves its own, and what was typed here stays with all', () => {
  const filter = new LogFilter();
  const shown = [filter.name, all.filter((each) => filter.shows(each))];
  expect(shown).toEqual(['', all]);
  const rounds = Array.from({ length: 4 }, () => {
    filter.nextKind();
    return [filter.name, all.filter((each) => filter.shows(each))];
  });
  expect(rounds).toEqual([
    ['people only', [dave, typed]],
    ['messages only', [hello, typed]],
    ['warnings only', [refused, typed]],
    ['', all],
  ]);
});

test('words are looked for as they are shown, in capitals or not, together with the kind', () => {
  const filter = new LogFilter();
  filter.find('hELLO T');
  expect(all.filter((each) => filter.shows(each))).toEqual([hello, typed]);
  filter.nextKind();
  expect(filter.name).toBe('people only "hello t"');
  expect(all.filter((each) => filter.shows(each))).toEqual([typed]);
});

test('a narrowed log scrolls over what it shows, and forgets with the rest', () => {
  const log = new EventLog();
  const isEven = ({ event }: Entry): boolean => event.kind === 'message' && event.seq % 2 === 0;
  log.narrow('even', isEven);
  for (let i = 1; i <= MAX_ENTRIES + 10; i += 1) log.add(entry(said('bob', '', i)));
  const seqs = (): number[] => Array.from(log.upwards(), ({ event }) => (event.kind === 'message' ? event.seq : 0));
  expect(seqs().slice(0, 3)).toEqual([2010, 2008, 2006]);
  expect(seqs().at(-1)).toBe(12);
  log.scroll(2);
  expect(seqs()[0]).toBe(2006);
  log.add(entry(said('bob', '', 2011)));
  expect(log.below).toBe(2);
  log.add(entry(said('bob', '', 2012)));
  expect(log.below).toBe(3);
  log.narrow('', () => true);
  expect(log.below).toBe(0);
  expect(seqs().slice(0, 2)).toEqual([2012, 2011]);
});
