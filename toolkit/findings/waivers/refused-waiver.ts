import { UserError } from '../../action/errors.ts';

/** E_CONFIG: an entry that cannot be understood is never left out silently, for it may be what hides a finding. */
export function refusedWaiver(where: string, problem: string): UserError {
  return new UserError('E_CONFIG', `${where} ${problem}`, 'correct the file of waivers');
}
