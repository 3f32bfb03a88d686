'use client';
import { Button, Group, NumberInput, Textarea } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { useTRPC } from '@/components/api';
import { useMay } from '@/components/shell/person';
import { formatDateTime } from '@/components/ui/format';
import { Pane } from '@/components/ui/pane';
import { StatusBadge } from '@/components/ui/status-badge';
import { toast } from '@/components/ui/toast';
import type { DpiaGap } from '@/server/privacy/dpia.schema';
import styles from './dpia.module.css';
import type { Dpia } from './privacy-data';

interface DpiaSignProps {
  dpia: Dpia | null;
  /** unsaved changes: what is on the screen is not what would be signed */
  dirty: boolean;
  gaps: readonly DpiaGap[];
  onDone: () => unknown;
}

const LEAST_OPINION = 10;

/** What is missing, the officer's opinion and the signatures so far. */
export function DpiaSign({ dpia, dirty, gaps, onDone }: DpiaSignProps) {
  const trpc = useTRPC();
  const may = useMay();
  const submit = useMutation(trpc.dpia.submit.mutationOptions({ onSuccess: onDone }));
  const open = dpia && dpia.status !== 'signed';
  return (
    <aside className={styles.side} aria-label="Opinion and signatures">
      <Pane title={gaps.length === 0 ? 'Complete' : 'What is missing'}>
        {gaps.length === 0 ? (
          <p className={styles.plain}>Every part is filled in.</p>
        ) : (
          <ul className={styles.gaps}>
            {gaps.map(({ message }) => (
              <li key={message}>{message}</li>
            ))}
          </ul>
        )}
        {dpia && (dpia.status === 'draft' || dpia.status === 'reopened') && may('dpia.write') && (
          <Button
            mt="sm"
            variant="default"
            disabled={dirty || gaps.length > 0}
            loading={submit.isPending}
            onClick={() => submit.mutate({ id: dpia.id, version: dpia.version })}
          >
            Ask for the officer’s opinion
          </Button>
        )}
      </Pane>
      {open && may('dpia.sign') && (
        <OpinionForm dpia={dpia} blocked={dirty || gaps.length > 0} onDone={onDone} />
      )}
      {dpia && (
        <Pane title="Signatures" note={`${dpia.signatures.length}`}>
          {dpia.signatures.length === 0 && <p className={styles.plain}>Not signed so far.</p>}
          {dpia.signatures.map((signature) => (
            <div key={signature.id} className={styles.signature}>
              <StatusBadge tone={signature.verdict === 'approved' ? 'good' : 'bad'}>
                version {signature.version} {signature.verdict}
              </StatusBadge>
              <p className={styles.plain}>{signature.opinion}</p>
              <p className={styles.quiet}>{formatDateTime(Date.parse(signature.signedAt))}</p>
              <p className={styles.hash} title="SHA-256 of what was signed">
                {signature.contentHash}
              </p>
            </div>
          ))}
        </Pane>
      )}
    </aside>
  );
}

function OpinionForm({ dpia, blocked, onDone }: { dpia: Dpia; blocked: boolean; onDone: () => unknown }) {
  const trpc = useTRPC();
  const [opinion, setOpinion] = useState('');
  const [validMonths, setMonths] = useState(12);
  const sign = useMutation(
    trpc.dpia.sign.mutationOptions({
      onSuccess: (_, { verdict }) => {
        void toast(verdict === 'approved' ? 'Signed' : 'Rejected', 'good');
        onDone();
      },
    }),
  );
  const short = opinion.trim().length < LEAST_OPINION;
  const give = (verdict: 'approved' | 'rejected') =>
    sign.mutate({ id: dpia.id, version: dpia.version, verdict, opinion, validMonths });
  return (
    <Pane title="Your opinion as officer">
      <div className={styles.fields}>
        <Textarea
          label="Opinion"
          description="Kept with the signature and in the audit"
          value={opinion}
          onChange={(event) => setOpinion(event.currentTarget.value)}
          autosize
          minRows={3}
          maxLength={4_000}
        />
        <NumberInput
          label="Valid for, months"
          value={validMonths}
          onChange={(value) => setMonths(Number(value) || 12)}
          min={1}
          max={36}
          allowDecimal={false}
        />
        <Group justify="flex-end">
          <Button
            variant="default"
            disabled={short}
            loading={sign.isPending}
            onClick={() => give('rejected')}
          >
            Reject
          </Button>
          <Button disabled={short || blocked} loading={sign.isPending} onClick={() => give('approved')}>
            Sign version {dpia.version}
          </Button>
        </Group>
        {blocked && (
          <p className={styles.quiet}>Save and complete it first: a signature is for what is saved.</p>
        )}
      </div>
    </Pane>
  );
}
