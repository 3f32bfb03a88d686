'use client';
import { Select } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useTRPC } from '@/components/api';
import { EVERYONE } from './rules-data';

interface AudienceSelectProps {
  /** null: everyone */
  audienceId: string | null;
  readOnly: boolean;
  onChange: (audienceId: string | null) => void;
}

/** Whom a rule is for: everyone, or one audience. One that an older version named and that is gone stays to be seen. */
export function AudienceSelect({ audienceId, readOnly, onChange }: AudienceSelectProps) {
  const trpc = useTRPC();
  const { data } = useQuery(trpc.audiences.list.queryOptions());
  const chosen = data?.find(({ id }) => id === audienceId);
  const isGone = data !== undefined && audienceId !== null && !chosen;
  const options = [
    { value: EVERYONE, label: 'Everyone' },
    ...(data ?? []).map(({ id, name }) => ({ value: id, label: name })),
    ...(isGone ? [{ value: audienceId, label: 'An audience that is gone' }] : []),
  ];
  return (
    <Select
      label="For"
      description={chosen?.description ?? 'Everyone, or one audience of the workspace'}
      data={options}
      value={audienceId ?? EVERYONE}
      onChange={(value) => onChange(value === EVERYONE ? null : value)}
      error={isGone ? 'This audience was removed: choose another' : undefined}
      readOnly={readOnly}
      allowDeselect={false}
      searchable={options.length > 8}
    />
  );
}
