import { expect, it } from 'vitest';
import { compileExpression } from './compile-expression';
import { EXPRESSION_HELP } from './expression-help.schema';

it.each(EXPRESSION_HELP.map(({ text, type }) => [text, type]))('%s is offered and is a %s', (text, type) => {
  const compiled = compileExpression(text);
  const said = compiled.ok
    ? compiled.type.replace('google.protobuf.Timestamp', 'timestamp')
    : compiled.finding.message;
  expect(said.startsWith('map') ? 'map' : said).toBe(type);
});
