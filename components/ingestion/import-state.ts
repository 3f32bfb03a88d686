import { TRPCClientError } from '@trpc/client';
import { useRef, useState } from 'react';
import { useTRPCClient } from '@/components/api';
import { wordsOf } from '@/components/ui/toast';
import { type ImportColumn, MOST_FILE_BYTES } from '@/server/ingestion/customer-import/import-columns.schema';
import { type FilePreview, type ImportProgress, previewOf, runImport } from './import-run';

export type ImportState =
  | { step: 'choose'; problem: string | null }
  | { step: 'columns'; file: File; preview: FilePreview }
  | {
      step: 'run';
      file: File;
      progress: ImportProgress | null;
      ended: 'not yet' | 'whole' | 'stopped' | 'failed';
      problem: string | null;
    };

const PASSING = ['SERVICE_UNAVAILABLE', 'TOO_MANY_REQUESTS'];

/** No answer at all passes too: the connection comes back, and rows sent twice are known again. */
function isPassing(error: unknown): boolean {
  if (!(error instanceof TRPCClientError)) return false;
  const code = error.data?.code;
  return code === undefined || PASSING.includes(code);
}

/** An import from the choice of a file to its result. */
export function useImport() {
  const client = useTRPCClient();
  const [state, setState] = useState<ImportState>({ step: 'choose', problem: null });
  const stopping = useRef(new AbortController());

  const choose = async (file: File) => {
    if (file.size > MOST_FILE_BYTES)
      return setState({ step: 'choose', problem: 'The file is larger than 50 MB; import it in parts.' });
    try {
      setState({ step: 'columns', file, preview: await previewOf(file) });
    } catch (error) {
      setState({ step: 'choose', problem: wordsOf(error) });
    }
  };

  const start = async (file: File, columns: ImportColumn[], region: string | undefined) => {
    stopping.current = new AbortController();
    const { signal } = stopping.current;
    let progress: ImportProgress | null = null;
    const show = (ended: 'not yet' | 'whole' | 'stopped' | 'failed', problem: string | null = null) =>
      setState({ step: 'run', file, progress, ended, problem });
    let importId: string | null = null;
    // Also of an import that failed it goes on record what became of its rows.
    const finish = async () => {
      if (importId !== null) await client.customerImport.finish.mutate({ importId });
    };
    show('not yet');
    try {
      const form = { fileName: file.name.slice(-200), bytes: file.size, columns, region };
      const begun = await client.customerImport.begin.mutate(form);
      importId = begun.importId;
      await runImport({
        file,
        signal,
        isPassing,
        send: (rows) => client.customerImport.rows.mutate({ ...begun, rows }),
        wait: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
        onProgress: (told) => {
          progress = told;
          show('not yet');
        },
      });
      await finish();
      show(signal.aborted ? 'stopped' : 'whole');
    } catch (error) {
      await finish().catch(() => undefined);
      show('failed', wordsOf(error));
    }
  };

  return {
    state,
    choose,
    start,
    stop: () => stopping.current.abort(),
    again: () => setState({ step: 'choose', problem: null }),
  };
}
