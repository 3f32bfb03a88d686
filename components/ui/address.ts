'use client';
import { usePathname, useSearchParams } from 'next/navigation';
import { useCallback } from 'react';

/** Changes parameters of the address without a visit to the server; null removes one. */
export function useSetAddress(): (changes: Record<string, string | null>, push?: boolean) => void {
  const pathname = usePathname();
  return useCallback(
    (changes, push = false) => {
      const params = new URLSearchParams(window.location.search);
      for (const [name, value] of Object.entries(changes)) {
        if (value === null || value === '') params.delete(name);
        else params.set(name, value);
      }
      const query = params.toString();
      const address = query ? `${pathname}?${query}` : pathname;
      if (push) window.history.pushState(null, '', address);
      else window.history.replaceState(null, '', address);
    },
    [pathname],
  );
}

/** One parameter of the address as state, so that what a person sees can be shared as a link. */
export function useAddressParam(name: string, fallback = ''): [string, (value: string | null) => void] {
  const params = useSearchParams();
  const set = useSetAddress();
  const value = params.get(name) ?? fallback;
  return [
    value,
    useCallback((next) => set({ [name]: next === fallback ? null : next }), [set, name, fallback]),
  ];
}
