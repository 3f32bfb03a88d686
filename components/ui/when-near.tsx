'use client';
import { type ReactNode, useEffect, useRef, useState } from 'react';

interface WhenNearProps {
  /** px kept free until then, so that nothing moves */
  height: number;
  /** ids of what will be there, so that links to it work before */
  ids?: readonly string[];
  children: ReactNode;
}

/** Below this distance from what is seen it is made, px. */
const NEAR = '20px';

/** Makes what stands far down a page only when somebody comes near it: a first look need not pay for it. */
export function WhenNear({ height, ids = [], children }: WhenNearProps) {
  const place = useRef<HTMLDivElement>(null);
  const [isNear, setNear] = useState(false);
  useEffect(() => {
    const element = place.current;
    if (!element) return;
    const observer = new IntersectionObserver(
      (entries) => {
        if (entries.some((entry) => entry.isIntersecting)) setNear(true);
      },
      { rootMargin: NEAR },
    );
    observer.observe(element);
    return () => observer.disconnect();
  }, []);
  if (isNear) return children;
  return (
    <div ref={place} style={{ minHeight: height }}>
      {ids.map((id) => (
        <span key={id} id={id} />
      ))}
    </div>
  );
}
