'use client';
import { Modal as MantineModal, type ModalProps } from '@mantine/core';
import { useFocusBack } from './focus-back';

/** A dialog in the middle of the page. */
export function Modal(props: ModalProps) {
  useFocusBack(props.opened);
  return <MantineModal {...props} returnFocus={false} />;
}
