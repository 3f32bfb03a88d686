'use client';
import dynamic from 'next/dynamic';
import { type ReactNode, useState } from 'react';
import { toast, wordsOf } from './toast';

const ConfirmDialog = dynamic(() => import('./confirm-dialog').then((module) => module.ConfirmDialog), {
  ssr: false,
});

export interface ConfirmOptions {
  /** the question, such as "Delete threshold “Lag above 5 s”?" */
  title: string;
  /** what will be lost or changed, by name */
  loses: ReactNode;
  /** the verb on the button */
  verb: string;
  destructive?: boolean;
  act: () => Promise<unknown> | undefined;
}

/**
 * Asks before a step that loses something, and names what is lost. Returns the dialog to render and a function
 * that opens it. The dialog stays open with the reason when the step fails.
 */
export function useConfirm(): { dialog: ReactNode; confirm: (options: ConfirmOptions) => void } {
  const [asked, setAsked] = useState<ConfirmOptions | null>(null);
  const [open, setOpen] = useState(false);
  const [busy, setBusy] = useState(false);
  const confirm = (options: ConfirmOptions) => {
    setAsked(options);
    setOpen(true);
  };
  const act = async () => {
    setBusy(true);
    try {
      await asked?.act();
      setOpen(false);
    } catch (error) {
      await toast(wordsOf(error), 'bad');
    } finally {
      setBusy(false);
    }
  };
  const dialog = asked && (
    <ConfirmDialog asked={asked} open={open} busy={busy} onKeep={() => setOpen(false)} onAct={act} />
  );
  return { dialog, confirm };
}
