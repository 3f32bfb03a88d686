import type { ApiScope, Role } from './policy';

/** A signed-in person in the workspace their session works in. */
export interface PersonActor {
  kind: 'person';
  userId: string;
  name: string;
  email: string;
  workspaceId: string;
  role: Role;
  sessionId: string;
}

/** A program that showed an API key. */
export interface KeyActor {
  kind: 'key';
  keyId: string;
  workspaceId: string;
  scopes: readonly ApiScope[];
}

export type Actor = PersonActor | KeyActor;
