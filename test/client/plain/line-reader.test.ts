import { PassThrough } from 'node:stream';
import { describe, expect, test } from 'vitest';
import { LineReader, MAX_LINE } from '../../../src/client/plain/line-reader.ts';

/** What is heard of a stream, `...` for its end. */
class Listener {
  readonly input = new PassThrough();
  readonly heard: string[] = [];
  readonly reader: LineReader;
  readonly ended = Promise.withResolvers<void>();
  onLine: (text: string) => void = () => undefined;

  constructor() {
    this.reader = new LineReader(this.input, {
      line: (text) => {
        this.heard.push(text);
        this.onLine(text);
      },
      tooLong: () => void this.heard.push('too long'),
      ended: () => {
        this.heard.push('...');
        this.ended.resolve();
      },
    });
  }
}

describe('the lines of a stream', () => {
  test('are heard one by one, the last also without its end', async () => {
    const { input, heard, reader, ended } = new Listener();
    reader.open();
    input.end('one\r\ntwo\n\nthr\u00e9e');
    await ended.promise;
    expect(heard).toEqual(['one', 'two', '', 'thrée', '...']);
  });

  test('wait while they are held, in the middle of what was read, and none is lost', async () => {
    const listener = new Listener();
    const { input, heard, reader, ended } = listener;
    const held = Promise.withResolvers<void>();
    listener.onLine = (text) => {
      if (text !== '2') return;
      reader.hold();
      held.resolve();
    };
    reader.open();
    input.end('1\n2\n3\n4');
    await held.promise;
    expect(heard).toEqual(['1', '2']);
    reader.open();
    await ended.promise;
    expect(heard).toEqual(['1', '2', '3', '4', '...']);
  });

  test('go to whoever asks something, beginning with the one behind the line that led to the question', async () => {
    const listener = new Listener();
    const { input, heard, reader } = listener;
    const asked = Promise.withResolvers<void>();
    listener.onLine = () => {
      reader.leave();
      asked.resolve();
    };
    reader.open();
    input.write('/passphrase\ncorrect horse\nbattery');
    await asked.promise;
    const answer = await new Promise<string>((resolve) => {
      input.once('data', (chunk: Buffer) => resolve(chunk.toString()));
      input.resume();
      reader.leave();
    });
    expect(answer).toBe('correct horse\nbattery');
    expect(heard).toEqual(['/passphrase']);
  });

  test('that are too long are said to be, whole, and the next one is heard', async () => {
    const { input, heard, reader, ended } = new Listener();
    reader.open();
    input.write('x'.repeat(MAX_LINE));
    input.write('y\nnext\n');
    input.end(`${'z'.repeat(MAX_LINE)}\n`);
    await ended.promise;
    expect(heard).toEqual(['too long', 'next', 'z'.repeat(MAX_LINE), '...']);
  });

  test('are heard no more once they are dropped', () => {
    const listener = new Listener();
    listener.onLine = () => listener.reader.drop();
    listener.reader.open();
    listener.input.emit('data', Buffer.from('one\ntwo\n'));
    listener.reader.open();
    expect(listener.heard).toEqual(['one']);
  });
});
