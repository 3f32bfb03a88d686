'use client';
import type { ReactNode } from 'react';
import { NoPermissionState } from '@/components/ui/states';
import type { Action } from '@/server/identity/policy';
import { useMay, usePerson } from './person';
import { ROLE_WORDS } from './role-words';

/** Shows a page only to those whose role may open it; others are told why not. */
export function Guard({ action, children }: { action: Action; children: ReactNode }) {
  const { role } = usePerson();
  return useMay()(action) ? children : <NoPermissionState role={ROLE_WORDS[role]} />;
}
