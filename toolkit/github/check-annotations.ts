import type { CheckAnnotation } from './github-port.ts';

/** An annotation as the Checks API takes it. */
export interface ApiAnnotation {
  path: string;
  start_line: number;
  end_line: number;
  start_column?: number;
  end_column?: number;
  annotation_level: 'notice' | 'warning' | 'failure';
  message: string;
  title?: string;
  raw_details?: string;
}

/** Characters; GitHub's limit is 64 KB of each text and 255 of the title. */
const textLength = 16_000;
const titleLength = 255;

export function toApiAnnotation(annotation: CheckAnnotation): ApiAnnotation {
  const { startLine, endLine, startColumn, endColumn, title, details } = annotation;
  const columns = startLine === endLine && startColumn !== undefined;
  return {
    path: annotation.path,
    start_line: startLine,
    end_line: endLine,
    ...(columns ? { start_column: startColumn, end_column: endColumn ?? startColumn } : {}),
    annotation_level: annotation.level,
    message: annotation.message.slice(0, textLength),
    ...(title === undefined ? {} : { title: title.slice(0, titleLength) }),
    ...(details === undefined ? {} : { raw_details: details.slice(0, textLength) }),
  };
}
