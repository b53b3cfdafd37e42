/** The code of a refusal by quota or admission, from the server's words; undefined for any other text. */
export function refusalCode(text: string): 'E_QUOTA' | 'E_ADMISSION' | undefined {
  if (/exceeded quota|LimitRange|(maximum|minimum) \w+ usage per/.test(text)) return 'E_QUOTA';
  if (/admission webhook|calling webhook|ValidatingAdmissionPolicy|violates PodSecurity/.test(text))
    return 'E_ADMISSION';
  return undefined;
}

/** A denial that stands, other than a webhook that cannot be asked at the moment. */
export function isDenied(text: string): boolean {
  return refusalCode(text) === 'E_ADMISSION' && !text.includes('failed calling webhook');
}
