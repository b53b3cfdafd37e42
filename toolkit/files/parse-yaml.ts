import { parse } from 'yaml';

/** Text that is no YAML, or YAML with keys that are not text or aliases without an anchor. One line says what. */
export class YamlError extends Error {
  override readonly name = 'YamlError';
}

/** The value of a document that somebody else wrote. Throws `YamlError`. */
export function parseYaml(text: string): unknown {
  try {
    // Keys that are collections inside each other take the parser hours; warnings would go to the log by themselves.
    return parse(text, { stringKeys: true, logLevel: 'error' });
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    throw new YamlError(message.split('\n')[0] ?? '', { cause: error });
  }
}
