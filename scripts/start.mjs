// `npm start`: runs on Node 20 or newer before anything is installed. Nothing newer than dynamic import stands here,
// so that an older Node, too, comes as far as saying that it is too old.
const major = Number(process.versions.node.split('.')[0]);
if (major < 20) {
  console.error(`Millrace needs Node 20 or newer to install itself; this is ${process.versions.node}.`);
  process.exit(1);
}
import('./start/hand-over.mjs').then(({ handOver, runOnNode24 }) =>
  handOver('scripts/start/main.ts', async (signal) => {
    console.error(`Millrace was ended from outside (${signal}).`);
    await runOnNode24('scripts/start/end-left-overs.ts');
  }),
);
