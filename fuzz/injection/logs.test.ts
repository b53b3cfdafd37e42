import { afterEach, describe, expect, it, jest } from '@jest/globals';
import fc from 'fast-check';
import { parseCommands } from '../../e2e/support/command-files.ts';
import { runnerLog } from '../../toolkit/action/runner-ports.ts';
import { hostileTexts } from './hostile-texts.ts';

/** What the runner would obey of what the log printed, besides the commands that the log means itself. */
function obeyed(print: (log: ReturnType<typeof runnerLog>) => void): string[] {
  const written: string[] = [];
  const write = jest.spyOn(process.stdout, 'write').mockImplementation((chunk) => {
    written.push(String(chunk));
    return true;
  });
  print(runnerLog((text) => text));
  write.mockRestore();
  return parseCommands(written.join('')).map(({ name }) => name);
}

afterEach(() => {
  jest.restoreAllMocks();
});

describe.each(Object.entries(hostileTexts))('a text of the kind %s in the log', (_kind, texts) => {
  it.each(texts)('%j is obeyed by nobody', (text) => {
    expect(
      obeyed((log) => {
        log.info(`pod said ${text}`);
      }),
    ).toEqual([]);
    expect(
      obeyed((log) => {
        log.info(text);
      }),
    ).toEqual([]);
    expect(
      obeyed((log) => {
        log.raw(text);
      }),
    ).toEqual([]);
    expect(
      obeyed((log) => {
        log.warning(text);
      }),
    ).toEqual(['warning']);
    expect(
      obeyed((log) => {
        log.error(text);
      }),
    ).toEqual(['error']);
  });
});

describe('the log', () => {
  it('keeps its voice after a hostile line', () => {
    const names = obeyed((log) => {
      log.info('::stop-commands::pause');
      log.warning('still read');
    });
    expect(names).toEqual(['warning']);
  });

  it('obeys no mix of markers, blanks, line ends and names', () => {
    const part = fc.constantFrom(
      ...['::', '##[', ']', ' ', '\t', '\u0085', '\u3000', '\ufeff', '\u200b', '\r', '\n', ':', '#', '['],
      ...['error', 'set-output', 'stop-commands', 'SAVE-STATE', 'name=a', 'x'],
    );
    fc.assert(
      fc.property(fc.array(part, { maxLength: 12 }), (parts) => {
        expect(
          obeyed((log) => {
            log.info(parts.join(''));
          }),
        ).toEqual([]);
      }),
      { numRuns: 2_000 },
    );
  });
});
