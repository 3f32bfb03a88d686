'use client';
import { Button } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTRPC } from '@/components/api';
import { useMay } from '@/components/shell/person';
import { useShortcut } from '@/components/shell/shortcuts';
import { useConfirm } from '@/components/ui/confirm';
import { Icon } from '@/components/ui/icon';
import { Pane } from '@/components/ui/pane';
import { toast, wordsOf } from '@/components/ui/toast';
import { type RuleInput, ruleInputSchema } from '@/server/decisions/rule.schema';
import { RuleForm } from './rule-form';
import { RuleState } from './rule-list';
import { RuleSwitch } from './rule-switch';
import { RuleTrial } from './rule-trial';
import { RuleVersions } from './rule-versions';
import styles from './rules.module.css';
import { inputOf, NEW_RULE, type Rule } from './rules-data';

interface RuleEditorProps {
  rule: Rule | null;
  /** the rule to stay with, or null for the list */
  onClose: (id: string | null) => void;
}

const TYPING_MS = 250;

/** One rule: its definition at the left, at the right what it would do, and what it was. */
export function RuleEditor({ rule, onClose }: RuleEditorProps) {
  const trpc = useTRPC();
  const queries = useQueryClient();
  const canWrite = useMay()('rule.write');
  const { dialog, confirm } = useConfirm();
  const start = rule ? inputOf(rule) : NEW_RULE;
  const [form, setForm] = useState<RuleInput>(start);
  const [typed] = useDebouncedValue(
    { if: form.definition.if, reason: form.definition.then.reason },
    TYPING_MS,
  );
  const check = useQuery(trpc.rules.check.queryOptions(typed, { placeholderData: (old) => old }));
  const parsed = ruleInputSchema.safeParse(form);
  const faults = check.data?.faults ?? [];
  const [tried, setTried] = useState(false);
  const dirty = JSON.stringify(form) !== JSON.stringify(start);
  const refresh = () =>
    Promise.all([
      queries.invalidateQueries({ queryKey: trpc.rules.list.queryKey() }),
      // It tells the rules of each.
      queries.invalidateQueries({ queryKey: trpc.audiences.list.queryKey() }),
    ]);
  const create = useMutation(trpc.rules.create.mutationOptions());
  const update = useMutation(trpc.rules.update.mutationOptions());
  const remove = useMutation(trpc.rules.remove.mutationOptions());
  const save = async () => {
    if (!canWrite) return;
    if (!parsed.success || faults.length > 0) {
      setTried(true);
      void toast('Not saved: the marked fields are not complete.', 'bad');
      return;
    }
    try {
      if (rule) {
        const saved = await update.mutateAsync({ ...parsed.data, id: rule.id, version: rule.version });
        void toast(wordsOfSave(saved), saved.switchedOff.length > 0 ? 'bad' : 'good');
        await refresh();
        return;
      }
      const { id } = await create.mutateAsync(parsed.data);
      await refresh();
      void toast('Saved, switched off', 'good');
      onClose(id);
    } catch (error) {
      void toast(wordsOf(error), 'bad');
    }
  };
  useShortcut('mod+s', 'Save the rule', () => void save(), 'This page', canWrite);
  const purposeChanged = rule !== null && form.definition.purpose !== rule.definition.purpose;
  return (
    <div className={styles.editor}>
      <Pane
        title={rule ? `Version ${rule.version}` : 'Definition'}
        note={rule && <RuleState rule={rule} />}
        actions={
          <>
            {rule && <RuleSwitch rule={rule} label="On" />}
            {rule && canWrite && (
              <Button
                variant="default"
                leftSection={<Icon name="trash" size={14} />}
                onClick={() =>
                  confirm({
                    title: `Remove “${rule.name}”?`,
                    loses: `Its ${rule.version} versions are lost and it stops at once. Decisions it made are kept.`,
                    verb: 'Remove',
                    destructive: true,
                    act: async () => {
                      await remove.mutateAsync({ id: rule.id });
                      await refresh();
                      onClose(null);
                    },
                  })
                }
              >
                Remove
              </Button>
            )}
            {canWrite && (
              <Button onClick={save} disabled={!dirty} loading={create.isPending || update.isPending}>
                {rule ? 'Save version' : 'Save'}
              </Button>
            )}
          </>
        }
      >
        <RuleForm
          form={form}
          faults={faults}
          issues={parsed.success ? [] : parsed.error.issues}
          tried={tried}
          readOnly={!canWrite}
          onChange={setForm}
        />
      </Pane>
      <aside className={styles.side} aria-label="Preview and versions">
        <RuleTrial rule={faults.length === 0 && parsed.success ? parsed.data : null}>
          {purposeChanged && rule?.useCase?.dpiaId && (
            <p className={styles.warning}>
              <Icon name="alert" size={14} /> The new purpose opens the signed DPIA of "{rule.useCase.title}"
              again, and the rule stops until it is signed.
            </p>
          )}
        </RuleTrial>
        {rule && (
          <RuleVersions rule={rule} onTake={(taken) => setForm({ ...form, ...taken })} readOnly={!canWrite} />
        )}
      </aside>
      {dialog}
    </div>
  );
}

function wordsOfSave(saved: { version: number; switchedOff: string[]; reopenedDpia: boolean }): string {
  if (saved.switchedOff.length === 0) return `Saved as version ${saved.version}`;
  const opened = saved.reopenedDpia ? ' The DPIA is open again.' : '';
  return `Saved as version ${saved.version} and switched off: ${saved.switchedOff.join('; ')}.${opened}`;
}
