// Vitest gives a file's text where its address ends in "?raw".

declare module "*?raw" {
  const text: string;
  export default text;
}
