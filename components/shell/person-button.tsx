'use client';
import type { ComponentPropsWithRef } from 'react';
import { usePerson } from './person';
import styles from './rail.module.css';
import { ROLE_WORDS } from './role-words';

/** Who is signed in, at the foot of the rail. */
export function PersonButton(props: ComponentPropsWithRef<'button'>) {
  const person = usePerson();
  return (
    <button
      type="button"
      aria-haspopup="menu"
      aria-label={`${person.name}: account and theme`}
      {...props}
      className={styles.person}
    >
      <span className={styles.initials} aria-hidden="true">
        {person.name.slice(0, 1).toUpperCase()}
      </span>
      <span className={styles.words}>
        <span className={styles.name}>{person.name}</span>
        <span className={styles.region}>{ROLE_WORDS[person.role]}</span>
      </span>
    </button>
  );
}
