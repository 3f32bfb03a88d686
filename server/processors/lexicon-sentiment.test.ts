import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { lexiconSentiment } from './lexicon-sentiment';
import { sentimentFeatures } from './sentiment-features';
import { labelOf } from './sentiment-label.schema';

const labelled = (text: string) => labelOf(lexiconSentiment.score(text).score);

describe('what a turn is called', () => {
  // Of VADER's README. Its slang (“Today SUX!”) is not what customers write, and is not known here.
  it.each([
    ['VADER is smart, handsome, and funny.', 'positive'],
    ['The book was good.', 'neutral'],
    ['VADER is not smart, handsome, nor funny.', 'negative'],
    ['At least it isn’t a horrible book.', 'neutral'],
    ['The plot was good, but the characters are uncompelling and the dialog is not great.', 'neutral'],
  ])('%s is %s', (text, label) => {
    expect(labelled(text)).toBe(label);
  });

  it.each([
    ['It still does not work', 'negative'],
    ['I have a problem with my bill', 'negative'],
    ['Nobody is able to help me', 'negative'],
    ['😡', 'negative'],
    ['Thank you so much, you have been really helpful', 'positive'],
    ['Thanks, that is perfect!', 'positive'],
    ['I would like to know the price', 'neutral'],
    ['The order number is 12', 'neutral'],
    ['My name is #NAME#', 'neutral'],
  ])('%s is %s', (text, label) => {
    expect(labelled(text)).toBe(label);
  });

  it('a neutral turn scores nothing, so that many of them leave the mood of a contact as it is', () => {
    expect(lexiconSentiment.score('The order number is 12').score).toBe(0);
  });

  it('worse words score less, better ones more', () => {
    const scores = ['this is terrible, I hate it', 'this is terrible', 'this is it', 'I love it'].map(
      (text) => lexiconSentiment.score(text).score,
    );
    expect(scores).toEqual(scores.toSorted((a, b) => a - b));
    expect(new Set(scores).size).toBe(4);
  });

  it('tells the words that made it, as they were written but for capitals', () => {
    expect(lexiconSentiment.score('This is AWFUL and I hate it').triggerWords).toEqual(['hate', 'awful']);
    expect(lexiconSentiment.score('It does not work').triggerWords).toContain('not');
  });
});

describe('negation', () => {
  const keys = (text: string) => sentimentFeatures(text).map(({ key }) => key);

  it('reaches three words, and not over a mark or a "but"', () => {
    expect(keys('not at all good today')).toEqual(['not', '~at', '~all', '~good', 'today']);
    expect(keys('No! good')).toEqual(['no', '!', 'good']);
    expect(keys('not cheap but good')).toEqual(['not', '~cheap', 'but', 'good']);
  });

  it('is known with either apostrophe', () => {
    expect(keys('it isn’t good')).toEqual(keys("it isn't good"));
    expect(keys("it isn't good")).toEqual(['it', "isn't", '~good']);
  });
});

describe('whatever is said', () => {
  it.each([
    '',
    ' ',
    '12 345',
    '…',
    '这很糟糕',
    'это ужасно',
    'هذا سيئ',
    '\u{1F9FF}',
    '\uD83D',
    '#NAME# #URL#',
  ])('%j, of which no word is known, is neutral and unsure', (text) => {
    expect(lexiconSentiment.score(text)).toEqual({ score: 0, confidence: 0.3, triggerWords: [] });
  });

  it('scores in −1…1, is sure in 0…1, and says the same again', () => {
    const words = fc.constantFrom(
      'great',
      'awful',
      'not',
      'but',
      'help',
      '!',
      '😡',
      '#A#',
      'constructor',
      '__proto__',
      "n't",
    );
    const texts = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 200 }),
      fc.array(words).map((all) => all.join(' ')),
    );
    fc.assert(
      fc.property(texts, (text) => {
        const reading = lexiconSentiment.score(text);
        expect(Math.abs(reading.score)).toBeLessThanOrEqual(1);
        expect(reading.confidence).toBeGreaterThanOrEqual(0);
        expect(reading.confidence).toBeLessThanOrEqual(1);
        expect(reading.triggerWords.length).toBeLessThanOrEqual(5);
        expect(lexiconSentiment.score(text)).toEqual(reading);
      }),
    );
  });

  it.each(['#A', '#'.repeat(3), "a'", 'not ', '!?', 'https://', ':-', '😡'])(
    '%j, said very often, takes time in proportion',
    (part) => {
      const cpuOf = (times: number) => {
        const text = part.repeat(times);
        const begin = process.cpuUsage();
        for (let i = 0; i < 3; i += 1) lexiconSentiment.score(text);
        const { user, system } = process.cpuUsage(begin);
        return user + system;
      };
      cpuOf(5_000);
      const [short, long] = [cpuOf(5_000), cpuOf(50_000)];
      // Ten times the text; a quadratic reading would take a hundred times as long.
      expect(long).toBeLessThan(40 * Math.max(short, 5_000));
    },
  );
});
