import { expect, it } from '@jest/globals';
import { parseTrivyReport } from './trivy-report.ts';

it('reads packages whose lines Trivy does not know, as of a lockfile all on one line', () => {
  const result = { Target: 'package-lock.json', Packages: [{ ID: 'lodash@4.17.20', Locations: [{}] }] };
  const report = { SchemaVersion: 2, ArtifactName: '.', Results: [result] };
  expect(parseTrivyReport(JSON.stringify(report))?.Results?.[0]?.Packages).toEqual([
    { ID: 'lodash@4.17.20', Locations: [{ StartLine: 1, EndLine: 1 }] },
  ]);
});
