import { z } from 'zod';

type JsonSchema = {
  type?: string;
  enum?: unknown[];
  const?: unknown;
  format?: string;
  minimum?: number;
  multipleOf?: number;
  examples?: unknown[];
  properties?: Record<string, JsonSchema>;
  propertyNames?: JsonSchema;
  additionalProperties?: JsonSchema | boolean;
  items?: JsonSchema;
  anyOf?: JsonSchema[];
  oneOf?: JsonSchema[];
  allOf?: JsonSchema[];
  $ref?: string;
};

function formOf(schema: z.ZodType): JsonSchema {
  return z.toJSONSchema(schema, {
    io: 'input',
    unrepresentable: 'any',
    override: ({ zodSchema, jsonSchema }) => {
      if (zodSchema._zod.def.type === 'date')
        Object.assign(jsonSchema, { type: 'string', format: 'date-time' });
    },
  }) as JsonSchema;
}

/** An input of this form in which every free text is `text`; the parse may still refuse it. */
export function inputWith(schema: z.ZodType, text: string): unknown {
  return withoutRefused(schema, fill(formOf(schema), text));
}

/**
 * Inputs of this form, each with `text` in one place where any text may stand – alternatives of the form, lists, and names
 * in records included – and something plain in all the others.
 */
export function inputsWithOneText(schema: z.ZodType, text: string): unknown[] {
  return inputsOf(formOf(schema), text);
}

/** The same with a number where a number may stand. What else the parse refuses is left out where it may be. */
export function inputsWithOneNumber(schema: z.ZodType, number: number): unknown[] {
  return inputsOf(formOf(schema), number).map((input) => withoutRefused(schema, input));
}

const PLAIN = 'x';

function inputsOf(schema: JsonSchema, odd: string | number): unknown[] {
  if (schema.const !== undefined || schema.enum) return [];
  const choices = schema.anyOf ?? schema.oneOf ?? schema.allOf;
  if (choices) return choices.flatMap((choice) => inputsOf(choice, odd));
  switch (schema.type) {
    case 'object':
      return inputsOfObject(schema, odd);
    case 'array':
      return schema.items ? inputsOf(schema.items, odd).map((item) => [item]) : [];
    case 'integer':
    case 'number':
      return typeof odd === 'number' ? [odd] : [];
    case 'boolean':
    case 'null':
      return [];
    default:
      return typeof odd === 'string' ? [odd] : [];
  }
}

function inputsOfObject(schema: JsonSchema, odd: string | number): unknown[] {
  const plain = Object(fill(schema, PLAIN));
  const { properties = oneOfRecord(schema), additionalProperties } = schema;
  const inputs: unknown[] = Object.entries(properties).flatMap(([name, property]) =>
    inputsOf(property, odd).map((value) => ({ ...plain, [name]: value })),
  );
  // A record with names of any kind.
  if (typeof odd === 'string' && typeof additionalProperties === 'object' && !schema.propertyNames?.enum) {
    inputs.push({ ...plain, [odd]: fill(additionalProperties, PLAIN) });
  }
  return inputs;
}

const MENDING_ROUNDS = 6;

/** Leaves out what the parse refuses where it may be left out, so that the rest of the form is understood. */
function withoutRefused(schema: z.ZodType, input: unknown): unknown {
  for (let round = 0; round < MENDING_ROUNDS; round += 1) {
    const result = schema.safeParse(input);
    if (result.success) return input;
    for (const { path } of result.error.issues) {
      if (!removeAt(input, path)) removeAt(input, path.slice(0, -1));
    }
  }
  return input;
}

function removeAt(input: unknown, path: readonly PropertyKey[]): boolean {
  const last = path.at(-1);
  const parent = path.slice(0, -1).reduce<unknown>((value, part) => Reflect.get(Object(value), part), input);
  if (last === undefined || typeof parent !== 'object' || parent === null || !(last in parent)) return false;
  return Reflect.deleteProperty(parent, last);
}

function fill(schema: JsonSchema, text: string): unknown {
  if (schema.const !== undefined) return schema.const;
  if (schema.enum) return schema.enum[0];
  // A text of a certain form says one itself: any other would be refused.
  if (schema.examples) return schema.examples[0];
  const [choice] = schema.anyOf ?? schema.oneOf ?? schema.allOf ?? [];
  if (choice) return fill(choice, text);
  switch (schema.type) {
    case 'object':
      return Object.fromEntries(
        Object.entries(schema.properties ?? oneOfRecord(schema)).map(([name, property]) => [
          name,
          fill(property, text),
        ]),
      );
    case 'array':
      return schema.items ? [fill(schema.items, text)] : [];
    case 'integer':
    case 'number':
      return Math.max(schema.multipleOf ?? 1, schema.minimum ?? 1);
    case 'boolean':
      return true;
    case 'string':
      return textOf(schema.format, text);
    default:
      return text;
  }
}

/** The first of the names a record may have. */
function oneOfRecord({ propertyNames, additionalProperties }: JsonSchema): Record<string, JsonSchema> {
  const name = propertyNames?.enum?.[0];
  return typeof name === 'string' && typeof additionalProperties === 'object'
    ? { [name]: additionalProperties }
    : {};
}

function textOf(format: string | undefined, text: string): string {
  if (format === 'date-time') return new Date(0).toISOString();
  if (format === 'email') return 'somebody@else.test';
  return text;
}

/** Whether an input of this form holds a text that could name something: an id, a key, a cursor, a search. */
export function namesThings(schema: z.ZodType): boolean {
  return Object.entries(formOf(schema).properties ?? {}).some(
    ([name, property]) =>
      property.type === 'string' && /id$|key|cursor|customer|query|search|subject/i.test(name),
  );
}
