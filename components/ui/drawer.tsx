'use client';
import { type DrawerProps, Drawer as MantineDrawer } from '@mantine/core';
import { useFocusBack } from './focus-back';

/** A dialog at the right edge of the page. */
export function Drawer(props: DrawerProps) {
  useFocusBack(props.opened);
  return <MantineDrawer {...props} returnFocus={false} />;
}
