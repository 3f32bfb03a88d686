import { Pane } from '@/components/ui/pane';
import { SkeletonLines } from '@/components/ui/states';
import styles from './loading.module.css';

/** A page before it is there: its title row and panes keep their place. */
export function Loading() {
  return (
    <div className={styles.page} aria-busy="true">
      <div className={styles.head}>
        <SkeletonLines lines={1} height={18} />
      </div>
      <span className="mr-visually-hidden" role="status">
        Loading the page
      </span>
      <Pane>
        <SkeletonLines lines={3} />
      </Pane>
      <Pane>
        <SkeletonLines lines={9} />
      </Pane>
    </div>
  );
}
