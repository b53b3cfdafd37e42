import { describe, expect, it } from '@jest/globals';
import { describeError } from './describe-error.ts';
import { ApiError, ToolError, UserError, errorCodes } from './errors.ts';

describe('describeError', () => {
  it('gives one cause and one next step for a mistake of the user, without a stack', () => {
    const { title, message } = describeError(new UserError('E_CONFIG', "input 'x' is wrong", 'correct it'));
    expect({ title, message }).toEqual({
      title: 'E_CONFIG',
      message: "E_CONFIG: input 'x' is wrong\nNext: correct it",
    });
  });

  it('shows the exit code and last lines of a tool, but its arguments only when debugging', () => {
    const error = new ToolError('E_RENDER', 'chart web does not render', {
      argv: ['helm', 'template', '--set', 'a=b'],
      exitCode: 1,
      stderrTail: 'parse error',
    });
    const { message, debug } = describeError(error);
    expect(message).toBe(
      `E_RENDER: chart web does not render (helm: exit code 1)\nparse error\nNext: ${errorCodes.E_RENDER}`,
    );
    expect(debug).toContain('helm template --set a=b');
  });

  it('names the status and request of a service', () => {
    const error = new ApiError('E_GITHUB', 'GitHub refused', { status: 403, requestId: 'AB:12' });
    expect(describeError(error).message).toContain('(status 403, request AB:12)');
    expect(describeError(new ApiError('E_PROMETHEUS', 'x', { status: 0 })).message).toContain('(no answer)');
  });

  it.each([new TypeError('boom'), 'boom'])('calls anything else a bug', (thrown) => {
    expect(describeError(thrown)).toMatchObject({
      title: 'E_BUG',
      message: expect.stringContaining('boom'),
    });
  });
});
