import { describe, expect, it } from 'vitest';
import { htmlOf, textOfHtml } from './html-text';

describe('plain text as HTML', () => {
  it.each([
    'a\n\n\nb',
    ' two  blanks ',
    'a < b & c > d',
    '\tstop',
    '&amp; <p>not a tag</p>',
    '- item\n  - inner',
    'é €',
  ])('comes back the same: %j', (text) => expect(textOfHtml(htmlOf(`.${text}.`))).toBe(`.${text}.`));

  it('leaves what is no tag and no entity', () => {
    expect(textOfHtml('1 < 2 &unknown; &#xD800; &#233;')).toBe('1 < 2 &unknown; &#xD800; é');
  });
});
