'use client';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useRouter } from 'next/navigation';
import { useTRPC } from '@/components/api';
import type { PaletteAction } from './palette-store';
import { useMay } from './person';

const MOST_CUSTOMERS = 8;
/** The group of what is searched for on the server. */
export const CUSTOMERS = 'Customers';

/** Customers and rules that fit what was typed, as actions that open them where this role works with them. */
export function useRemoteActions(query: string): { items: PaletteAction[]; searching: boolean } {
  const trpc = useTRPC();
  const router = useRouter();
  const mayDo = useMay();
  const customers = useQuery(
    trpc.customers.search.queryOptions(
      { query, limit: MOST_CUSTOMERS },
      { enabled: query.length > 0 && mayDo('customer.search'), placeholderData: keepPreviousData },
    ),
  );
  const rules = useQuery(
    trpc.rules.list.queryOptions(undefined, { enabled: mayDo('rule.read'), staleTime: 30_000 }),
  );
  const home = mayDo('desk.read') ? '/desk' : '/privacy';
  const words = query.toLowerCase().split(/\s+/).filter(Boolean);
  const found = query.length > 0 && mayDo('customer.search') ? (customers.data ?? []) : [];
  const items: PaletteAction[] = [
    ...found.map(({ key, label, linkedTo }) => ({
      id: `customer:${key}`,
      label,
      about: linkedTo === null ? undefined : 'linked to another key',
      group: CUSTOMERS,
      icon: 'person' as const,
      run: () => router.push(`${home}?customer=${encodeURIComponent(linkedTo ?? key)}`),
    })),
    ...(rules.data?.rules ?? [])
      .filter((rule) => words.every((word) => rule.name.toLowerCase().includes(word)))
      .map((rule) => ({
        id: `rule:${rule.id}`,
        label: rule.name,
        about: rule.enabled ? 'on' : 'off',
        group: 'Rules',
        icon: 'rules' as const,
        run: () => router.push(`/rules?rule=${encodeURIComponent(rule.id)}`),
      })),
  ];
  return { items, searching: customers.isFetching };
}
