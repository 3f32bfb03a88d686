import type { ReactNode } from 'react';
import { ToneShape } from '@/components/ui/status-badge';
import styles from './sign-in.module.css';

interface CardProps {
  title: string;
  about: ReactNode;
  foot?: ReactNode;
  wide?: boolean;
  children?: ReactNode;
}

/** The one surface of a page outside the console: what it is for, a form, a quiet word below. */
export function Card({ title, about, foot, wide = false, children }: CardProps) {
  return (
    <main className={styles.screen}>
      <div className={wide ? `${styles.card} ${styles.wide}` : styles.card}>
        <div className={styles.mark}>
          {/* biome-ignore lint/performance/noImgElement: a tiny vector of our own needs no image service */}
          <img src="/icon.svg" alt="" width={22} height={22} />
          Millrace
        </div>
        <h1 className={styles.title}>{title}</h1>
        <p className={styles.about}>{about}</p>
        {children}
        {foot && <p className={styles.foot}>{foot}</p>}
      </div>
    </main>
  );
}

/** Why a form was not taken; read aloud as it appears. */
export function Refusal({ children }: { children: ReactNode }) {
  return (
    <div className={styles.refusal} role="alert">
      <ToneShape tone="bad" />
      <span>{children}</span>
    </div>
  );
}
