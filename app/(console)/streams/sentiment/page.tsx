import type { Metadata } from 'next';
import { SentimentPage } from '@/components/streams/sentiment-page';

export const metadata: Metadata = { title: 'Sentiment' };

export default function Sentiment() {
  return <SentimentPage />;
}
