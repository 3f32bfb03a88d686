'use client';
import dynamic from 'next/dynamic';
import { type ReactNode, useState } from 'react';
import { Icon } from '@/components/ui/icon';
import { Kbd } from '@/components/ui/kbd';
import { PageLink } from '@/components/ui/page-link';
import { useMay, usePerson } from './person';
import { PersonButton } from './person-button';
import styles from './rail.module.css';
import { SECTIONS } from './sections';

interface RailProps {
  pathname: string;
  onPalette: () => void;
  connection?: ReactNode;
}

/** The sections this person may open, with the workspace and its region at the top. */
export function Rail({ pathname, onPalette, connection }: RailProps) {
  const person = usePerson();
  const mayDo = useMay();
  const sections = SECTIONS.filter((section) => mayDo(section.action));
  return (
    <nav className={styles.rail} aria-label="Sections">
      <div className={styles.workspace} title={`${person.workspaceName}, ${person.regions.join(', ')}`}>
        <Mark />
        <span className={styles.words}>
          <span className={styles.name}>{person.workspaceName}</span>
          <span className={styles.region}>{person.regions.join(' · ')}</span>
        </span>
      </div>
      <button type="button" className={styles.find} onClick={onPalette} aria-label="Find">
        <Icon name="search" />
        <span className={styles.word}>Find</span>
        <span className={styles.keys}>
          <Kbd keys="mod+K" />
        </span>
      </button>
      <ul className={styles.list}>
        {sections.map((section) => {
          const own = [section.href, ...(section.pages ?? []).map(({ href }) => href)];
          const current = own.some((href) => pathname === href || pathname.startsWith(`${href}/`));
          return (
            <li key={section.href}>
              <PageLink
                href={section.href}
                className={styles.link}
                aria-current={current ? 'page' : undefined}
                aria-label={section.label}
                title={section.about}
              >
                <Icon name={section.icon} />
                <span className={styles.word}>{section.label}</span>
              </PageLink>
            </li>
          );
        })}
      </ul>
      <div className={styles.foot}>
        {connection}
        <Person />
      </div>
    </nav>
  );
}

/** A mill race: water led to a wheel. */
function Mark() {
  return (
    <svg width="26" height="26" viewBox="0 0 26 26" aria-hidden="true" className={styles.mark}>
      <rect width="26" height="26" rx="6" fill="currentColor" />
      <g fill="none" stroke="#fff" strokeWidth="1.8" strokeLinecap="round">
        <path d="M4 9c3 0 3 2.5 6 2.5S13 9 16 9s3 2.5 6 2.5" />
        <path d="M4 14.5c3 0 3 2.5 6 2.5s3-2.5 6-2.5 3 2.5 6 2.5" opacity=".6" />
      </g>
    </svg>
  );
}

const PersonMenu = dynamic(() => import('./person-menu').then((module) => module.PersonMenu), {
  ssr: false,
  loading: () => <PersonButton />,
});

/** The menu's code comes when it is first asked for: most pages are left without it. */
function Person() {
  const [wanted, setWanted] = useState(false);
  return wanted ? <PersonMenu /> : <PersonButton onClick={() => setWanted(true)} />;
}
