/** Who may import whom. Every rule is an error. */
const GROUND = 'identity|privacy|observability|event-log';
const OTHERS = 'ingestion|features|decisions|engagement|live|history|use-cases|alerts|incidents|scaling';
const MODULES = `${GROUND}|${OTHERS}|processors`;
/**
 * Definitions without I/O that screens, processors and other modules share: the vocabulary of records, of the policy,
 * of metrics, of lag, of a DPIA's standing. And the audit, which every module that changes something writes to.
 */
const SHARED =
  '^server/(event-log/records|identity/policy|observability/metric-catalogue|observability/lag-reading|privacy/dpia-standing)\\.ts$';
const AUDIT = '^server/privacy/audit\\.service\\.ts$';
/** Tests may put together what they test. */
const TESTS = '(\\.test\\.tsx?$|-fixture\\.ts$|/testing/)';

const forbid = (name, comment, from, to) => ({
  name,
  comment,
  severity: 'error',
  from: { pathNot: TESTS, ...from },
  to,
});

module.exports = {
  forbidden: [
    {
      name: 'no-cycles',
      severity: 'error',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    forbid(
      'core-alone',
      'Core imports nothing of ours.',
      { path: '^server/core/' },
      { path: '^(app|components|server|workers|prisma|scripts)/', pathNot: '^server/core/' },
    ),
    forbid(
      'streaming-pure',
      'Streaming imports core only.',
      { path: '^server/streaming/' },
      { path: '^(app|components|server|workers|prisma|scripts)/', pathNot: '^server/(core|streaming)/' },
    ),
    forbid(
      'pure-without-io',
      'No I/O in pure folders.',
      { path: '^server/(core|streaming)/' },
      { dependencyTypes: ['core'], pathNot: '^(node:)?crypto$' },
    ),
    forbid(
      'platform-low',
      'Platform imports core only.',
      { path: '^server/platform/' },
      { path: '^(app|components|server|workers|scripts)/', pathNot: '^server/(core|platform)/' },
    ),
    forbid(
      'ground-low',
      'Ground modules stand on core, platform and each other.',
      { path: `^server/(${GROUND})/`, pathNot: `(\\.router\\.ts$|\\.route\\.ts$|${TESTS})` },
      {
        path: '^(app|components|server|workers|scripts)/',
        pathNot: `^server/(core|platform|${GROUND})/`,
        dependencyTypesNot: ['type-only'],
      },
    ),
    forbid(
      'processors-narrow',
      'Processors know core, streaming and the types of records and definitions.',
      { path: '^server/processors/' },
      {
        path: '^(app|components|server|workers|scripts)/',
        pathNot: `^server/(core|streaming|processors)/|${SHARED}`,
        dependencyTypesNot: ['type-only'],
      },
    ),
    forbid(
      'platform-by-role',
      'Other modules reach platform from repositories, connectors and jobs only.',
      { path: `^server/(${OTHERS})/`, pathNot: `(\\.(repository|connector|job)\\.ts$|${TESTS})` },
      { path: '^server/platform/', dependencyTypesNot: ['type-only'] },
    ),
    forbid(
      'one-door',
      'Another module is entered by its index (or by the schemas and routers meant for others).',
      { path: `^server/(${MODULES})/` },
      {
        path: `^server/(${MODULES})/`,
        pathNot: [
          '^server/$1/',
          '/index\\.ts$',
          '\\.schema\\.ts$',
          '^server/identity/(trpc|rest)\\.ts$',
          SHARED,
          AUDIT,
        ],
        dependencyTypesNot: ['type-only'],
      },
    ),
    forbid(
      'prisma-in-repositories',
      'The database client is used in repositories only.',
      {
        path: '^(app|components|server|workers)/',
        pathNot: `(\\.repository\\.ts$|^server/platform/|${TESTS})`,
      },
      { path: '^(prisma/client|node_modules/@prisma/client)', dependencyTypesNot: ['type-only'] },
    ),
    forbid(
      'kafka-on-demand',
      'The library of Kafka is read when a log on Kafka is opened: at the head of a file it would cost every process a second.',
      { path: '^(app|components|server|workers)/' },
      { path: '^node_modules/@platformatic/kafka', dependencyTypesNot: ['type-only'] },
    ),
    forbid(
      'api-thin',
      'The API mounts routers.',
      { path: '^server/api/' },
      {
        path: '^(app|components|server|workers|scripts)/',
        pathNot: '^server/(api|identity|core|platform)/|\\.router\\.ts$',
      },
    ),
    forbid(
      'app-thin',
      'Routes put together, and nothing else.',
      { path: '^app/' },
      {
        path: '^(server|workers|scripts)/',
        pathNot: '^server/api/|\\.(route|schema)\\.ts$',
        dependencyTypesNot: ['type-only'],
      },
    ),
    forbid(
      'components-client',
      'Components know components and schemas.',
      { path: '^components/' },
      {
        path: '^(app|server|workers|scripts)/',
        pathNot: `\\.schema\\.ts$|${SHARED}`,
        dependencyTypesNot: ['type-only'],
      },
    ),
    forbid(
      'workers-no-routes',
      'Workers mount no routers or routes.',
      { path: '^workers/' },
      { path: '(\\.router\\.ts$|\\.route\\.ts$|^app/|^components/)' },
    ),
    forbid('app-without-workers', 'App and workers never meet.', { path: '^app/' }, { path: '^workers/' }),
    forbid(
      'no-scripts-in-product',
      'Nothing that ships imports a script.',
      { path: '^(app|components|server|workers)/' },
      { path: '^scripts/' },
    ),
    forbid(
      'no-tests-in-product',
      'Nothing that ships imports a test or its set-up.',
      { path: '^(app|components|server|workers|scripts)/', pathNot: TESTS },
      { path: TESTS },
    ),
    {
      name: 'no-unresolvable',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true, pathNot: '^(schema_engine|\\./schema_engine)' },
    },
    {
      name: 'no-vague-names',
      comment: 'A file is named after what it is.',
      severity: 'error',
      from: {},
      to: {
        path: '/(utils|helpers|common|misc|types)(/|\\.tsx?$)',
        pathNot: 'node_modules|prisma/client',
      },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '(^\\.next/|^prisma/client/(?!client\\.ts))' },
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: 'specify',
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'require', 'node', 'default', 'types'],
    },
  },
};
