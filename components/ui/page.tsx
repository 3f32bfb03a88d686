'use client';
import { ActionIcon } from '@mantine/core';
import dynamic from 'next/dynamic';
import { type ReactNode, useState } from 'react';
import { useShortcut } from '@/components/shell/shortcuts';
import { Icon } from './icon';
import styles from './page.module.css';
import { TimeRangeControl } from './time-range-control';

const HelpDrawer = dynamic(() => import('./help-drawer').then((module) => module.HelpDrawer), { ssr: false });

export interface HelpTopic {
  title: string;
  text: string;
}

interface PageProps {
  title: string;
  /** one quiet line under the title */
  about?: ReactNode;
  actions?: ReactNode;
  /** shows the time range and live or paused; the span it starts with, such as "1h" */
  range?: string;
  /** what the help drawer says of this page */
  help?: readonly HelpTopic[];
  children: ReactNode;
  /** fills the window's height, for pages whose panes scroll by themselves */
  fill?: boolean;
}

/** A page of the console: title row with time range, live or paused and help at the right; panes below. */
export function Page({ title, about, actions, range, help, children, fill = false }: PageProps) {
  const [helping, setHelping] = useState<'never' | 'open' | 'closed'>('never');
  useShortcut('h', 'Help for this page', () => setHelping('open'), 'Everywhere', help !== undefined);
  return (
    <div className={styles.page} data-fill={fill}>
      <header className={styles.head}>
        <div className={styles.words}>
          <h1 className={styles.title}>{title}</h1>
          {about && <p className={styles.about}>{about}</p>}
        </div>
        <div className={styles.tools}>
          {actions}
          {range && <TimeRangeControl fallback={range} />}
          {help && (
            <ActionIcon
              aria-label="Help for this page"
              title="Help for this page (H)"
              onClick={() => setHelping('open')}
            >
              <Icon name="help" />
            </ActionIcon>
          )}
        </div>
      </header>
      <div className={styles.body}>{children}</div>
      {help && helping !== 'never' && (
        <HelpDrawer
          page={title}
          topics={help}
          open={helping === 'open'}
          onClose={() => setHelping('closed')}
        />
      )}
    </div>
  );
}
