'use client';
import dynamic from 'next/dynamic';
import { usePerson } from '@/components/shell/person';
import { formatNumber } from '@/components/ui/format';
import { SkeletonLines } from '@/components/ui/states';
import styles from './metric-course.module.css';
import type { Card } from './workshop-data';

// A heavy library: loaded when a drawer with something to draw is opened.
const MetricCourseChart = dynamic(
  () => import('./metric-course-chart').then((module) => module.MetricCourseChart),
  { ssr: false, loading: () => <SkeletonLines lines={1} height={150} /> },
);

/** Has the metric left its baseline? Its last hour, with what was usual before the launch and the launch itself. */
export function MetricCourse({ card }: { card: Card }) {
  const { currency } = usePerson();
  const course = card.metric?.course ?? [];
  const known = course.flatMap(({ value }) => value ?? []);
  const [first, last] = [course[0], course.at(-1)];
  if (!card.metric || !first || !last || known.length < 2) return null;
  const baseline = card.baseline?.mean ?? null;
  const { launchedAt } = card;
  const launchSeen = launchedAt !== null && launchedAt >= first.at && launchedAt <= last.at;
  const unit = card.metric.unit === 'currency' ? currency : card.metric.unit;
  const between = `between ${formatNumber(Math.min(...known))} and ${formatNumber(Math.max(...known))}`;
  return (
    <figure className={styles.figure}>
      <figcaption className={styles.caption}>
        {baseline === null ? 'How does it move?' : 'Has it left its baseline?'}
        <span className={styles.reading}>
          last hour {between} {unit}
          {baseline !== null && `; baseline ${formatNumber(baseline)} ${unit}`}
        </span>
      </figcaption>
      <MetricCourseChart
        course={course}
        title={card.metric.title}
        baseline={baseline}
        launchedAt={launchSeen ? launchedAt : null}
      />
    </figure>
  );
}
