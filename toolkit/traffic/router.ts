/** Splits the traffic between stable and canary. Percent are of all requests, 0 … 100. */
export interface TrafficRouter {
  /** What is being set, for people: `virtualservice shop/shop`. */
  readonly name: string;
  /** The canary's configured share in percent. */
  readonly read: () => Promise<number>;
  /** Sets the canary's share and gives what is configured afterwards, read back from the server. */
  readonly set: (percent: number) => Promise<number>;
}
