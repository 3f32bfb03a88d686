'use client';
import { Switch } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useTRPC } from '@/components/api';
import { useMay } from '@/components/shell/person';
import type { Rule } from './rules-data';

/** On or off. The server refuses to switch on what may not run, and says everything that is missing. */
export function RuleSwitch({ rule, label }: { rule: Rule; label?: string }) {
  const trpc = useTRPC();
  const queries = useQueryClient();
  const canWrite = useMay()('rule.write');
  const toggle = useMutation(
    trpc.rules.setEnabled.mutationOptions({
      onSettled: () => queries.invalidateQueries({ queryKey: trpc.rules.list.queryKey() }),
    }),
  );
  const shown = toggle.isPending ? toggle.variables.enabled : rule.enabled;
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the row opens the rule, the switch in it must not
    <span
      onClick={(event) => event.stopPropagation()}
      onKeyDown={(event) => event.stopPropagation()}
      role="presentation"
    >
      <Switch
        checked={shown}
        disabled={!canWrite || toggle.isPending}
        onChange={(event) => toggle.mutate({ id: rule.id, enabled: event.currentTarget.checked })}
        aria-label={label ? undefined : `${rule.name} on`}
        label={label}
      />
    </span>
  );
}
