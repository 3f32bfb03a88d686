import { describe, expect, it } from 'vitest';
import { TranscriptShapeError, transcriptCalls } from '.';

const facts = { userId: 'u', contactId: 'c', startedAt: 1_000 };

function turns(shape: Parameters<typeof transcriptCalls>[0], document: unknown) {
  const text = typeof document === 'string' ? document : JSON.stringify(document);
  return transcriptCalls(shape, text, facts).map((call) => (call as { properties: object }).properties);
}

describe('transcripts', () => {
  it('contact lens: partial utterances, final turns', () => {
    const document = {
      ContactId: 'theirs',
      Segments: [
        {
          Utterance: {
            Id: 'u1',
            TranscriptId: 't1',
            ParticipantRole: 'CUSTOMER',
            PartialContent: 'My par',
            BeginOffsetMillis: 10,
            EndOffsetMillis: 20,
          },
        },
        {
          Transcript: {
            Id: 't1',
            ParticipantRole: 'CUSTOMER',
            Content: 'My parcel',
            BeginOffsetMillis: 10,
            EndOffsetMillis: 30,
          },
        },
        { Categories: { MatchedCategories: [] } },
      ],
    };
    expect(turns('contact-lens', document)).toEqual([
      {
        contactId: 'c',
        turnId: 't1',
        participant: 'customer',
        text: 'My par',
        beginMs: 10,
        endMs: 20,
        isFinal: false,
      },
      {
        contactId: 'c',
        turnId: 't1',
        participant: 'customer',
        text: 'My parcel',
        beginMs: 10,
        endMs: 30,
        isFinal: true,
      },
    ]);
  });

  it('transcribe: streaming results and words of a finished job', () => {
    const live = {
      Transcript: {
        Results: [
          {
            ResultId: 'r1',
            StartTime: 1.5,
            EndTime: 2.25,
            IsPartial: false,
            ChannelId: 'ch_1',
            Alternatives: [{ Transcript: 'Hello.' }],
          },
        ],
      },
    };
    expect(turns('transcribe', live)).toMatchObject([
      { turnId: 'r1', participant: 'customer', beginMs: 1_500, endMs: 2_250 },
    ]);
    const word = (speaker: string, content: string, at: number) => ({
      type: 'pronunciation',
      speaker_label: speaker,
      start_time: String(at),
      end_time: String(at + 0.5),
      alternatives: [{ content }],
    });
    const done = {
      results: {
        items: [
          word('spk_0', 'Good', 0),
          word('spk_0', 'day', 1),
          { type: 'punctuation', alternatives: [{ content: '.' }] },
          word('spk_1', 'Hi', 2),
        ],
      },
    };
    expect(turns('transcribe', done)).toMatchObject([
      { participant: 'agent', text: 'Good day.', beginMs: 0, endMs: 1_500 },
      { participant: 'customer', text: 'Hi', beginMs: 2_000 },
    ]);
  });

  it('contact lens: messages of a chat, each at its time of day', () => {
    const message = (Id: string, ParticipantRole: string, AbsoluteTime: string) => ({
      Transcript: { Id, ParticipantRole, Content: 'Hello', Time: { AbsoluteTime } },
    });
    const chat = {
      Segments: [
        message('b', 'CUSTOMER', '2026-01-02T03:04:05.500Z'),
        message('a', 'AGENT', '2026-01-02T03:04:09Z'),
      ],
    };
    expect(turns('contact-lens', chat)).toMatchObject([
      { turnId: 'b', participant: 'customer', beginMs: 0, endMs: 0 },
      { turnId: 'a', participant: 'agent', beginMs: 3_500, endMs: 3_500 },
    ]);
  });

  it('transcribe: the file of finished call analytics', () => {
    const turn = {
      ParticipantRole: 'AGENT',
      Content: 'Hi',
      BeginOffsetMillis: 10,
      EndOffsetMillis: 90,
      Id: 't',
    };
    const calls = transcriptCalls('transcribe', JSON.stringify({ JobName: 'job-7', Transcript: [turn] }), {
      userId: 'u',
      startedAt: 0,
    });
    const properties = { contactId: 'job-7', turnId: 't', participant: 'agent', beginMs: 10, endMs: 90 };
    expect(calls).toMatchObject([{ properties }]);
  });

  it('deepgram: streaming and utterances', () => {
    const live = {
      channel_index: [1, 2],
      start: 2,
      duration: 1.5,
      is_final: false,
      channel: { alternatives: [{ transcript: 'Yes' }] },
    };
    expect(turns('deepgram', live)).toMatchObject([
      { participant: 'customer', beginMs: 2_000, endMs: 3_500, isFinal: false },
    ]);
    const done = {
      results: { utterances: [{ id: 'a', speaker: 0, start: 0, end: 1, transcript: 'Hello' }] },
    };
    expect(turns('deepgram', done)).toMatchObject([{ turnId: 'a', participant: 'agent', text: 'Hello' }]);
  });

  it('webvtt: voices, cue names and entities', () => {
    const text =
      'WEBVTT\n\nNOTE of ours\n\nfirst\n00:01.000 --> 00:02.500 align:start\n<v Agent>Tea &amp; <b>coffee</b>?\n\n00:00:03.000 --> 00:00:04.000\nCustomer: Tea.\n';
    expect(turns('webvtt', text)).toMatchObject([
      { turnId: 'first', participant: 'agent', text: 'Tea & coffee?', beginMs: 1_000, endMs: 2_500 },
      { turnId: 'cue-2', participant: 'customer', text: 'Tea.', beginMs: 3_000 },
    ]);
  });

  it('gives a turn the same id whenever it is sent, and its end as its time', () => {
    const text = 'WEBVTT\n\n00:01.000 --> 00:02.500\n<v Agent>Hi\n';
    const [call] = transcriptCalls('webvtt', text, facts);
    expect(call).toMatchObject({
      messageId: 'c:cue-1:final',
      userId: 'u',
      timestamp: 3_500,
      event: 'Transcript Segment',
    });
  });

  it.each([
    ['contact-lens', '{}'],
    ['transcribe', '{"results":7}'],
    ['deepgram', '[]'],
    ['webvtt', 'hello'],
    ['webvtt', 'WEBVTT\n\nsoon --> later\nx'],
    ['deepgram', '{"channel":{"alternatives":[]}}'],
  ] as const)('%s refuses another shape: %s', (shape, text) => {
    expect(() => transcriptCalls(shape, text, facts)).toThrow(TranscriptShapeError);
  });
});
