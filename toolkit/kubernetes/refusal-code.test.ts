import { expect, it } from '@jest/globals';
import { isDenied, refusalCode } from './refusal-code.ts';

it.each([
  [
    'pods "a" is forbidden: exceeded quota: small, requested: pods=1, used: pods=1, limited: pods=1',
    'E_QUOTA',
    false,
  ],
  ['pods "a" is forbidden: maximum cpu usage per Container is 1, but limit is 2', 'E_QUOTA', false],
  ['pods "a" is forbidden: violates PodSecurity "restricted:latest": privileged', 'E_ADMISSION', true],
  ['admission webhook "x.example.com" denied the request: no', 'E_ADMISSION', true],
  [
    'Internal error occurred: failed calling webhook "x.example.com": connection refused',
    'E_ADMISSION',
    false,
  ],
  ["ValidatingAdmissionPolicy 'no-latest' with binding 'all' denied request: no", 'E_ADMISSION', true],
  ['deployments.apps "a" not found', undefined, false],
])('%s', (text, code, denied) => {
  expect(refusalCode(text)).toBe(code);
  expect(isDenied(text)).toBe(denied);
});
