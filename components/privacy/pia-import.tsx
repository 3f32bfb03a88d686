'use client';
import { Button, FileButton } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { TRPCClientError } from '@trpc/client';
import { useState } from 'react';
import { useTRPC } from '@/components/api';
import { Drawer } from '@/components/ui/drawer';
import { Icon } from '@/components/ui/icon';
import { wordsOf } from '@/components/ui/toast';
import type { AppRouter } from '@/server/api/root';
import { MOST_FILE_CHARACTERS } from '@/server/privacy/pia/cnil-pia.schema';
import styles from './dpia.module.css';

interface Outcome {
  words: string;
  /** what could not be read, or was not taken over */
  lines: string[];
  refused: boolean;
}

/** The record a file becomes a new version of; null: a record of its own. */
export type PiaTarget = { id: string; version: number } | null;

/**
 * Takes a file of the CNIL's PIA software over, and keeps what became of it until it is read.
 * @param onTaken with the id of the record
 */
export function usePiaImport(onTaken: (id: string) => void) {
  const trpc = useTRPC();
  const queries = useQueryClient();
  const [outcome, setOutcome] = useState<Outcome | null>(null);
  const take = useMutation(
    trpc.dpia.importPia.mutationOptions({
      onSuccess: async ({ id, notTakenOver }) => {
        await queries.invalidateQueries({ queryKey: trpc.dpia.list.queryKey() });
        setOutcome({ words: takenWords(notTakenOver.length), lines: notTakenOver, refused: false });
        onTaken(id);
      },
      onError: (error) => setOutcome({ words: wordsOf(error), lines: fieldsOf(error), refused: true }),
    }),
  );
  const read = async (file: File, into: PiaTarget) => {
    // In bytes it is never shorter than in characters.
    if (file.size > 4 * MOST_FILE_CHARACTERS) {
      setOutcome({ words: `${file.name} is too large to be an assessment.`, lines: [], refused: true });
      return;
    }
    take.mutate({ file: await file.text(), into });
  };
  return { read, busy: take.isPending, outcome, close: () => setOutcome(null) };
}

const takenWords = (left: number) =>
  left === 0 ? 'Everything in the file was taken over.' : 'Taken over as a draft, except:';

function fieldsOf(error: unknown): string[] {
  if (!(error instanceof TRPCClientError)) return [];
  const { data } = error as TRPCClientError<AppRouter>;
  return (data?.fields ?? []).map(({ field, reason }) => `${field}: ${reason}`);
}

interface PiaFileButtonProps {
  label: string;
  busy: boolean;
  disabled?: boolean;
  onFile: (file: File) => void;
}

/** Asks for a file of the CNIL's PIA software. */
export function PiaFileButton({ label, busy, disabled = false, onFile }: PiaFileButtonProps) {
  return (
    <FileButton
      accept="application/json,.json"
      inputProps={{ 'aria-label': label }}
      onChange={(file) => file && onFile(file)}
    >
      {(props) => (
        <Button
          {...props}
          variant="default"
          leftSection={<Icon name="upload" size={14} />}
          loading={busy}
          disabled={disabled}
        >
          {label}
        </Button>
      )}
    </FileButton>
  );
}

/** What became of an import: what was not taken over, or the fields that could not be read. */
export function PiaOutcome({ outcome, onClose }: { outcome: Outcome | null; onClose: () => void }) {
  return (
    <Drawer
      opened={outcome !== null}
      onClose={onClose}
      title={outcome?.refused ? 'Not taken over' : 'Taken over from a PIA'}
      size={480}
    >
      {outcome && (
        <>
          <p className={styles.plain}>{outcome.words}</p>
          {outcome.refused && <p className={styles.plain}>Nothing was changed.</p>}
          <ul className={styles.gaps}>
            {outcome.lines.map((line) => (
              <li key={line}>{line}</li>
            ))}
          </ul>
          {!outcome.refused && outcome.lines.length > 0 && (
            <p className={styles.plain}>The audit keeps this list with the entry of the import.</p>
          )}
        </>
      )}
    </Drawer>
  );
}
