/** Snyk's service for code, as `@snyk/code-client` speaks to it: files by hash, then their content, then an analysis. */
export interface SnykCodeService {
  /** Undefined when the path is none of it. */
  answer(path: string, body: Buffer): unknown;
}

interface SentFile {
  readonly hash: string;
  readonly content: string;
}

/** One that finds `eval(`. */
export function snykCode(): SnykCodeService {
  let files: Record<string, SentFile> = {};
  return {
    answer: (path, body) => {
      switch (path) {
        case '/code/filters':
          return { extensions: ['.js'], configFiles: [] };
        case '/code/bundle': {
          // Hashes at first, contents the second time.
          const sent = decode(body) as Record<string, string | SentFile>;
          const withContent = Object.entries(sent).filter(([, file]) => typeof file !== 'string');
          files = Object.fromEntries(withContent) as typeof files;
          return { bundleHash: 'one', missingFiles: withContent.length > 0 ? [] : Object.keys(sent) };
        }
        case '/code/bundle/one':
          return { bundleHash: 'one', missingFiles: [] };
        case '/code/analysis': {
          const timing = { fetchingCode: 1, queue: 1, analysis: 1 };
          return { status: 'COMPLETE', type: 'sarif', timing, coverage: [], sarif: analyse(files) };
        }
        default:
          return undefined;
      }
    },
  };
}

/** The client packs its JSON twice: base64 in gzip, of which the latter is undone already. */
function decode(body: Buffer): unknown {
  return JSON.parse(Buffer.from(body.toString('ascii'), 'base64').toString('utf8'));
}

function analyse(files: Readonly<Record<string, SentFile>>): unknown {
  const id = 'javascript/CodeInjection';
  const results = Object.entries(files).flatMap(([path, { content }]) =>
    content.split('\n').flatMap((line, index) => {
      const at = line.indexOf('eval(');
      if (at < 0) return [];
      const region = { startLine: index + 1, endLine: index + 1, startColumn: at + 1, endColumn: at + 5 };
      const artifactLocation = { uri: path, uriBaseId: '%SRCROOT%' };
      return [
        {
          ruleId: id,
          ruleIndex: 0,
          level: 'error',
          message: { text: 'Unsanitized input flows into eval.' },
          locations: [{ physicalLocation: { artifactLocation, region } }],
          properties: { priorityScore: 800, isAutofixable: false },
        },
      ];
    }),
  );
  const rules = [
    {
      id,
      name: 'CodeInjection',
      shortDescription: { text: 'Code Injection' },
      help: {},
      properties: { categories: ['Security'] },
    },
  ];
  const driver = { name: 'SnykCode', semanticVersion: '1.0.0', version: '1.0.0', rules };
  return {
    $schema: 'https://raw.githubusercontent.com/oasis-tcs/sarif-spec/master/Schemata/sarif-schema-2.1.0.json',
    version: '2.1.0',
    runs: [{ tool: { driver }, results, properties: { coverage: [] } }],
  };
}
