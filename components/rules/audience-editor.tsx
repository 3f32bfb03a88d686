'use client';
import { Textarea, TextInput } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { useTRPC } from '@/components/api';
import { useMay } from '@/components/shell/person';
import { Drawer } from '@/components/ui/drawer';
import { EditorFoot } from '@/components/ui/editor-foot';
import { TimeAgo } from '@/components/ui/time-ago';
import { type AudienceInput, audienceInputSchema } from '@/server/decisions/audience.schema';
import { AUDIENCE_HELP } from '@/server/decisions/expression-help.schema';
import { AudiencePreview } from './audience-preview';
import { CelEditor } from './cel-editor';
import styles from './rules.module.css';
import type { Audience } from './rules-data';
import { useAudienceActions } from './use-audience-actions';

interface AudienceEditorProps {
  /** null: one that is not saved yet */
  audience: Audience | null;
  onClose: () => void;
}

const TYPING_MS = 250;
const NEW: AudienceInput = { name: '', description: '', condition: '' };

/** Makes or changes an audience; who would be in it, and which rules follow, is shown before it is saved. */
export function AudienceEditor({ audience, onClose }: AudienceEditorProps) {
  const trpc = useTRPC();
  const canWrite = useMay()('rule.write');
  const [form, setForm] = useState<AudienceInput>(audience ? inputOf(audience) : NEW);
  const [tried, setTried] = useState(false);
  const [condition] = useDebouncedValue(form.condition, TYPING_MS);
  const check = useQuery(trpc.audiences.check.queryOptions({ condition }, { placeholderData: (old) => old }));
  const actions = useAudienceActions(audience, onClose);
  const parsed = audienceInputSchema.safeParse(form);
  const fault = check.data?.faults[0];
  const set = (changes: Partial<AudienceInput>) => setForm({ ...form, ...changes });
  // A field is told what it lacks once something stands in it, or once all of it was to be saved.
  const errorOf = (field: keyof AudienceInput) =>
    tried || form[field] !== ''
      ? parsed.error?.issues.find(({ path }) => path[0] === field)?.message
      : undefined;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (parsed.success && !fault) actions.save(parsed.data);
  };
  return (
    <Drawer opened onClose={onClose} title={audience ? audience.name : 'New audience'} size={560}>
      <form className={styles.form} onSubmit={submit} noValidate>
        <TextInput
          label="Name"
          description="As the rules show it"
          data-autofocus
          value={form.name}
          error={errorOf('name')}
          readOnly={!canWrite}
          maxLength={100}
          onChange={(event) => set({ name: event.currentTarget.value })}
        />
        <Textarea
          label="Who they are"
          value={form.description}
          error={errorOf('description')}
          readOnly={!canWrite}
          autosize
          minRows={2}
          maxLength={300}
          onChange={(event) => set({ description: event.currentTarget.value })}
        />
        <CelEditor
          label="Condition"
          description="CEL over card and consent, without the event. Ctrl+Space completes."
          value={form.condition}
          fault={fault}
          error={errorOf('condition')}
          completions={AUDIENCE_HELP}
          readOnly={!canWrite}
          onChange={(typed) => set({ condition: typed })}
        />
        <AudiencePreview
          audience={audience}
          condition={fault || condition.trim() === '' ? null : condition.trim()}
        />
        {audience && (
          <p className={styles.quiet}>
            Version {audience.version}, by {audience.updatedBy ?? 'former member'},{' '}
            <TimeAgo at={audience.updatedAt} />
          </p>
        )}
        <EditorFoot
          error={actions.error}
          saving={actions.saving}
          canWrite={canWrite}
          verb={audience ? 'Save' : 'Create'}
          onLeave={onClose}
          onRemove={audience ? actions.askRemove : undefined}
        />
      </form>
      {actions.dialog}
    </Drawer>
  );
}

function inputOf({ name, description, condition }: Audience): AudienceInput {
  return { name, description, condition };
}
