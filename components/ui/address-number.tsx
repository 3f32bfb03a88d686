'use client';
import { NumberInput, type NumberInputProps } from '@mantine/core';
import { useState } from 'react';

interface AddressNumberProps extends Omit<NumberInputProps, 'onFocus' | 'onBlur' | 'defaultValue'> {
  /** as it stands in the address */
  value: number;
  onChange: (value: number | string) => void;
}

/** A number that lives in the address. While it is typed it stands as typed: the address follows a moment later. */
export function AddressNumber({ value, onChange, ...rest }: AddressNumberProps) {
  const [typed, setTyped] = useState<number | string | null>(null);
  return (
    <NumberInput
      {...rest}
      value={typed ?? value}
      onFocus={() => setTyped(value)}
      onBlur={() => setTyped(null)}
      onChange={(next) => {
        setTyped((before) => (before === null ? null : next));
        onChange(next);
      }}
    />
  );
}
