'use client';
import dynamic from 'next/dynamic';
import { usePathname, useRouter } from 'next/navigation';
import { type ReactNode, useState } from 'react';
import { useCutTitles } from './cut-titles';
import styles from './frame.module.css';
import { useMay } from './person';
import { Rail } from './rail';
import { SECTIONS } from './sections';
import { useShortcut } from './shortcuts';
import { keepTypedAhead } from './type-ahead';

const Palette = dynamic(() => import('./palette').then((module) => module.Palette), { ssr: false });
const ShortcutList = dynamic(() => import('./shortcut-list').then((module) => module.ShortcutList), {
  ssr: false,
});

/** Rail, page, and what can be opened over any page: the palette and the list of shortcuts. */
export function Frame({ children, connection }: { children: ReactNode; connection?: ReactNode }) {
  const [palette, setPalette] = useState<'never' | 'open' | 'closed'>('never');
  const [shortcuts, setShortcuts] = useState<'never' | 'open' | 'closed'>('never');
  const pathname = usePathname();
  useCutTitles();
  const openPalette = () => {
    if (palette !== 'open') keepTypedAhead();
    setPalette('open');
  };
  useShortcut('mod+K', 'Find a page, customer, rule or action', openPalette, 'Everywhere');
  useShortcut('?', 'List the shortcuts', () => setShortcuts('open'), 'Everywhere');
  return (
    <div className={styles.frame}>
      <a className={styles.skip} href="#main">
        Skip to the page
      </a>
      <SectionShortcuts />
      <Rail pathname={pathname} onPalette={openPalette} connection={connection} />
      <main id="main" tabIndex={-1} className={styles.main}>
        {children}
      </main>
      {palette !== 'never' && <Palette open={palette === 'open'} onClose={() => setPalette('closed')} />}
      {shortcuts !== 'never' && (
        <ShortcutList open={shortcuts === 'open'} onClose={() => setShortcuts('closed')} />
      )}
    </div>
  );
}

function SectionShortcuts() {
  const mayDo = useMay();
  return SECTIONS.filter((section) => mayDo(section.action)).map((section) => (
    <SectionShortcut key={section.href} href={section.href} keys={`g ${section.key}`} label={section.label} />
  ));
}

function SectionShortcut({ href, keys, label }: { href: string; keys: string; label: string }) {
  const router = useRouter();
  useShortcut(keys, `Go to ${label}`, () => router.push(href), 'Everywhere');
  return null;
}
