'use client';
import { Drawer } from '@/components/ui/drawer';
import type { HelpTopic } from './page';

interface HelpDrawerProps {
  page: string;
  topics: readonly HelpTopic[];
  open: boolean;
  onClose: () => void;
}

/** A few plain paragraphs on what this page shows and does. */
export function HelpDrawer({ page, topics, open, onClose }: HelpDrawerProps) {
  return (
    <Drawer opened={open} onClose={onClose} title={`Help: ${page}`} size={400}>
      {topics.map((topic) => (
        <section key={topic.title} style={{ marginBottom: 18 }}>
          <h3 style={{ margin: '0 0 2px', fontSize: 13, fontWeight: 600 }}>{topic.title}</h3>
          <p style={{ margin: 0, color: 'var(--mr-text-2)' }}>{topic.text}</p>
        </section>
      ))}
    </Drawer>
  );
}
