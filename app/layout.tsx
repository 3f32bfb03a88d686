import '@mantine/core/styles.layer.css';
import '@mantine/notifications/styles.layer.css';
import '@/components/ui/tokens.css';
import { ColorSchemeScript, mantineHtmlProps } from '@mantine/core';
import { GeistSans } from 'geist/font/sans';
import type { Metadata, Viewport } from 'next';
import localFont from 'next/font/local';
import { headers } from 'next/headers';
import type { ReactNode } from 'react';
import { ThemeProvider } from '@/components/shell/theme-provider';

/** Few words are set in it, so that it does not stand in the way of the first paint. */
const GeistMono = localFont({
  src: '../node_modules/geist/dist/fonts/geist-mono/GeistMono-Variable.woff2',
  variable: '--font-geist-mono',
  adjustFontFallback: false,
  fallback: ['ui-monospace', 'DejaVu Sans Mono', 'monospace'],
  weight: '100 900',
  preload: false,
});

export const metadata: Metadata = {
  title: { default: 'Millrace', template: '%s · Millrace' },
  description: 'What customers do right now, where it can be acted on.',
  icons: { icon: '/icon.svg' },
};

export const viewport: Viewport = {
  themeColor: [
    { media: '(prefers-color-scheme: light)', color: '#f5f6f8' },
    { media: '(prefers-color-scheme: dark)', color: '#0c0f12' },
  ],
};

export default async function RootLayout({ children }: { children: ReactNode }) {
  const nonce = nonceIn((await headers()).get('content-security-policy'));
  return (
    <html lang="en" className={`${GeistSans.variable} ${GeistMono.variable}`} {...mantineHtmlProps}>
      <head>
        <ColorSchemeScript defaultColorScheme="auto" nonce={nonce} />
      </head>
      <body>
        <ThemeProvider nonce={nonce}>{children}</ThemeProvider>
      </body>
    </html>
  );
}

/** The nonce of this answer's policy, set by the web process: without it the theme's inline script would not run. */
function nonceIn(policy: string | null): string | undefined {
  return policy?.match(/'nonce-([^']+)'/)?.[1];
}
