import * as core from '@actions/core';
import type { AnnotationPort } from './annotations.ts';

/** Annotations as workflow commands; core escapes file names and messages. */
export const runnerAnnotations: AnnotationPort = {
  show({ level, title, message, path, startLine, endLine, startColumn, endColumn }) {
    const place = {
      title,
      file: path,
      startLine,
      endLine,
      ...(startColumn === undefined ? {} : { startColumn }),
      ...(endColumn === undefined ? {} : { endColumn }),
    };
    if (level === 'error') core.error(message, place);
    else if (level === 'warning') core.warning(message, place);
    else core.notice(message, place);
  },
};
