// What `npm start` does first, alone: for an image that is built ahead of its first start.
import { assertNode, ensureDependencies } from './dependencies.mjs';

assertNode();
try {
  await ensureDependencies((line) => console.log(line));
} catch (error) {
  console.error(error.message);
  process.exit(1);
}
