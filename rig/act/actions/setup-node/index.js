import { appendFileSync } from 'node:fs';

appendFileSync(process.env.GITHUB_OUTPUT, `node-version=${process.version}\n`);
console.log(
  `using Node ${process.version} of PATH (asked for: ${process.env['INPUT_NODE-VERSION'] || 'any'})`,
);
