'use client';
import { Textarea } from '@mantine/core';
import { type KeyboardEvent, useId, useRef, useState } from 'react';
import type { CompletionItem } from '@/server/decisions/expression-help.schema';
import { type ExpressionFault, MAX_CONDITION_LENGTH } from '@/server/decisions/rule.schema';
import styles from './cel-editor.module.css';

interface CelEditorProps {
  label: string;
  description: string;
  value: string;
  fault: ExpressionFault | undefined;
  /** what it may name: completed, and nothing else */
  completions: readonly CompletionItem[];
  placeholder?: string;
  /** what is missing, where there is no fault in what stands there */
  error?: string | undefined;
  readOnly: boolean;
  onChange: (value: string) => void;
}

const MOST_SHOWN = 7;
const WORD = /[\w.]*$/;

/** What fits the word before the caret; all of it when asked for with nothing typed. */
function completionsFor(word: string, known: readonly CompletionItem[]): CompletionItem[] {
  const wanted = word.toLowerCase();
  const begins = known.filter(({ text }) => text.toLowerCase().startsWith(wanted) && text !== word);
  const within = known.filter((item) => !begins.includes(item) && item.text.toLowerCase().includes(wanted));
  return [...begins, ...(wanted.length > 2 ? within : [])];
}

/** A field for CEL: faults are marked in place, words are completed. Ctrl+Space offers, arrows choose, Tab or Enter takes. */
export function CelEditor(props: CelEditorProps) {
  const { label, description, value, fault, completions, readOnly, onChange } = props;
  const id = useId();
  const field = useRef<HTMLTextAreaElement>(null);
  const [offered, setOffered] = useState<{ items: CompletionItem[]; from: number; to: number } | null>(null);
  const [chosen, setChosen] = useState(0);
  const offer = (text: string, caret: number, asked: boolean) => {
    const word = WORD.exec(text.slice(0, caret))?.[0] ?? '';
    const items = word.length > 1 || asked ? completionsFor(word, completions) : [];
    setOffered(
      items.length > 0 ? { items: items.slice(0, MOST_SHOWN), from: caret - word.length, to: caret } : null,
    );
    setChosen(0);
  };
  const take = (item: CompletionItem | undefined) => {
    if (!item || !offered) return;
    const caret = offered.from + item.text.length;
    onChange(value.slice(0, offered.from) + item.text + value.slice(offered.to));
    setOffered(null);
    requestAnimationFrame(() => {
      field.current?.focus();
      field.current?.setSelectionRange(caret, caret);
    });
  };
  const onKeyDown = (event: KeyboardEvent<HTMLTextAreaElement>) => {
    if (event.key === ' ' && event.ctrlKey) offer(value, event.currentTarget.selectionStart, true);
    else if (!offered) return;
    else if (event.key === 'ArrowDown') setChosen((chosen + 1) % offered.items.length);
    else if (event.key === 'ArrowUp') setChosen((chosen - 1 + offered.items.length) % offered.items.length);
    else if (event.key === 'Tab' || event.key === 'Enter') take(offered.items[chosen]);
    else if (event.key === 'Escape') setOffered(null);
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  return (
    <Textarea
      ref={field}
      id={id}
      label={label}
      description={description}
      error={fault ? `${fault.message} (${placeOf(value, fault)})` : props.error}
      withErrorStyles={false}
      inputWrapperOrder={['label', 'description', 'input', 'error']}
      inputContainer={(input) => (
        <div className={styles.box}>
          <pre className={styles.marks} aria-hidden="true">
            <Marked text={value} fault={fault} />
          </pre>
          {input}
          <ul
            id={`${id}-list`}
            // biome-ignore lint/a11y/noNoninteractiveElementToInteractiveRole: the popup of the combobox above
            role="listbox"
            aria-label="Completions"
            className={styles.list}
            hidden={!offered}
          >
            {offered?.items.map((item, index) => (
              // biome-ignore lint/a11y/useKeyWithClickEvents: the field holds the focus and handles the keys
              <li
                key={item.text}
                id={`${id}-${index}`}
                tabIndex={-1}
                // biome-ignore lint/a11y/noNoninteractiveElementToInteractiveRole: an option of the listbox
                role="option"
                aria-selected={index === chosen}
                className={styles.option}
                onMouseDown={(event) => event.preventDefault()}
                onClick={() => take(item)}
              >
                <code>{item.text}</code>
                <span className={styles.type}>{item.type}</span>
                <span className={styles.help}>{item.help}</span>
              </li>
            ))}
          </ul>
        </div>
      )}
      value={value}
      readOnly={readOnly}
      autosize
      minRows={3}
      maxLength={MAX_CONDITION_LENGTH}
      spellCheck={false}
      classNames={{ input: styles.input }}
      role="combobox"
      aria-expanded={offered !== null}
      aria-controls={`${id}-list`}
      aria-activedescendant={offered ? `${id}-${chosen}` : undefined}
      aria-autocomplete="list"
      placeholder={props.placeholder}
      onChange={(event) => {
        onChange(event.currentTarget.value);
        offer(event.currentTarget.value, event.currentTarget.selectionStart, false);
      }}
      onKeyDown={onKeyDown}
      onBlur={() => setOffered(null)}
    />
  );
}

/** Line and column as people count them. */
function placeOf(text: string, { start }: ExpressionFault): string {
  const before = text.slice(0, start).split('\n');
  return `line ${before.length}, column ${(before.at(-1)?.length ?? 0) + 1}`;
}

/** The same text underneath the field, with the fault underlined. */
function Marked({ text, fault }: { text: string; fault: ExpressionFault | undefined }) {
  if (!fault) return <>{text} </>;
  const end = Math.max(fault.end, fault.start + 1);
  return (
    <>
      {text.slice(0, fault.start)}
      <mark className={styles.fault}>{text.slice(fault.start, end) || ' '}</mark>
      {text.slice(end)}{' '}
    </>
  );
}
