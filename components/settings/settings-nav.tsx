'use client';
import { usePathname } from 'next/navigation';
import { useMay } from '@/components/shell/person';
import { PageLink } from '@/components/ui/page-link';
import type { Action } from '@/server/identity/policy';
import styles from './settings.module.css';

const PARTS: readonly { href: string; label: string; action: Action }[] = [
  { href: '/settings', label: 'My account', action: 'self.read' },
  { href: '/settings/people', label: 'People', action: 'people.read' },
  { href: '/settings/sources', label: 'Sources', action: 'source.read' },
  { href: '/settings/keys', label: 'API keys', action: 'apiKey.read' },
  { href: '/settings/workspace', label: 'Workspace', action: 'workspace.write' },
];

/** The parts of the settings that the person's role may open. */
export function SettingsNav() {
  const pathname = usePathname();
  const mayDo = useMay();
  return (
    <nav className={styles.nav} aria-label="Settings">
      {PARTS.filter((part) => mayDo(part.action)).map(({ href, label }) => (
        <PageLink
          key={href}
          href={href}
          className={styles.link}
          aria-current={pathname === href ? 'page' : undefined}
        >
          {label}
        </PageLink>
      ))}
    </nav>
  );
}
