/** The build that octokit's plugin uses has no types of its own; it is the same class. */
declare module 'bottleneck/light.js' {
  export { default } from 'bottleneck';
}
