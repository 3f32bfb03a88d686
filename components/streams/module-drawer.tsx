'use client';
import type { ReactNode } from 'react';
import { ROLE_WORDS } from '@/components/shell/role-words';
import { Drawer } from '@/components/ui/drawer';
import { formatDateTime, formatLast } from '@/components/ui/format';
import { PageLink } from '@/components/ui/page-link';
import { StatusBadge } from '@/components/ui/status-badge';
import { TimeAgo } from '@/components/ui/time-ago';
import { may, ROLES } from '@/server/identity/policy';
import { operatorOf } from '@/server/processors/topology.schema';
import { type BlastRadius, blastRadius } from '@/server/scaling/blast-radius.schema';
import { moduleOf, type ScreenDefinition } from '@/server/scaling/module.schema';
import drawer from './drawer.module.css';
import type { RunningModule } from './modules-data';
import styles from './modules-page.module.css';

interface ModuleDrawerProps {
  running: RunningModule;
  startsOverMs: number;
  onClose: () => void;
}

/** One module: its processes, and what stops, what grows old and who sees it while it is down. */
export function ModuleDrawer({ running, startsOverMs, onClose }: ModuleDrawerProps) {
  const module = moduleOf(running.key);
  const radius = blastRadius(running.key);
  return (
    <Drawer opened onClose={onClose} title={module.name} size={520}>
      <p className={drawer.about}>{module.about}</p>
      <dl className={drawer.facts}>
        <dt>Started by</dt>
        <dd>
          <code className={styles.build}>{module.command}</code>
        </dd>
        <dt>Needs</dt>
        <dd>{module.needs.join(', ')}</dd>
        <dt>Starts</dt>
        <dd>
          {running.starts} in the {formatLast(startsOverMs)}
        </dd>
      </dl>
      <Section title="Its processes">
        <Processes running={running} />
      </Section>
      <Section title="While it is down, this stops">
        <Stops radius={radius} />
      </Section>
      <Section title="Goes on, but lacks">
        <Stale radius={radius} />
      </Section>
      <Section title="Who sees it">
        <Screens radius={radius} />
      </Section>
    </Drawer>
  );
}

function Section({ title, children }: { title: string; children: ReactNode }) {
  return (
    <>
      <h3 className={drawer.title}>{title}</h3>
      {children}
    </>
  );
}

function Processes({ running: { instances } }: { running: RunningModule }) {
  if (instances.length === 0) return <p className={drawer.quiet}>None has been heard of in the last 15 s.</p>;
  return (
    <ul className={drawer.list}>
      {instances.map(({ instance, worker, build, startedAt, at, silent }) => (
        <li key={instance}>
          {worker} <code className={styles.build}>{build}</code>{' '}
          {silent && <StatusBadge tone="bad">silent</StatusBadge>}
          <div className={drawer.quiet}>
            up since {formatDateTime(startedAt)}, heard <TimeAgo at={at} />
          </div>
        </li>
      ))}
    </ul>
  );
}

function Stops({ radius: { operators, duties } }: { radius: BlastRadius }) {
  return (
    <ul className={drawer.chips}>
      {operators.map((key) => (
        <li key={key} className={drawer.chip}>
          <PageLink href={`/streams?operator=${key}`}>{operatorOf(key).name}</PageLink>
        </li>
      ))}
      {duties.map(({ key, name }) => (
        <li key={key} className={drawer.chip}>
          {name}
        </li>
      ))}
    </ul>
  );
}

function Stale({ radius: { stale } }: { radius: BlastRadius }) {
  if (stale.length === 0) return <p className={drawer.quiet}>No other operator gets anything from it.</p>;
  return (
    <ul className={drawer.list}>
      {stale.map(({ key, lacks }) => (
        <li key={key}>
          <PageLink href={`/streams?operator=${key}`}>{operatorOf(key).name}</PageLink>{' '}
          <span className={drawer.quiet}>{lacks === null ? 'everything' : lacks.join(', ')}</span>
        </li>
      ))}
    </ul>
  );
}

function Screens({ radius: { screens } }: { radius: BlastRadius }) {
  return (
    <ul className={drawer.list}>
      {screens.map(({ screen, because }) => (
        <li key={screen.name}>
          <b>{screen.name}</b> <span className={drawer.quiet}>{rolesOf(screen)}</span>
          <div className={drawer.quiet}>without {because.join(', ')}</div>
        </li>
      ))}
    </ul>
  );
}

const rolesOf = ({ action }: ScreenDefinition) =>
  ROLES.filter((role) => may(role, action))
    .map((role) => ROLE_WORDS[role])
    .join(', ');
