import { describe, expect, it } from 'vitest';
import { droppedFrames } from './frames';

describe('dropped frames', () => {
  it('are none while frames come as often as the screen shows them', () => {
    expect(droppedFrames([16.7, 16.6, 18.1, 15.2])).toBe(0);
    expect(droppedFrames([])).toBe(0);
  });

  it('are those for which there was time', () => {
    expect(droppedFrames([16.7, 33.3, 16.7, 66.7])).toBe(0.5);
  });
});
