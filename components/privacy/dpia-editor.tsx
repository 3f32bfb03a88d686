'use client';
import { Button, Group, MultiSelect, Textarea, TextInput } from '@mantine/core';
import { DateInput } from '@mantine/dates';
import '@mantine/dates/styles.layer.css';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTRPC } from '@/components/api';
import { useMay } from '@/components/shell/person';
import { Icon } from '@/components/ui/icon';
import { Pane } from '@/components/ui/pane';
import { StatusBadge } from '@/components/ui/status-badge';
import { toast, wordsOf } from '@/components/ui/toast';
import { type DpiaContent, EMPTY_DPIA, gapsOf, LONG_TEXT, SHORT_TEXT } from '@/server/privacy/dpia.schema';
import { PURPOSE_WORDS, PURPOSES, type Purpose } from '@/server/privacy/purpose.schema';
import styles from './dpia.module.css';
import { DpiaRisks } from './dpia-risks';
import { DpiaScreening } from './dpia-screening';
import { DpiaSign } from './dpia-sign';
import { STATUS } from './dpia-status';
import { PiaExport } from './pia-export';
import { PiaFileButton, type usePiaImport } from './pia-import';
import type { Dpia } from './privacy-data';

interface DpiaEditorProps {
  dpia: Dpia | null;
  pia: ReturnType<typeof usePiaImport>;
  /** the id to stay with, or null to go back to the list */
  onClose: (id: string | null) => void;
}

interface Draft {
  title: string;
  description: string;
  dueAt: string | null;
  content: DpiaContent;
}

function draftOf(dpia: Dpia | null): Draft {
  if (!dpia) return { title: '', description: '', dueAt: null, content: EMPTY_DPIA };
  const { title, description, dueAt, content } = dpia;
  return { title, description, dueAt: dueAt?.slice(0, 10) ?? null, content };
}

const purposeOptions = PURPOSES.map((purpose) => ({ value: purpose, label: PURPOSE_WORDS[purpose].title }));

/** The guided form of one assessment, top to bottom: screening, description, necessity, risks, opinion. */
export function DpiaEditor({ dpia, pia, onClose }: DpiaEditorProps) {
  const trpc = useTRPC();
  const queries = useQueryClient();
  const canWrite = useMay()('dpia.write');
  const [draft, setDraft] = useState(() => draftOf(dpia));
  const dirty = JSON.stringify(draft) !== JSON.stringify(draftOf(dpia));
  const set = (changes: Partial<DpiaContent>) =>
    setDraft({ ...draft, content: { ...draft.content, ...changes } });
  const refresh = () => queries.invalidateQueries({ queryKey: trpc.dpia.list.queryKey() });
  const create = useMutation(trpc.dpia.create.mutationOptions());
  const update = useMutation(trpc.dpia.update.mutationOptions());
  const save = async () => {
    const input = { ...draft, dueAt: draft.dueAt };
    try {
      const id = dpia ? dpia.id : (await create.mutateAsync(input)).id;
      if (dpia) await update.mutateAsync({ ...input, id, version: dpia.version });
      await refresh();
      void toast('Saved', 'good');
      onClose(id);
    } catch (error) {
      void toast(wordsOf(error), 'bad');
    }
  };
  const text = (name: 'processing' | 'necessity' | 'retention' | 'rights', label: string, about: string) => (
    <Textarea
      label={label}
      description={about}
      value={draft.content[name]}
      onChange={(event) => set({ [name]: event.currentTarget.value })}
      readOnly={!canWrite}
      autosize
      minRows={name === 'retention' ? 1 : 3}
      maxLength={name === 'retention' ? SHORT_TEXT : LONG_TEXT}
    />
  );
  return (
    <div className={styles.editor}>
      <div className={styles.top}>
        <Button
          variant="default"
          leftSection={<Icon name="right" size={14} />}
          onClick={() => onClose(null)}
          classNames={{ section: styles.back }}
        >
          All DPIAs
        </Button>
        {dpia && (
          <>
            <StatusBadge tone={STATUS[dpia.status].tone}>{STATUS[dpia.status].word}</StatusBadge>
            <span className={styles.quiet}>version {dpia.version}</span>
          </>
        )}
        <span className={styles.push} />
        {dirty && dpia?.status === 'signed' && (
          <span className={styles.warning}>
            Saving opens it again: rules under it stop until it is signed.
          </span>
        )}
        {dpia && <PiaExport id={dpia.id} />}
        {dpia && canWrite && (
          <PiaFileButton
            label={`Import as a new version${dpia.status === 'signed' ? ' (opens it again)' : ''}`}
            busy={pia.busy}
            disabled={dirty}
            onFile={(file) => void pia.read(file, { id: dpia.id, version: dpia.version })}
          />
        )}
        {canWrite && (
          <Button
            onClick={save}
            disabled={!dirty || draft.title.trim().length < 3}
            loading={create.isPending || update.isPending}
          >
            Save version
          </Button>
        )}
      </div>
      <div className={styles.columns}>
        <div className={styles.form}>
          <Pane title="What it is">
            <div className={styles.fields}>
              <TextInput
                label="Title"
                required
                value={draft.title}
                onChange={(event) => setDraft({ ...draft, title: event.currentTarget.value })}
                readOnly={!canWrite}
                maxLength={150}
              />
              <Textarea
                label="In a sentence"
                value={draft.description}
                onChange={(event) => setDraft({ ...draft, description: event.currentTarget.value })}
                readOnly={!canWrite}
                autosize
                maxLength={2_000}
              />
              <Group grow align="flex-start">
                <MultiSelect
                  label="Purposes covered"
                  description="Rules for other purposes stay off"
                  data={purposeOptions}
                  value={draft.content.purposes}
                  onChange={(purposes) => set({ purposes: purposes as Purpose[] })}
                  readOnly={!canWrite}
                />
                <DateInput
                  label="Due"
                  description="Shows among the clocks"
                  value={draft.dueAt}
                  onChange={(dueAt) => setDraft({ ...draft, dueAt })}
                  readOnly={!canWrite}
                  clearable
                  clearButtonProps={{ 'aria-label': 'Clear the date' }}
                  size="xs"
                />
              </Group>
            </div>
          </Pane>
          <DpiaScreening
            screening={draft.content.screening}
            readOnly={!canWrite}
            onChange={(screening) => set({ screening })}
          />
          <Pane title="Description, necessity, rights">
            <div className={styles.fields}>
              {text(
                'processing',
                'What is done with which data',
                'Kinds of data, where it comes from, who sees it',
              )}
              {text(
                'necessity',
                'Why it is necessary and proportionate',
                'What else was considered. Below a line “## Legal basis” stands what subject reports show as such',
              )}
              {text('retention', 'How long it is kept', 'For each kind of data')}
              {text(
                'rights',
                'How people use their rights',
                'To know, to object, to have it corrected or deleted',
              )}
            </div>
          </Pane>
          <DpiaRisks risks={draft.content.risks} readOnly={!canWrite} onChange={(risks) => set({ risks })} />
          {(dpia?.content.opinion ?? '') !== '' && (
            <Pane title="Opinion taken over">
              <Textarea
                label="Opinion"
                description="From a file, as text: not a signature"
                value={draft.content.opinion}
                onChange={(event) => set({ opinion: event.currentTarget.value })}
                readOnly={!canWrite}
                autosize
                maxLength={SHORT_TEXT}
              />
            </Pane>
          )}
        </div>
        <DpiaSign dpia={dpia} dirty={dirty} gaps={gapsOf(draft.content)} onDone={refresh} />
      </div>
    </div>
  );
}
