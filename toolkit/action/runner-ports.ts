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
      process.stdout.write(asText(hide(message)));
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
      process.stdout.write(fenced(hide(line)));
    },
    group: (title, body) => core.group(hide(title).replaceAll('\n', ' '), body),
  };
}

/** `message` as the job log takes it: a text that the runner could obey is fenced, any other is left readable. */
function asText(message: string): string {
  return mayBeCommand(message) ? fenced(message) : `${message}\n`;
}

/**
 * The runner obeys `::` at the start of a line and `##[` anywhere in it, skips what .NET calls white space, and compares
 * by culture, which ignores invisible characters: only visible ASCII is weighed here, so more is fenced than need be.
 */
function mayBeCommand(message: string): boolean {
  return message.split(/[\r\n]/).some((line) => {
    const visible = line.replaceAll(/[^!-~]/g, '');
    return visible.startsWith('::') || visible.includes('##[');
  });
}

/** Between a `stop-commands` and its random token the runner obeys nothing, however it is written. */
function fenced(text: string): string {
  const token = randomUUID();
  return `::stop-commands::${token}\n${text}\n::${token}::\n`;
}
