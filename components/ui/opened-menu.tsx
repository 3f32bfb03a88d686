'use client';
import { Menu } from '@mantine/core';
import type { ReactElement } from 'react';
import type { MenuAction } from './action-menu';

interface OpenedMenuProps {
  heading?: string;
  actions: readonly MenuAction[];
  /** its button */
  children: ReactElement;
}

/** Opens at once: it is loaded when it was asked for. */
export function OpenedMenu({ heading, actions, children }: OpenedMenuProps) {
  return (
    <Menu position="bottom-end" defaultOpened>
      <Menu.Target>{children}</Menu.Target>
      <Menu.Dropdown>
        {heading && <Menu.Label>{heading}</Menu.Label>}
        {actions.map(({ label, destructive, run }) => (
          <Menu.Item key={label} color={destructive ? 'red' : undefined} onClick={run}>
            {label}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}
