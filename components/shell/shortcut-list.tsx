'use client';
import { Kbd } from '@/components/ui/kbd';
import { Modal } from '@/components/ui/modal';
import styles from './shortcut-list.module.css';
import { useShortcuts } from './shortcuts';

/** Every shortcut that works on this page now, by where it belongs. */
export function ShortcutList({ open, onClose }: { open: boolean; onClose: () => void }) {
  const groups = Map.groupBy(useShortcuts(), (shortcut) => shortcut.group);
  const ordered = [...groups].sort(([a], [b]) => Number(a === 'Everywhere') - Number(b === 'Everywhere'));
  return (
    <Modal opened={open} onClose={onClose} title="Shortcuts" size="md">
      {ordered.map(([group, shortcuts]) => (
        <section key={group} className={styles.group}>
          <h3 className={styles.title}>{group}</h3>
          <dl className={styles.list}>
            {shortcuts.map((shortcut) => (
              <div key={shortcut.keys} className={styles.row}>
                <dt>{shortcut.label}</dt>
                <dd>
                  <Kbd keys={shortcut.keys} />
                </dd>
              </div>
            ))}
          </dl>
        </section>
      ))}
    </Modal>
  );
}
