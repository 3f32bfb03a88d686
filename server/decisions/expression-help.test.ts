import { expect, it } from 'vitest';
import { compileExpression } from './compile-expression';
import { AUDIENCE_HELP, EXPRESSION_HELP } from './expression-help.schema';

it.each(EXPRESSION_HELP.map(({ text, type }) => [text, type]))('%s is offered and is a %s', (text, type) => {
  const compiled = compileExpression(text);
  const said = compiled.ok
    ? compiled.type.replace('google.protobuf.Timestamp', 'timestamp')
    : compiled.finding.message;
  expect(said.startsWith('map') ? 'map' : said).toBe(type);
});

it.each(AUDIENCE_HELP.map(({ text }) => text))('%s is known to audiences too', (text) => {
  expect(compileExpression(text, 'audience')).toMatchObject({ ok: true });
});
