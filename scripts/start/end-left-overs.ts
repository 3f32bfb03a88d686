/** Run when the supervisor was killed: ends what it had started. */
import { loadGivenEnv } from '@/server/platform/env';
import { say } from './console-output';
import { DataFolder } from './data-folder';

const data = new DataFolder(loadGivenEnv().MILLRACE_DATA);
if (data.isFree()) {
  const ended = await data.register.endLeftOvers();
  if (ended.length > 0) say(`Stopped what it had started: ${ended.join(', ')}.`);
  data.release();
}
