import { expect, test } from 'vitest';
import { view } from '../../src/client/view/view.ts';
import { Headless } from './headless.ts';
import { pngOf, svgOf } from './picture.ts';
import { morning, NOW } from './scene.ts';

test('a picture shows what is on the screen, in its colours', async () => {
  const screen = new Headless();
  screen.terminal.draw(view(morning(), { now: NOW, mono: 0 }));
  await screen.settle();
  const svg = svgOf(screen.xterm);
  // The rule above the input, the name in the list in its own colour, and a bar in one piece.
  expect(svg.match(/<text[^>]*>b<\/text>/g)?.length).toBeGreaterThan(3);
  expect(svg).toContain('fill="rgb(48,48,48)"');
  expect(svg).not.toContain('NaN');
  screen.close();
});

test('a PNG has the size of its cells, times the scale', () => {
  const screen = new Headless({ columns: 20, rows: 5 });
  const png = pngOf(screen.xterm, 2);
  expect(png.subarray(1, 4).toString()).toBe('PNG');
  // IHDR: width and height.
  expect([png.readUInt32BE(16), png.readUInt32BE(20)]).toEqual([2 * (20 * 9 + 24), 2 * (5 * 20 + 24)]);
  screen.close();
});
