'use client';
import { Button, Skeleton } from '@mantine/core';
import type { ReactNode } from 'react';
import { Icon, type IconName } from './icon';
import styles from './states.module.css';

interface StateProps {
  icon: IconName;
  title: string;
  children?: ReactNode;
  action?: ReactNode;
  tone?: 'quiet' | 'bad';
  compact?: boolean;
}

function State({ icon, title, children, action, tone = 'quiet', compact = false }: StateProps) {
  return (
    <div className={styles.state} data-tone={tone} data-compact={compact}>
      <span className={styles.icon}>
        <Icon name={icon} size={18} />
      </span>
      <div>
        <p className={styles.title}>{title}</p>
        {children && <div className={styles.text}>{children}</div>}
        {action && <div className={styles.action}>{action}</div>}
      </div>
    </div>
  );
}

/** Nothing here: what this is, why it is empty, what to do next. */
export function EmptyState(props: {
  title: string;
  icon?: IconName;
  children?: ReactNode;
  action?: ReactNode;
  compact?: boolean;
}) {
  return <State {...props} icon={props.icon ?? 'none'} />;
}

/** It went wrong: what happened, what was kept, what to do. */
export function ErrorState(props: {
  title?: string;
  children?: ReactNode;
  onRetry?: () => void;
  compact?: boolean;
}) {
  const retry = props.onRetry && (
    <Button variant="default" onClick={props.onRetry}>
      Try again
    </Button>
  );
  return (
    <State
      icon="alert"
      tone="bad"
      title={props.title ?? 'This could not be loaded'}
      action={retry}
      compact={props.compact}
    >
      {props.children ?? 'Nothing was changed. Try again; if it keeps failing, the server’s log says why.'}
    </State>
  );
}

/** The viewer's role may not see this. */
export function NoPermissionState({ role, children }: { role?: string; children?: ReactNode }) {
  return (
    <State icon="privacy" title="Not part of your role">
      {children ??
        `${role ? `As ${role} you` : 'You'} may not open this page. An administrator can change roles in Settings → People.`}
    </State>
  );
}

const WIDTHS = ['92%', '78%', '85%', '64%', '88%', '71%'];

/** Lines that keep the place of rows to come. */
export function SkeletonLines({ lines = 4, height = 14 }: { lines?: number; height?: number }) {
  return (
    <div className={styles.lines} data-skeleton aria-hidden="true">
      {Array.from({ length: lines }, (_, line) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: placeholders have no identity of their own
        <Skeleton key={line} height={height} width={WIDTHS[line % WIDTHS.length]} />
      ))}
    </div>
  );
}
