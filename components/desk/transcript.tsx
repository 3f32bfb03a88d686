'use client';
import type { ReactNode } from 'react';
import { formatChange, formatTime } from '@/components/ui/format';
import { Sparkline } from '@/components/ui/sparkline';
import type { CardTurn, ContactCard } from '@/server/features/card-view.schema';
import type { TurnContest } from '@/server/features/label-contest.schema';
import { labelOf } from '@/server/processors/sentiment-label.schema';
import styles from './transcript.module.css';
import { TriggerWords } from './trigger-words';
import { TurnContests } from './turn-contests';

/** From here on a mood is called very good or very bad. */
const VERY = 0.5;
const TONES = { negative: 'bad', neutral: 'even', positive: 'good' } as const;

/** A word for a sentiment of −1…1: the tint is never alone. */
export function moodWord(score: number): string {
  const isVery = score <= -VERY || score >= VERY;
  return isVery ? `very ${labelOf(score)}` : labelOf(score);
}

function moodTone(score: number | null): string {
  return score === null ? 'none' : TONES[labelOf(score)];
}

interface TranscriptProps {
  customer: string;
  contact: ContactCard;
  /** null: they cannot be read just now */
  contests: readonly TurnContest[] | null;
}

/** A call or chat as it is spoken: newest at the bottom, each of the customer's turns tinted by its sentiment. */
export function Transcript({ customer, contact, contests }: TranscriptProps) {
  return (
    <ol className={styles.turns} aria-label={contact.channel === 'call' ? 'Transcript of the call' : 'Chat'}>
      {contact.turns.map((turn) => (
        <Turn key={turn.turnId} turn={turn}>
          {turn.score !== undefined && contests !== null && (
            <TurnContests
              customer={customer}
              contactId={contact.id}
              turn={turn}
              contests={contests.filter((contest) => isOnTurn(contest, contact, turn))}
            />
          )}
        </Turn>
      ))}
    </ol>
  );
}

function isOnTurn(contest: TurnContest, contact: ContactCard, turn: CardTurn): boolean {
  return contest.contactId === contact.id && contest.turnId === turn.turnId && contest.turnAt === turn.at;
}

/** What the contests of a contact mean for the figure above its transcript; nothing without any. */
function ContestNote({ contact, contests }: Omit<TranscriptProps, 'customer'>) {
  if (contests === null) {
    return <p className={styles.note}>What agents contest cannot be read just now.</p>;
  }
  const contested = contact.turns.filter((turn) => contests.some((each) => isOnTurn(each, contact, turn)));
  if (contested.length === 0) return null;
  return (
    <p className={styles.note}>
      {contested.length} {contested.length === 1 ? 'turn' : 'turns'} contested. The sentiment is the model’s:
      it stays as computed.
    </p>
  );
}

/** The course of a contact's sentiment, above its transcript. */
export function SentimentStrip({ contact, contests }: Omit<TranscriptProps, 'customer'>) {
  const points = contact.turns.flatMap(({ at, score }) =>
    score === undefined ? [] : [{ at, value: score }],
  );
  return (
    <>
      <div className={styles.strip}>
        <span className={styles.mood} data-tone={moodTone(contact.sentiment)}>
          {contact.sentiment === null ? (
            <span title="The customer has said nothing yet">–</span>
          ) : (
            <>
              {formatChange(contact.sentiment, 2)}{' '}
              <span className={styles.moodWord}>{moodWord(contact.sentiment)}</span>
            </>
          )}
        </span>
        <Sparkline
          points={points}
          band={{ low: -1, high: 1 }}
          width={220}
          height={32}
          label="Sentiment by turn, from −1 to 1"
        />
        <span className={styles.scale}>
          {points.length} {points.length === 1 ? 'turn' : 'turns'} · −1…1
        </span>
      </div>
      <ContestNote contact={contact} contests={contests} />
    </>
  );
}

function Turn({ turn, children }: { turn: CardTurn; children: ReactNode }) {
  return (
    <li className={styles.turn} data-who={turn.participant} data-tone={moodTone(turn.score ?? null)}>
      <span className={styles.meta}>
        {turn.participant === 'customer' ? 'Customer' : 'Agent'}
        <time dateTime={new Date(turn.at).toISOString()} suppressHydrationWarning>
          {formatTime(turn.at)}
        </time>
        {turn.score !== undefined && (
          <span className={styles.score} title="Score of −1…1, and how sure the model is">
            {formatChange(turn.score, 2)} {moodWord(turn.score)}
            {turn.confidence !== undefined && ` · ${Math.round(turn.confidence * 100)}% sure`}
          </span>
        )}
      </span>
      <span className={styles.text}>
        <TriggerWords text={turn.text} words={turn.triggerWords ?? []} />
      </span>
      {children}
    </li>
  );
}
