'use client';
import { Menu } from '@mantine/core';
import Link from 'next/link';
import { Icon } from '@/components/ui/icon';
import { usePerson } from './person';
import { PersonButton } from './person-button';
import { ThemeItems } from './theme-items';

/** Account, theme and sign-out. Opens at once: it is loaded when it was asked for. */
export function PersonMenu() {
  const person = usePerson();
  return (
    <Menu position="right-end" width={230} defaultOpened>
      <Menu.Target>
        <PersonButton />
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>{person.email}</Menu.Label>
        <Menu.Item component={Link} href="/settings" leftSection={<Icon name="person" />}>
          Your account
        </Menu.Item>
        <Menu.Divider />
        <ThemeItems />
        <Menu.Divider />
        <Menu.Item leftSection={<Icon name="out" />} onClick={signOut}>
          Sign out
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}

async function signOut() {
  await fetch('/api/auth/sign-out', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: '{}',
  });
  window.location.assign('/sign-in');
}
