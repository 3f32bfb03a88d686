import { expect, it } from 'vitest';
import { ServerClock } from './server-clock';

it('takes the time of the page until a beat comes', () => {
  expect(new ServerClock().at(1_000)).toBe(1_000);
});

it('is not set back by a beat that was held up', () => {
  const clock = new ServerClock();
  clock.heard(50_000, 10_000);
  clock.heard(51_000, 11_900);
  expect(clock.at(12_000)).toBe(52_000);
});

it('believes a clock that was set, after ten beats', () => {
  const clock = new ServerClock();
  clock.heard(50_000, 10_000);
  for (let beat = 1; beat <= 9; beat += 1) clock.heard(20_000 + beat, 10_000 + beat);
  expect(clock.at(11_000)).toBe(51_000);
  clock.heard(20_010, 10_010);
  expect(clock.at(11_000)).toBe(21_000);
});
