'use client';
import { useEffect } from 'react';

/**
 * Whatever an ellipsis cuts short can be read whole under the pointer: as long as it is pointed at, it has its text as
 * title. For the whole product, drawers and dialogs included; what has a title of its own keeps it.
 */
export function useCutTitles(): void {
  useEffect(() => {
    let titled: HTMLElement | null = null;
    const point = ({ target }: PointerEvent) => {
      if (!(target instanceof Element) || titled?.contains(target)) return;
      titled?.removeAttribute('title');
      titled = cutAround(target);
      titled?.setAttribute('title', titled.textContent);
    };
    document.addEventListener('pointerover', point);
    return () => {
      document.removeEventListener('pointerover', point);
      titled?.removeAttribute('title');
    };
  }, []);
}

/** The cut text that an element is part of; null when none is, or when it has a title already. */
function cutAround(target: Element): HTMLElement | null {
  if (target.closest('[title]')) return null;
  for (let element: Element | null = target, steps = 0; element && steps < 4; steps++) {
    if (element instanceof HTMLElement && isCut(element)) return element;
    element = element.parentElement;
  }
  return null;
}

function isCut(element: HTMLElement): boolean {
  return element.scrollWidth > element.clientWidth && getComputedStyle(element).textOverflow === 'ellipsis';
}
