'use client';
import { MantineProvider } from '@mantine/core';
import dynamic from 'next/dynamic';
import type { ReactNode } from 'react';
import { cssVariablesResolver, theme } from '@/components/ui/theme';
import { useToastsWanted } from '@/components/ui/toast';

const Notifications = dynamic(() => import('@mantine/notifications').then((module) => module.Notifications), {
  ssr: false,
});

/** Theme of the whole product: what the system has until the person chooses. */
export function ThemeProvider({ children, nonce }: { children: ReactNode; nonce?: string }) {
  return (
    <MantineProvider
      theme={theme}
      cssVariablesResolver={cssVariablesResolver}
      defaultColorScheme="auto"
      getStyleNonce={() => nonce ?? ''}
    >
      {children}
      <Toasts />
    </MantineProvider>
  );
}

function Toasts() {
  return useToastsWanted() ? <Notifications position="bottom-right" limit={4} /> : null;
}
