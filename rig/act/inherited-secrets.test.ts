import { expect, it } from '@jest/globals';
import { parse } from 'yaml';
import { nameInherited } from './inherited-secrets.ts';

it('names what a call inherits: the secrets that the workflow was given', () => {
  const text = `on: { workflow_call: { secrets: { kubeconfig: {}, prometheus-token: {} } } }
jobs:
  all: { uses: a.yml, secrets: inherit }
  one: { uses: b.yml, secrets: { kubeconfig: x } }
  none: { steps: [] }
`;
  expect(parse(nameInherited(text))).toMatchObject({
    jobs: {
      all: {
        secrets: {
          kubeconfig: '${{ secrets.kubeconfig }}',
          'prometheus-token': '${{ secrets.prometheus-token }}',
        },
      },
      one: { secrets: { kubeconfig: 'x' } },
      none: { steps: [] },
    },
  });
});
