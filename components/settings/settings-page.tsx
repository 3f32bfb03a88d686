'use client';
import type { ReactNode } from 'react';
import { Guard } from '@/components/shell/guard';
import { type HelpTopic, Page } from '@/components/ui/page';
import type { Action } from '@/server/identity/policy';
import styles from './settings.module.css';
import { SettingsNav } from './settings-nav';

interface SettingsPageProps {
  action: Action;
  help: readonly HelpTopic[];
  children: ReactNode;
}

/** A page of the settings: the parts as tabs, then what this one holds, for those whose role may see it. */
export function SettingsPage({ action, help, children }: SettingsPageProps) {
  return (
    <Page title="Settings" help={help}>
      <SettingsNav />
      <Guard action={action}>
        <div className={styles.column}>{children}</div>
      </Guard>
    </Page>
  );
}
