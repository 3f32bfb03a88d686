import type { ReactNode } from 'react';
import { StreamsSection } from '@/components/streams/streams-section';

export default function StreamsLayout({ children }: { children: ReactNode }) {
  return <StreamsSection>{children}</StreamsSection>;
}
