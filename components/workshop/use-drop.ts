'use client';
import { type DragEvent, useState } from 'react';

/** Makes an element a place where what is being dragged may be dropped. The innermost place takes the drop. */
export function useDrop(dropping: boolean, onDrop: () => void) {
  const [isTarget, setTarget] = useState(false);
  const over = (event: DragEvent) => {
    if (!dropping || event.defaultPrevented) {
      setTarget(false);
      return;
    }
    event.preventDefault();
    event.dataTransfer.dropEffect = 'move';
    setTarget(true);
  };
  const leave = (event: DragEvent) => {
    if (!event.currentTarget.contains(event.relatedTarget as Node | null)) setTarget(false);
  };
  const drop = (event: DragEvent) => {
    setTarget(false);
    if (!dropping || event.defaultPrevented) return;
    event.preventDefault();
    onDrop();
  };
  return { isTarget: isTarget && dropping, handlers: { onDragOver: over, onDragLeave: leave, onDrop: drop } };
}
