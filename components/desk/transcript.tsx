'use client';
import { formatTime } from '@/components/ui/format';
import { Sparkline } from '@/components/ui/sparkline';
import type { CardTurn, ContactCard } from '@/server/features/card-view.schema';
import styles from './transcript.module.css';
import { TriggerWords } from './trigger-words';

/** A word for a sentiment of −1…1: the tint is never alone. */
/** A score with its sign, the minus of print; what rounds to nothing has none. */
function scoreWords(score: number): string {
  const size = Math.abs(score).toFixed(2);
  if (Number(size) === 0) return size;
  return `${score < 0 ? '−' : '+'}${size}`;
}

export function moodWord(score: number): string {
  if (score <= -0.5) return 'very negative';
  if (score <= -0.15) return 'negative';
  if (score < 0.15) return 'neutral';
  return score < 0.5 ? 'positive' : 'very positive';
}

function moodTone(score: number | null): string {
  if (score === null) return 'none';
  if (score <= -0.15) return 'bad';
  return score < 0.15 ? 'even' : 'good';
}

/** A call or chat as it is spoken: newest at the bottom, each of the customer's turns tinted by its sentiment. */
export function Transcript({ contact }: { contact: ContactCard }) {
  return (
    <ol className={styles.turns} aria-label={contact.channel === 'call' ? 'Transcript of the call' : 'Chat'}>
      {contact.turns.map((turn) => (
        <Turn key={turn.turnId} turn={turn} />
      ))}
    </ol>
  );
}

/** The course of a contact's sentiment, above its transcript. */
export function SentimentStrip({ contact }: { contact: ContactCard }) {
  const points = contact.turns.flatMap(({ at, score }) =>
    score === undefined ? [] : [{ at, value: score }],
  );
  return (
    <div className={styles.strip}>
      <span className={styles.mood} data-tone={moodTone(contact.sentiment)}>
        {contact.sentiment === null ? (
          <span title="The customer has said nothing yet">–</span>
        ) : (
          <>
            {scoreWords(contact.sentiment)}{' '}
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
  );
}

function Turn({ turn }: { turn: CardTurn }) {
  return (
    <li className={styles.turn} data-who={turn.participant} data-tone={moodTone(turn.score ?? null)}>
      <span className={styles.meta}>
        {turn.participant === 'customer' ? 'Customer' : 'Agent'}
        <time dateTime={new Date(turn.at).toISOString()} suppressHydrationWarning>
          {formatTime(turn.at)}
        </time>
        {turn.score !== undefined && (
          <span className={styles.score}>
            {scoreWords(turn.score)} {moodWord(turn.score)}
          </span>
        )}
      </span>
      <span className={styles.text}>
        <TriggerWords text={turn.text} words={turn.triggerWords ?? []} />
      </span>
    </li>
  );
}
