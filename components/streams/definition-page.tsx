'use client';
import { Button, Group } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useTRPC } from '@/components/api';
import { useAddressParam } from '@/components/ui/address';
import { textColumn } from '@/components/ui/columns';
import { downloadText } from '@/components/ui/csv';
import { DataTable } from '@/components/ui/data-table';
import { Icon } from '@/components/ui/icon';
import { type HelpTopic, Page } from '@/components/ui/page';
import { PageLink } from '@/components/ui/page-link';
import { Pane } from '@/components/ui/pane';
import { ErrorState, SkeletonLines } from '@/components/ui/states';
import { toast } from '@/components/ui/toast';
import type { Pipeline, Pipelines } from './pipelines-data';
import styles from './windows.module.css';

const HELP: readonly HelpTopic[] = [
  {
    title: 'Definition',
    text: 'A pipeline is data: the engine runs what is shown here. Visits and carts are the product’s own; patterns are rules whose condition counts an event; windows are those you defined.',
  },
  {
    title: 'Flink SQL',
    text: 'The same pipeline for Apache Flink 1.20. The watermark waits for the allowed lateness, so that results come once and final. What Flink’s SQL can not say, a comment in the text does. Put your own topic and brokers in.',
  },
];

const KINDS = {
  visits: 'Visits',
  abandonment: 'Carts',
  pattern: 'Pattern',
  windowedAggregate: 'Windows',
} as const;

const COLUMNS = [
  textColumn<Pipeline>({ key: 'name', title: 'Name', value: (row) => row.definition.name }),
  textColumn<Pipeline>({
    key: 'kind',
    title: 'Kind',
    width: '84px',
    value: (row) => KINDS[row.definition.kind],
  }),
];

/** Every pipeline as data, and as text that other engines run. */
export function DefinitionPage() {
  const trpc = useTRPC();
  const pipelines = useQuery(trpc.windows.pipelines.queryOptions());
  return (
    <Page title="Definition" about="Each pipeline as data, and the same as Flink SQL" help={HELP}>
      {pipelines.isError ? (
        <ErrorState onRetry={() => pipelines.refetch()} />
      ) : pipelines.data ? (
        <PipelineChoice {...pipelines.data} />
      ) : (
        <SkeletonLines lines={10} />
      )}
    </Page>
  );
}

function PipelineChoice({ pipelines, notExported }: Pipelines) {
  const [selected, setSelected] = useAddressParam('pipeline');
  const shown = pipelines.find(({ id }) => id === selected) ?? pipelines[0];
  return (
    <div className={styles.definition}>
      <div className={styles.stack}>
        <Pane title="Pipelines" note={String(pipelines.length)} padded={false}>
          <DataTable
            label="Pipelines"
            columns={COLUMNS}
            rows={pipelines}
            rowKey={({ id }) => id}
            selectedKey={shown?.id ?? null}
            onOpen={({ id }) => setSelected(id)}
            height={380}
            exportName="pipelines"
          />
        </Pane>
        {notExported.length > 0 && (
          <Pane title="Rules without a text" note={String(notExported.length)}>
            <p className={styles.quiet}>
              Their conditions say more than how often something happened:{' '}
              {notExported.map(({ ruleId, name }, index) => (
                <span key={ruleId}>
                  {index > 0 && ', '}
                  <PageLink href={`/rules?rule=${ruleId}`}>{name}</PageLink>
                </span>
              ))}
            </p>
          </Pane>
        )}
      </div>
      {shown && (
        <div className={styles.stack}>
          <Text name={shown.definition.name} title="Flink SQL" text={shown.flinkSql} extension="sql" />
          <Text
            name={shown.definition.name}
            title="Definition"
            text={JSON.stringify(shown.definition, null, 2)}
            extension="json"
          />
        </div>
      )}
    </div>
  );
}

interface TextProps {
  name: string;
  title: string;
  text: string;
  extension: 'sql' | 'json';
}

/** A text to read, copy and keep. */
function Text({ name, title, text, extension }: TextProps) {
  const copy = async () => {
    await navigator.clipboard.writeText(text);
    await toast(`${title} of ${name} is copied.`, 'good');
  };
  const file = `${name.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-')}.${extension}`;
  return (
    <Pane
      title={title}
      note={name}
      padded={false}
      actions={
        <Group gap={6}>
          <Button size="compact-sm" variant="default" onClick={copy} aria-label={`Copy ${title}`}>
            Copy
          </Button>
          <Button
            size="compact-sm"
            variant="default"
            aria-label={`Download ${title}`}
            leftSection={<Icon name="download" size={14} />}
            onClick={() =>
              downloadText(file, text, extension === 'sql' ? 'application/sql' : 'application/json')
            }
          >
            Download
          </Button>
        </Group>
      }
    >
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard */}
      <section className={styles.code} tabIndex={0} aria-label={`${title} of ${name}`}>
        <pre>{text}</pre>
      </section>
    </Pane>
  );
}
