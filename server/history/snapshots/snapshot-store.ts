/**
 * Where snapshots are kept outside Redis: named objects, written whole or not at all. Names are paths of letters, digits,
 * dots, dashes and slashes; what is in an object is sealed already, so a store needs no secrets of ours.
 */
export interface SnapshotStore {
  /** What it is, for records and screens. */
  readonly kind: 'folder' | 's3';
  /** Resolves once the object is durable; one of that name before is replaced. */
  put(name: string, bytes: Uint8Array): Promise<void>;
  /** @returns null when there is no such object */
  get(name: string): Promise<Buffer | null>;
  /** Names that begin so, in code-unit order. */
  list(prefix: string): Promise<string[]>;
  /** An object that is gone already is no error. */
  remove(name: string): Promise<void>;
}

const NAME = /^[\w.-]+(\/[\w.-]+)*$/;

/** @throws Error for a name that could leave the store, such as one with `..` */
export function assertObjectName(name: string): void {
  if (!NAME.test(name) || name.split('/').some((part) => /^\.+$/.test(part)))
    throw new Error(`Not a name of a snapshot: ${JSON.stringify(name)}`);
}
