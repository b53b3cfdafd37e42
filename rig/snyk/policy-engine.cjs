#!/usr/bin/env node
/**
 * Stands in for `snyk-iac-test`, the program that the CLI downloads and has look at infrastructure: the same options and
 * the same shape of output. It finds public buckets of Terraform, unless the policy ignores the rule.
 */
const { readFileSync, readdirSync, statSync, writeFileSync } = require('node:fs');
const { join, relative } = require('node:path');
const { argv, cwd } = require('node:process');

const words = argv.slice(2);
const options = {};
while (words[0]?.startsWith('-')) options[words.shift()] = words.shift();

const rule = {
  id: 'SNYK-CC-TF-18',
  title: 'S3 bucket is publicly readable',
  description: 'Anyone on the internet can read the content',
  references: 'https://docs.example.com/s3',
  documentation: 'https://security.snyk.io/rules/cloud/SNYK-CC-TF-18',
  labels: [],
};
const isIgnored = readFileSync(options['-policy'], 'utf8').includes(`${rule.id}:`);

const files = words.flatMap((path) =>
  statSync(path).isDirectory()
    ? readdirSync(path, { recursive: true }).map((name) => join(path, name))
    : [path],
);
const resources = [];
const vulnerabilities = [];
for (const path of files.filter((name) => name.endsWith('.tf'))) {
  const file = relative(cwd(), path);
  const lines = readFileSync(path, 'utf8').split('\n');
  const at = lines.findIndex((line) => line.includes('public-read'));
  const resource = {
    id: 'aws_s3_bucket.b',
    type: 'aws_s3_bucket',
    kind: 'terraformconfig',
    formattedPath: 'resource.aws_s3_bucket[b].acl',
    path: ['resource', 'aws_s3_bucket', 'b', 'acl'],
    file,
    line: at + 1,
    column: 1,
  };
  resources.push(resource);
  if (at >= 0 && !isIgnored) {
    vulnerabilities.push({
      rule,
      resource,
      severity: 'high',
      ignored: false,
      remediation: 'Set `acl` to private',
      message: '',
    });
  }
}
const ignoreSettings = { adminOnly: false, reasonRequired: false, disregardFilesystemIgnores: false };
writeFileSync(
  options['-output'],
  JSON.stringify({
    results: { resources, vulnerabilities, metadata: { ignoredCount: 0 }, scanAnalytics: {} },
    settings: { org: 'example', ignoreSettings },
    errors: [],
  }),
);
