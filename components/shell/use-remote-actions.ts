'use client';
import type { PaletteAction } from './palette-store';

/** Customers and rules that fit what was typed, as actions that open them. */
export function useRemoteActions(_query: string): { items: PaletteAction[]; searching: boolean } {
  return { items: [], searching: false };
}
