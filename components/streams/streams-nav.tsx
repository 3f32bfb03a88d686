'use client';
import { usePathname } from 'next/navigation';
import { PageLink } from '@/components/ui/page-link';
import styles from './streams-nav.module.css';
import { STREAMS_TABS } from './streams-tabs';

/** The pages of the section as tabs, above the page's own title. */
export function StreamsNav() {
  const pathname = usePathname();
  return (
    <nav className={styles.nav} aria-label="Streams">
      {STREAMS_TABS.map(({ href, label, about }) => (
        <PageLink
          key={href}
          href={href}
          className={styles.link}
          aria-current={pathname === href ? 'page' : undefined}
          title={about}
        >
          {label}
        </PageLink>
      ))}
    </nav>
  );
}
