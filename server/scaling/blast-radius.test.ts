import { describe, expect, it } from 'vitest';
import { OPERATORS } from '@/server/processors/topology.schema';
import { blastRadius } from './blast-radius.schema';
import { DUTIES, MODULE_KEYS, MODULES, operatorsIn, SCREENS } from './module.schema';

const screensOf = (key: (typeof MODULE_KEYS)[number]) =>
  blastRadius(key).screens.map(({ screen }) => screen.name);

describe('the list of modules', () => {
  it('has every operator in one module but the log, which Redis holds', () => {
    const placed = MODULES.flatMap(({ key }) => operatorsIn(key));
    expect(placed.toSorted()).toEqual(
      OPERATORS.map(({ key }) => key)
        .filter((key) => key !== 'log')
        .toSorted(),
    );
    expect(MODULES.map(({ key }) => key)).toEqual([...MODULE_KEYS]);
  });

  it('has a screen for every operator and duty that somebody would miss', () => {
    const read = new Set(SCREENS.flatMap(({ reads }) => reads));
    const unseen = [...OPERATORS, ...DUTIES].map(({ key }) => key).filter((key) => !read.has(key));
    expect(unseen).toEqual(['log', 'identity', 'timers']);
  });
});

describe('the blast radius', () => {
  it('of the collector is everything behind it', () => {
    const { operators, stale } = blastRadius('collector');
    expect(operators).toEqual(['collector']);
    expect(stale).toHaveLength(OPERATORS.length - 1);
    expect(stale.every(({ lacks }) => lacks === null)).toBe(true);
  });

  it('of processing holds up the archive, which goes no further, and leaves the log all but transfers', () => {
    const { stale } = blastRadius('main');
    expect(stale).toContainEqual({ key: 'push', lacks: null });
    expect(stale).toContainEqual({ key: 'archive', lacks: null });
    expect(stale).toContainEqual({ key: 'log', lacks: ['transfers to other partitions'] });
    expect(screensOf('main')).toEqual(
      expect.arrayContaining(['Desk: queue', 'Desk: earlier events', 'Streams: windows']),
    );
    // What is judged is then old: a threshold on what no longer comes does not fire.
    expect(stale).toContainEqual({ key: 'thresholds', lacks: null });
    expect(screensOf('main')).toContain('Operations: alerts');
  });

  it('of the archive is history alone: no other operator lacks anything', () => {
    expect(blastRadius('archive')).toMatchObject({ operators: ['archive'], stale: [] });
    expect(screensOf('archive')).toContain('Streams: late events');
    expect(screensOf('archive')).not.toContain('Desk: queue');
    expect(screensOf('archive')).not.toContain('Operations: live figures');
  });

  it('of metrics and of jobs touches no other operator', () => {
    expect(blastRadius('metrics')).toMatchObject({ operators: ['thresholds'], stale: [] });
    expect(blastRadius('jobs')).toMatchObject({ operators: [], stale: [] });
    expect(screensOf('metrics')).toEqual(['Operations: charts over time', 'Operations: alerts']);
  });

  it('of the console is every screen', () => {
    expect(screensOf('web')).toEqual(SCREENS.map(({ name }) => name));
  });
});
