/** `linux-x64`, `linux-arm64` …: the keys of tools.lock. */
export const platform = `${process.platform}-${process.arch}`;
