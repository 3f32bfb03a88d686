import type { HelpTopic } from '@/components/ui/page';

export const REPORT_HELP: readonly HelpTopic[] = [
  {
    title: 'What it holds',
    text: 'All linked keys of the person: live profile, events, what was counted from them, decisions with their reasons, waits for an agent with who took them and what was raised, consent and requests, purposes with their assessments, retention, sources, and who looked. Only the newest are listed one by one; what is left out stands on top.',
  },
  {
    title: 'Two readings',
    text: 'GDPR begins with the processing (article 15) and ends with the data itself (articles 15 (3) and 20). CCPA begins with what is sold or shared and the categories collected. Both show the same report.',
  },
  {
    title: 'Handing it over',
    text: 'JSON is for programs, of whoever the person takes it to. Print makes a paper or a PDF of the reading that is shown. Check first who is asking.',
  },
  {
    title: 'On record',
    text: 'Making a report shows names and texts in clear, so it is audited with its reason before anything is read. It stands among the looks of the next report, and in this one.',
  },
  {
    title: 'Who looked',
    text: 'A look at a card is noted once per person, customer and ten minutes, a reveal each time. Lists that show several customers at once are noted as lists, not under each customer. The role is the one the person has now.',
  },
];
