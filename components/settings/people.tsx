'use client';
import { NativeSelect } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useTRPC } from '@/components/api';
import { usePerson } from '@/components/shell/person';
import { ActionMenu } from '@/components/ui/action-menu';
import { useConfirm } from '@/components/ui/confirm';
import { type CsvColumn, isoTime } from '@/components/ui/csv';
import { Pane } from '@/components/ui/pane';
import { ErrorState, SkeletonLines } from '@/components/ui/states';
import { StatusBadge } from '@/components/ui/status-badge';
import { TimeAgo } from '@/components/ui/time-ago';
import { toast } from '@/components/ui/toast';
import type { Role } from '@/server/identity/policy';
import { Invitations } from './invitations';
import { InviteForm } from './invite-form';
import { ListTable } from './list-table';
import { ROLE_OPTIONS, roleLabel, roleOf } from './role-options';
import { useSecretDialog, wholeLink } from './secret-dialog';
import styles from './settings.module.css';
import { SettingsPage } from './settings-page';

const HELP = [
  {
    title: 'Roles',
    text: 'An agent works at the Desk, ops at Operations, a privacy officer at Privacy, a stakeholder in the Workshop. An administrator may do all but sign DPIAs.',
  },
  {
    title: 'Links',
    text: 'Millrace sends no mail by itself: an invitation or a link for a new password is shown once, for you to hand over. Invitations work for seven days, links for a new password for one.',
  },
  {
    title: 'At once',
    text: 'Changing a role, removing somebody or signing them out ends their sessions and live connections within a second.',
  },
];

interface Member {
  userId: string;
  name: string;
  email: string;
  role: Role;
  secondFactor: boolean;
  since: number;
}

const COLUMNS: readonly CsvColumn<Member>[] = [
  { title: 'Name', value: ({ name }) => name },
  { title: 'Email', value: ({ email }) => email },
  { title: 'Role', value: ({ role }) => roleLabel(role) },
  { title: 'Second factor', value: ({ secondFactor }) => (secondFactor ? 'on' : 'off') },
  { title: 'Since', value: ({ since }) => isoTime(since) },
];

/** Who is in the workspace and in which role, and who is invited. */
export function People() {
  const trpc = useTRPC();
  const people = useQuery(trpc.people.list.queryOptions());
  return (
    <SettingsPage action="people.read" help={HELP}>
      <InviteForm />
      <Pane title="People" note={people.data ? String(people.data.members.length) : undefined} padded={false}>
        {people.isPending && <SkeletonLines lines={5} />}
        {people.isError && <ErrorState compact onRetry={() => people.refetch()} />}
        {people.data && <Members members={people.data.members} />}
      </Pane>
      {people.data && people.data.invitations.length > 0 && (
        <Invitations invitations={people.data.invitations} />
      )}
    </SettingsPage>
  );
}

function Members({ members }: { members: readonly Member[] }) {
  const secret = useSecretDialog();
  const { dialog, confirm } = useConfirm();
  const { remove, resetLink, signOut, changeRole } = usePeopleCalls();
  const me = usePerson();
  const askRole = (member: Member, role: Role) =>
    confirm({
      title: `Make ${member.name} ${roleOf(role)}?`,
      loses: 'Their sessions end at once; they sign in again with the new role.',
      verb: 'Change the role',
      act: () => changeRole.mutateAsync({ userId: member.userId, role }),
    });
  const askRemove = (member: Member) =>
    confirm({
      title: `Remove ${member.name}?`,
      loses:
        'They lose access to this workspace and their sessions end at once. What they did stays in the audit.',
      verb: 'Remove',
      destructive: true,
      act: () => remove.mutateAsync({ userId: member.userId }),
    });
  const offerReset = async (member: Member) => {
    const link = await resetLink.mutateAsync({ userId: member.userId });
    secret.show({
      title: `Link for a new password of ${member.name}`,
      value: wholeLink(link.path),
      about: 'It works once, for a day. Hand it over on a channel you trust.',
    });
  };
  const end = async (member: Member) => {
    await signOut.mutateAsync({ userId: member.userId });
    await toast(`${member.name} is signed out everywhere.`, 'good');
  };
  return (
    <>
      <ListTable
        label="People"
        titles={['Name', 'Role', 'Second factor', 'Since']}
        list="people"
        columns={COLUMNS}
        rows={members}
      >
        {members.map((member) => (
          <tr key={member.userId}>
            <td>
              {member.name}
              {member.userId === me.userId && <span className={styles.quiet}> (you)</span>}
              <div className={styles.quiet}>{member.email}</div>
            </td>
            <td>
              <NativeSelect
                aria-label={`Role of ${member.name}`}
                data={ROLE_OPTIONS}
                value={member.role}
                w={150}
                onChange={(event) => askRole(member, event.currentTarget.value as Role)}
              />
            </td>
            <td>
              <StatusBadge tone={member.secondFactor ? 'good' : 'neutral'}>
                {member.secondFactor ? 'on' : 'off'}
              </StatusBadge>
            </td>
            <td>
              <TimeAgo at={member.since} />
            </td>
            <td className={styles.end}>
              <ActionMenu
                label={`Actions for ${member.name}`}
                actions={[
                  { label: 'Link for a new password', run: () => offerReset(member) },
                  { label: 'Sign out everywhere', run: () => end(member) },
                  { label: 'Remove from the workspace', destructive: true, run: () => askRemove(member) },
                ]}
              />
            </td>
          </tr>
        ))}
      </ListTable>
      {secret.dialog}
      {dialog}
    </>
  );
}

function usePeopleCalls() {
  const trpc = useTRPC();
  const queries = useQueryClient();
  const again = { onSuccess: () => queries.invalidateQueries(trpc.people.list.queryFilter()) };
  // The dialog that asked shows the reason of a refusal.
  const asked = { ...again, onError: () => undefined };
  return {
    changeRole: useMutation(trpc.people.changeRole.mutationOptions(asked)),
    remove: useMutation(trpc.people.remove.mutationOptions(asked)),
    resetLink: useMutation(trpc.people.resetLink.mutationOptions()),
    signOut: useMutation(trpc.people.signOut.mutationOptions()),
  };
}
