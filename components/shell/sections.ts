import { STREAMS_TABS } from '@/components/streams/streams-tabs';
import type { IconName } from '@/components/ui/icon';
import type { Action } from '@/server/identity/policy';

export interface Section {
  href: string;
  label: string;
  icon: IconName;
  /** the policy's action that opens it */
  action: Action;
  /** pressed after G */
  key: string;
  about: string;
  /** pages of its own, the first of which the section opens with */
  pages?: readonly { href: string; label: string; about: string }[];
}

/** Every section of the console. The rail, the palette and the shortcuts show those the person's role may open. */
export const SECTIONS: readonly Section[] = [
  {
    href: '/desk',
    label: 'Desk',
    icon: 'desk',
    action: 'desk.read',
    key: 'd',
    about: 'Who needs help now, and why',
  },
  {
    href: '/operations',
    label: 'Operations',
    icon: 'operations',
    action: 'operations.read',
    key: 'o',
    about: 'Rates, lag, errors, abandonment and alerts',
  },
  {
    href: '/escalations',
    label: 'Escalations',
    icon: 'alert',
    action: 'escalation.read',
    key: 'e',
    about: 'Chats and calls that waited too long, and how that ended',
  },
  {
    href: '/streams',
    label: 'Streams',
    icon: 'streams',
    action: 'streams.read',
    key: 't',
    about: 'Topology, lag, partitions, checkpoints, state and late events',
    pages: STREAMS_TABS,
  },
  {
    href: '/privacy',
    label: 'Privacy',
    icon: 'privacy',
    action: 'audit.read',
    key: 'p',
    about: 'Opt-outs, DPIAs, and who looked at what',
  },
  {
    href: '/workshop',
    label: 'Workshop',
    icon: 'workshop',
    action: 'useCase.read',
    key: 'w',
    about: 'Use cases by stage, each with its live metric',
  },
  {
    href: '/rules',
    label: 'Rules',
    icon: 'rules',
    action: 'rule.read',
    key: 'r',
    about: 'When, if, then: with live hits',
  },
  {
    href: '/sources/first-event',
    label: 'First event',
    icon: 'sources',
    action: 'debugger.read',
    key: 'f',
    about: 'Send an event and watch it arrive',
    pages: [{ href: '/sources/import', label: 'Import customers', about: 'Known customers from a CSV file' }],
  },
  {
    href: '/dead-letters',
    label: 'Dead letters',
    icon: 'deadLetters',
    action: 'deadLetter.read',
    key: 'l',
    about: 'Refused events: inspect, fix, replay',
  },
  {
    href: '/settings',
    label: 'Settings',
    icon: 'settings',
    action: 'self.read',
    key: 's',
    about: 'People, keys, sources, your account',
  },
];
