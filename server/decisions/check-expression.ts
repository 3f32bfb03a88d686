import type { ASTNode } from '@marcbachmann/cel-js';
import { PURPOSES } from '@/server/privacy/purpose.schema';
import { compilePattern } from './rule-environment';

/**
 * Checks beyond types, over the parsed expression: what would run long, match with the language's own regular
 * expressions, or fail on a property that is not always there.
 */
export interface Finding {
  message: string;
  start: number;
  end: number;
}

const LOOPS = new Set(['all', 'exists', 'exists_one', 'map', 'filter']);
const MAX_LOOP_DEPTH = 2;
/** Functions that could build something large, or decode bytes nobody sends. */
const REFUSED_CALLS: Record<string, string> = {
  matches: 'matches() is not offered: write re(text, "pattern"), which cannot run away',
  bytes: 'bytes() is not offered in rules',
  json: 'json() is not offered in rules',
};
/** Maps whose keys come from outside: any of them may be absent. */
const OPEN_MAPS = new Set(['event.properties', 'card.traits']);

function isNode(value: unknown): value is ASTNode {
  return typeof value === 'object' && value !== null && 'op' in value && 'args' in value;
}

/** The nodes directly below, whatever shape the operator gives its operands. */
export function childNodes(node: ASTNode): ASTNode[] {
  const found: ASTNode[] = [];
  const visit = (value: unknown): void => {
    if (isNode(value)) found.push(value);
    else if (Array.isArray(value)) for (const item of value) visit(item);
  };
  visit(node.args);
  return found;
}

/** `event.properties.total` or `event.properties["total"]` as a dotted path; null for anything computed. */
export function pathOf(node: ASTNode): string | null {
  if (node.op === 'id') return node.args;
  if (node.op === '.') {
    const owner = pathOf(node.args[0]);
    return owner === null ? null : `${owner}.${node.args[1]}`;
  }
  if (node.op === '[]') {
    const [target, key] = node.args;
    const owner = pathOf(target);
    return owner !== null && key.op === 'value' && typeof key.args === 'string'
      ? `${owner}.${key.args}`
      : null;
  }
  return null;
}

function callName(node: ASTNode): string | null {
  return node.op === 'call' || node.op === 'rcall' ? node.args[0] : null;
}

/** Whether the path leads into a map whose keys come from outside. */
function openPath(path: string): boolean {
  for (const map of OPEN_MAPS) if (path.startsWith(`${map}.`)) return true;
  return false;
}

/** Paths that the expression asks for with has(…) or "key" in map. */
function askedPaths(root: ASTNode): Set<string> {
  const asked = new Set<string>();
  const visit = (node: ASTNode): void => {
    if (node.op === 'call' && node.args[0] === 'has') {
      const path = node.args[1][0] ? pathOf(node.args[1][0]) : null;
      if (path !== null) asked.add(path);
    }
    if (node.op === 'in') {
      const [key, map] = node.args;
      const owner = pathOf(map);
      if (owner !== null && key.op === 'value' && typeof key.args === 'string')
        asked.add(`${owner}.${key.args}`);
    }
    for (const child of childNodes(node)) visit(child);
  };
  visit(root);
  return asked;
}

function finding(node: ASTNode, message: string): Finding {
  return { message, start: node.start, end: node.end };
}

function checkCall(node: ASTNode, name: string): Finding | null {
  const refusal = REFUSED_CALLS[name];
  if (refusal) return finding(node, refusal);
  if (node.op === 'call' && name === 're') return checkPattern(node);
  if (node.op === 'rcall' && name === 'allows') return checkPurpose(node);
  return null;
}

function checkPattern(node: Extract<ASTNode, { op: 'call' }>): Finding | null {
  const pattern = node.args[1][1];
  if (!pattern) return null;
  if (pattern.op !== 'value' || typeof pattern.args !== 'string') {
    return finding(pattern, 'The pattern of re() must be written out, not computed');
  }
  try {
    compilePattern(pattern.args);
    return null;
  } catch (error) {
    return finding(pattern, `Not a valid pattern: ${error instanceof Error ? error.message : 'unknown'}`);
  }
}

function checkPurpose(node: Extract<ASTNode, { op: 'rcall' }>): Finding | null {
  const purpose = node.args[2][0];
  if (purpose?.op !== 'value' || typeof purpose.args !== 'string') return null;
  if (PURPOSES.some((known) => known === purpose.args)) return null;
  return finding(purpose, `Unknown purpose: one of ${PURPOSES.join(', ')}`);
}

/** First thing wrong with a well-typed expression, or null. */
export function checkExpression(root: ASTNode): Finding | null {
  const asked = askedPaths(root);
  const visit = (node: ASTNode, loops: number): Finding | null => {
    const name = callName(node);
    if (name === 'has') return null;
    const refused = name === null ? null : checkCall(node, name);
    if (refused) return refused;
    const depth = node.op === 'rcall' && name !== null && LOOPS.has(name) ? loops + 1 : loops;
    if (depth > MAX_LOOP_DEPTH) return finding(node, `Loops nest at most ${MAX_LOOP_DEPTH} deep`);
    if (pathOf(node) !== null) return checkPresence(node, asked);
    for (const child of childNodes(node)) {
      const below = visit(child, depth);
      if (below) return below;
    }
    return null;
  };
  return visit(root, 0);
}

function checkPresence(node: ASTNode, asked: ReadonlySet<string>): Finding | null {
  const path = pathOf(node);
  if (path === null || !openPath(path) || asked.has(path)) return null;
  return finding(node, `${path} may be absent: write has(${path}) && … before it`);
}

/** Methods of the views whose answers are worth keeping beside the plain fields. */
const READING_METHODS = new Set(['number', 'text', 'count', 'allows']);

function readsOneValue(node: ASTNode): boolean {
  if (node.op === 'rcall') {
    const [name, receiver, parameters] = node.args;
    return (
      READING_METHODS.has(name) && pathOf(receiver) !== null && parameters.every(({ op }) => op === 'value')
    );
  }
  return pathOf(node)?.includes('.') ?? false;
}

/** Source texts of the single values an expression reads: the inputs kept with a decision. */
export function inputTexts(root: ASTNode): string[] {
  const texts = new Set<string>();
  const visit = (node: ASTNode): void => {
    if (readsOneValue(node)) texts.add(node.input.slice(node.start, node.end));
    else for (const child of childNodes(node)) visit(child);
  };
  visit(root);
  return [...texts];
}
