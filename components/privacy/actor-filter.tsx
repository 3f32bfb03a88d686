'use client';
import { NativeSelect } from '@mantine/core';
import { useState } from 'react';

interface Acted {
  actorId: string;
  actorKind: string;
  actorName: string | null;
}

interface ActorFilterProps {
  /** entries as they are listed now */
  rows: readonly Acted[] | undefined;
  /** id; empty: everybody */
  value: string;
  /** px */
  width: number;
  onChange: (value: string | null) => void;
}

/** Whose entries are listed: chosen by name among those whose entries have been on this page. */
export function ActorFilter({ rows = [], value, width, onChange }: ActorFilterProps) {
  const names = useSeenActors(rows);
  // An address that somebody shared may name one of whom nothing is listed.
  const listed = value === '' || names.has(value) ? names : new Map([...names, [value, value]]);
  const people = [...listed].map(([id, name]) => ({ value: id, label: name }));
  return (
    <NativeSelect
      label="Who"
      value={value}
      w={width}
      data={[{ value: '', label: 'Everybody' }, ...people.sort((a, b) => a.label.localeCompare(b.label))]}
      onChange={(event) => onChange(event.currentTarget.value || null)}
    />
  );
}

/** Names by id of all that were listed: who was chosen out of many can be changed for another. */
function useSeenActors(rows: readonly Acted[]): ReadonlyMap<string, string> {
  const [seen, setSeen] = useState<ReadonlyMap<string, string>>(new Map());
  const unseen = rows.filter(({ actorId }) => actorId !== '' && !seen.has(actorId));
  if (unseen.length > 0)
    setSeen(new Map([...seen, ...unseen.map((row) => [row.actorId, nameOf(row)] as const)]));
  return seen;
}

const nameOf = ({ actorName, actorKind, actorId }: Acted) => actorName ?? `${actorKind} ${actorId}`;
