declare module 'wink-sentiment' {
  interface Token {
    value: string;
    tag: string;
    score?: number;
    negation?: boolean;
    grouped?: number;
  }
  interface Result {
    score: number;
    normalizedScore: number;
    tokenizedPhrase?: Token[];
  }
  export default function analyse(phrase: string): Result;
}
