import { Card } from './card';

/** A one-time link that does not work any more. */
export function LinkGone({ next }: { next: string }) {
  return (
    <Card
      title="This link no longer works"
      about="It was used already, was replaced by a newer one, or is too old."
    >
      <p>{next}</p>
      <a href="/sign-in">Go to the sign-in</a>
    </Card>
  );
}
