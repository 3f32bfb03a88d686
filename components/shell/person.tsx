'use client';
import { createContext, type ReactNode, useContext } from 'react';
import { type Action, may, type Role } from '@/server/identity/policy';

/** Who is signed in, and the workspace they work in. */
export interface Person {
  userId: string;
  name: string;
  email: string;
  role: Role;
  workspaceId: string;
  workspaceName: string;
  regions: string[];
  /** ISO 4217 */
  currency: string;
  timeZone: string;
}

const PersonContext = createContext<Person | null>(null);

export function PersonProvider({ person, children }: { person: Person; children: ReactNode }) {
  return <PersonContext value={person}>{children}</PersonContext>;
}

/** The signed-in person. Throws outside the console's layout. */
export function usePerson(): Person {
  const person = useContext(PersonContext);
  if (!person) throw new Error('usePerson outside the console');
  return person;
}

/** Whether the signed-in person may do this. Screens hide by it; the server decides again. */
export function useMay(): (action: Action) => boolean {
  const { role } = usePerson();
  return (action) => may(role, action);
}
