'use client';
import { ActionIcon } from '@mantine/core';
import { type ComponentPropsWithRef, lazy, Suspense, useState } from 'react';
import { Icon } from './icon';

export interface MenuAction {
  label: string;
  destructive?: boolean;
  run: () => void;
}

interface ActionMenuProps {
  label: string;
  heading?: string;
  actions: readonly MenuAction[];
}

const OpenedMenu = lazy(() => import('./opened-menu').then((module) => ({ default: module.OpenedMenu })));

/** What can be done with a row or a card, behind one button. The menu's code comes when one is first opened. */
export function ActionMenu({ label, heading, actions }: ActionMenuProps) {
  const [wanted, setWanted] = useState(false);
  if (!wanted) return <MenuButton label={label} onClick={() => setWanted(true)} />;
  return (
    <Suspense fallback={<MenuButton label={label} />}>
      <OpenedMenu heading={heading} actions={actions}>
        <MenuButton label={label} />
      </OpenedMenu>
    </Suspense>
  );
}

type MenuButtonProps = { label: string } & ComponentPropsWithRef<'button'>;

function MenuButton({ label, ...rest }: MenuButtonProps) {
  return (
    <ActionIcon size={24} aria-label={label} aria-haspopup="menu" {...rest}>
      <Icon name="more" />
    </ActionIcon>
  );
}
