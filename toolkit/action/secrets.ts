/** The secrets of this run, and text without them. */
export interface Secrets {
  /** Remembers a secret; fewer than three characters would take apart whatever is said. */
  readonly add: (secret: string) => void;
  /** `text` with `***` for each secret, also where it stands inside a JSON string. */
  readonly hide: (text: string) => string;
}

/**
 * The runner masks logs and summaries, but not what a server's answer carries into a file or a report of ours, and
 * other runners mask less: what an action says is cleaned before it leaves.
 */
export function createSecrets(): Secrets {
  const known = new Set<string>();
  return {
    add: (secret) => {
      if (secret.length < 3) return;
      known.add(secret);
      known.add(JSON.stringify(secret).slice(1, -1));
    },
    hide: (text) =>
      [...known]
        .sort((a, b) => b.length - a.length)
        .reduce((rest, secret) => rest.replaceAll(secret, '***'), text),
  };
}
