'use client';
import { Button } from '@mantine/core';
import type { ComponentPropsWithRef } from 'react';
import { Icon } from './icon';

/** The time range in words, on a button. */
export function RangeButton({ words, ...props }: { words: string } & ComponentPropsWithRef<'button'>) {
  return (
    <Button
      variant="default"
      aria-haspopup="menu"
      leftSection={<Icon name="clock" size={14} />}
      rightSection={<Icon name="down" size={12} />}
      {...props}
    >
      <span suppressHydrationWarning>{words}</span>
    </Button>
  );
}
