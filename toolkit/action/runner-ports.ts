import { appendFile } from 'node:fs/promises';
import { randomUUID } from 'node:crypto';
import * as core from '@actions/core';
import { cutMarkdown } from '../summary/cut-markdown.ts';
import type { Log } from './log.ts';
import type { SummaryPort } from './outputs.ts';

/** Over 1 MiB the runner drops a summary whole; this leaves room for what other steps of the job add. */
const summaryBytes = 900_000;

/** Takes the secrets out of a text. */
type Hide = (text: string) => string;

export function runnerSummary(env: Readonly<Record<string, string | undefined>>, hide: Hide): SummaryPort {
  return {
    write: async (markdown) => {
      const path = env.GITHUB_STEP_SUMMARY;
      if (path !== undefined && path !== '')
        await appendFile(path, `${cutMarkdown(hide(markdown), summaryBytes)}\n`);
    },
  };
}

export function runnerLog(hide: Hide): Log {
  return {
    info: (message) => {
      core.info(defuse(hide(message)));
    },
    notice: (message) => {
      core.notice(hide(message));
    },
    warning: (message) => {
      core.warning(hide(message));
    },
    error: (message) => {
      core.error(hide(message));
    },
    debug: (message) => {
      core.debug(hide(message));
    },
    raw: (line) => {
      const token = randomUUID();
      process.stdout.write(`::stop-commands::${token}\n${hide(line)}\n::${token}::\n`);
    },
    group: (title, body) => core.group(hide(title).replaceAll('\n', ' '), body),
  };
}

/** A line that begins with `::` would be obeyed as a workflow command; a zero-width space in front makes it text. */
function defuse(message: string): string {
  return message.replaceAll(/^(\s*)(::|##\[)/gm, '$1\u200b$2');
}
