'use client';
import { TextInput } from '@mantine/core';
import { useEffect, useState } from 'react';

/** Typing is over when nothing was typed for so long, ms. */
const PAUSE_MS = 250;

interface FilterTextProps {
  label: string;
  /** as it stands in the address */
  value: string;
  onChange: (text: string | null) => void;
}

/** A text filter that lives in the address. What is typed shows at once and goes there when the typing pauses. */
export function FilterText({ label, value, onChange }: FilterTextProps) {
  const [text, setText] = useState(value);
  const [sent, setSent] = useState(value);
  const [seen, setSeen] = useState(value);
  if (value !== seen) {
    setSeen(value);
    // The address was changed by another hand: by going back, or by a link.
    if (value !== sent) setText(value);
  }
  useEffect(() => {
    if (text === sent) return;
    const pause = setTimeout(() => {
      setSent(text);
      onChange(text || null);
    }, PAUSE_MS);
    return () => clearTimeout(pause);
  }, [text, sent, onChange]);
  return (
    <TextInput
      aria-label={label}
      placeholder={label}
      value={text}
      onChange={(event) => setText(event.currentTarget.value)}
    />
  );
}
